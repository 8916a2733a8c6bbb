// The monthly drill (docs/formats/custody.md): the custodians open the real shares of a few segments drawn at
// random, on their station, and say only whether they opened. No key and no token leaves it. Values;
// thread-safe.
#pragma once

#include "crypto/sealed_box.h"
#include "custody/station.h"
#include "seal/directory.h"

namespace probatio::custody {

inline constexpr std::size_t kDrillSegmentsMax = 32;
inline constexpr std::size_t kDrillBytesMax = 4U << 20;
inline constexpr std::size_t kSentDrillBytesMax = 3 * kDrillBytesMax;

struct DrillSegment {
  SegmentId segment;
  Buffer wrapped;
};
struct Drill {
  std::string id;  // 32 hexadecimal digits
  Instant made_at;
  std::string provider;
  crypto::BoxPublicKey reply_key{};
  std::vector<DrillSegment> segments;  // 1 to kDrillSegmentsMax
};
std::string DrillToJson(const Drill& drill);
Result<Drill> DrillFromJson(std::string_view json);

// As it travels. Its schema and the type of its ledger entry are not a key request's: neither passes for the
// other.
struct SentDrill {
  std::string drill_json;
  ledger::EntryProof entry;  // type "custody_drill", field "digest" = SHA-256 of drill_json
};
std::string SentDrillToJson(const SentDrill& sent);
Result<SentDrill> SentDrillFromJson(std::string_view json);

struct DrillVerdict {
  SegmentId segment;
  bool opened = false;                 // enough shares were there and gave the key of the check value
  std::vector<crypto::Digest> failed;  // certificates whose share did not open, or did not fit
  std::vector<crypto::Digest> absent;  // certificates whose key was not at the station
};

// `count` of the closed ones, each equally likely; fewer when there are fewer.
std::vector<seal::SegmentInfo> PickForDrill(std::vector<seal::SegmentInfo> segments, std::size_t count,
                                            Random& random);

// On the station. kDenied when the drill is not in the pinned ledger or of another provider.
Result<Buffer> AnswerDrill(std::string_view sent_drill_json, const Anchors& anchors,
                           std::span<const CustodianKey> present, Random& random);

// kCrypto when the answer is not for this key and drill.
Result<std::vector<DrillVerdict>> OpenDrillAnswer(const Key& reply_private,
                                                  const crypto::Digest& drill_digest, Bytes answer);

}  // namespace probatio::custody
