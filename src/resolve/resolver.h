// Executes the plan of a scope, step by step: message -> account -> events -> account and identity items; or
// tuple -> holder
// -> inside address -> access session -> subscriber -> identity. The result of one step names the windows of
// the next. Pure but for the reader it is given; one Resolver is for one thread.
#pragma once

#include <functional>

#include "resolve/answer.h"

namespace probatio::resolve {

struct Limits {
  // How long a NAT session, port block or access session without a seen end may still hold. Longer holdings
  // are not seen, and the answer says so. No look-up reaches farther than the maxima of reader.h, which the
  // custodians check.
  std::int64_t session_age_max_ns = kSessionLookBackMaxNs;
  std::int64_t block_age_max_ns = kBlockLookBackMaxNs;
  std::int64_t access_age_max_ns = kAccessLookBackMaxNs;
  // How far the asked instant is shifted to see whether the answer stays the same; nothing is known beyond.
  // In a sealed store each window farther is one more to open.
  std::int64_t offset_reach_ns = kSessionLookBackMaxNs;
  // Of several candidates at most one is the person the order means. Unless this is set, an ambiguous answer
  // lists them with the events they rest on and opens nobody's events, account or identity; a line that names
  // one of them can.
  bool identify_every_candidate = false;
};

class Resolver {
 public:
  Resolver(RecordReader& reader, Limits limits) : reader_(reader), limits_(limits) {}

  // One answer per line of the scope, in its order. An unknown selector is Certainty::kNone, not an error.
  // kRefused, before anything is read, for a subject that this deployment cannot look up; kDenied for one
  // that no scope may name; what the reader returns otherwise. All lines or none.
  Result<std::vector<LineAnswer>> Resolve(const order::Grant& grant);

 private:
  RecordReader& reader_;
  Limits limits_;
};

// The holders of a public tuple among NAT events that were found for it: the rules of
// docs/operate/resolve.md, without any store. Also behind `resolve --from-log`.
struct Holder {
  std::vector<std::size_t> events;  // indices into the events given
  std::vector<std::string> rules;   // how open ends were closed
  bool whole = true;                // both ends of each holding were seen
};
struct Holders {
  std::vector<Holder> at_instant;
  OffsetProfile offsets;
};
Holders HoldersAt(std::span<const record::NatEvent> events, const order::Tuple& tuple, const Limits& limits);

}  // namespace probatio::resolve
