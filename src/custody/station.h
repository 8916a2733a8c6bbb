// The custodians' station: a machine of theirs, never one that stores or serves. It trusts nothing but its
// anchors, pinned at a ceremony: it checks approvals, expiry by its own clock, the ledger's entry for the
// request, and that every selector is named by the scope or by a proven row. Then it computes the tokens and
// returns those tokens' keys and nothing else.
#pragma once

#include "custody/key_wrap.h"
#include "custody/request.h"

namespace probatio::custody {

inline constexpr std::int64_t kRequestClockSkewMaxNs = 10 * kNsPerMinute;  // between server and station
inline constexpr std::size_t kAnchorsBytesMax = 1U << 20;
inline constexpr std::size_t kApproversMax = 100;
inline constexpr std::size_t kPinnedCustodiansMax = 64;

struct Anchors {
  std::vector<crypto::Certificate> approvers;        // who may approve
  std::string ledger_key;                            // verifier key of the ledger's notes
  std::string provider;                              // the provider named in every scope
  std::vector<crypto::Certificate> custodians = {};  // to whom a new key may be wrapped (custody/reseal.h)
};
std::string AnchorsToJson(const Anchors& anchors);
Result<Anchors> AnchorsFromJson(std::string_view json);

// The bytes to send back. kDenied says in words which check failed; nothing is opened then.
Result<Buffer> AnswerRequest(std::string_view sent_request_json, const Anchors& anchors,
                             std::span<const CustodianKey> present, Instant now, Random& random);

}  // namespace probatio::custody
