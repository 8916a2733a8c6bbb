// The two files that travel when segments are sealed anew on the custodians' station
// (docs/formats/reseal.md): out goes what is to be read, a dead segment's journal batches or a closed one's
// leaves and blocks; back come new segments. Every byte of records in them is sealed. Shapes only: what the
// parts must agree with is checked by who opens them. Pure; thread-safe.
#pragma once

#include "seal/whole_rows.h"

namespace probatio::seal {

inline constexpr std::size_t kResealFileBytesMax = 1'900'000'000;  // either way
inline constexpr std::size_t kResealSourcesMax = 96;               // a day of quarter hours
inline constexpr std::size_t kResealedSegmentsMax = 256;  // sources, and windows that sessions lasted through
inline constexpr std::size_t kResealSignaturesMax = 16;

// What goes out. Views into the file.
struct ResealFile {
  std::string_view request;  // the custodians' request with its ledger entry (custody/reseal.h)
  std::vector<std::vector<Bytes>> sources;  // of each: its batches; or its pages of leaves, then its blocks
};
// kInvalid over kResealFileBytesMax or kResealSourcesMax.
Result<Buffer> ResealFileBytes(std::string_view request, const std::vector<std::vector<Buffer>>& sources);
// kInvalid "cut short or altered on the way" before anything else.
Result<ResealFile> ParseResealFile(Bytes bytes);

// The parts of a closed segment in such a file, and back.
std::vector<Buffer> PartsOf(const SealedSegment& sealed);
Result<SealedSegment> SealedFrom(std::span<const Bytes> parts, std::uint64_t leaf_count);

// What comes back.
struct ResealedSegment {
  SegmentId id;
  Buffer wrapped;  // the new key, wrapped to the custodians
  std::uint64_t rows = 0;
  std::uint64_t loose = 0;
  std::optional<PublicRange> public_range;
  SealedSegment sealed;
};
// By one custodian, over SignedText of the body.
struct ResealSignature {
  Buffer certificate;  // DER
  Buffer signature;
};
struct Resealed {
  crypto::Digest request{};  // SHA-256 of the request's own text
  std::uint64_t rows_read = 0;
  std::vector<ResealedSegment> segments;  // none when the station was only to verify
  std::vector<ResealSignature> signatures;
  crypto::Digest body{};  // of what the signatures cover; filled by ParseResealed
};
// What custodians sign. CHECKs that ids are short; kInvalid over a limit.
Result<Buffer> ResealedBody(const Resealed& resealed);
Buffer SignedText(const crypto::Digest& body);
Result<Buffer> ResealedBytes(Bytes body, std::span<const ResealSignature> signatures);
// kInvalid "cut short or altered on the way" before anything else. Nothing is verified but the shape.
Result<Resealed> ParseResealed(Bytes bytes);

}  // namespace probatio::seal
