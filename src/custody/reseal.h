// Sealing segments anew on the custodians' station (docs/formats/reseal.md): a dead run's journal is rebuilt
// into blocks, small segments of one window are merged, closed ones are verified down to their commitments.
// Nothing is shown to a person and no key leaves the station; what comes back is sealed under a new key to
// custodians of the old one. Values; thread-safe.
#pragma once

#include "custody/station.h"
#include "seal/directory.h"
#include "seal/reseal_file.h"

namespace probatio::custody {

inline constexpr std::size_t kResealBytesMax = 32U << 20;  // the request alone, without what it reads
inline constexpr std::size_t kSentResealBytesMax = 3 * kResealBytesMax;

enum class ResealKind : std::uint8_t { kRebuild, kMerge, kVerify };
std::string_view ToText(ResealKind kind);  // "rebuild", "merge", "verify"
Result<ResealKind> ParseResealKind(std::string_view text);

struct ResealSource {
  SegmentId segment;
  Buffer wrapped;             // its window key, without its outer layer
  ledger::EntryProof closed;  // the ledger's entry of how it ended
};
struct Reseal {
  std::string id;  // 32 hexadecimal digits
  Instant made_at;
  std::string provider;
  ResealKind kind = ResealKind::kRebuild;
  std::string run;                    // of the new segments: 8 hexadecimal digits that no other run has
  bool padded = false;                // the blocks of NAT streams (docs/threat-model.md)
  std::vector<ResealSource> sources;  // 1 to seal::kResealSourcesMax
};
std::string ResealToJson(const Reseal& reseal);
Result<Reseal> ResealFromJson(std::string_view json);

// As it travels. Its schema and the type of its ledger entry are its own: it passes for no other request.
struct SentReseal {
  std::string reseal_json;
  ledger::EntryProof entry;  // type "custody_reseal", field "digest" = SHA-256 of reseal_json
};
std::string SentResealToJson(const SentReseal& sent);
Result<SentReseal> SentResealFromJson(std::string_view json);

// On the station, after every check: the sources as the ledger tells of them, and their opened keys.
struct OpenedReseal {
  Reseal reseal;
  crypto::Digest digest{};                 // of the request's text
  std::vector<seal::SegmentInfo> sources;  // parallel to reseal.sources
  std::map<SegmentId, seal::WindowKeys> keys;
  CustodianSet set;  // whom the new keys are wrapped to
};
// The order of the checks is the policy. kDenied says in words which failed; no share is opened then.
Result<OpenedReseal> OpenReseal(std::string_view sent_json, const Anchors& anchors,
                                std::span<const CustodianKey> present, Instant now);
// By every custodian of the set who is present.
Result<std::vector<seal::ResealSignature>> SignResealed(const crypto::Digest& body, const CustodianSet& set,
                                                        std::span<const CustodianKey> present);

// On the server: m custodians of every source signed the answer, and the new keys are wrapped to nobody who
// was not a custodian of every source, with the same m. kCrypto or kDenied says what fails.
Status CheckResealed(const seal::Resealed& resealed, std::span<const Buffer> source_keys);

}  // namespace probatio::custody
