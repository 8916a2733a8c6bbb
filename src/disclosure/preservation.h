// The steps of a disclosure under a grant to preserve: everything is read as the scope's plan says, and
// nothing is handed on. What is read goes to the reader's owner, who seals it (custody/keeping_reader.h). One
// object is for one thread.
#pragma once

#include "disclosure/disclosure.h"

namespace probatio::disclosure {

struct PreservationParts {
  Cases& cases;
  resolve::RecordReader& reader;
  const Clock& clock;
  std::span<const crypto::Certificate> pinned_approvers;
  resolve::Limits limits;
};

// The lines that were looked up. kDenied when Authorize refuses, when the grant is to disclose, when it ends
// on the way, or when a line's period is not over: what is still to come would not be held.
Result<std::vector<std::string>> Preserve(const PreservationParts& parts, const OrderId& order);

}  // namespace probatio::disclosure
