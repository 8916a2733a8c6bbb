// How people are reached, and what they were sent. Values; thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "order/notice.h"

namespace probatio::casebook {

inline constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321, section 4.5.3.1.3
inline constexpr std::size_t kAbsencesMax = 100;    // of one person, past ones included

struct Contact {
  PersonId person;
  std::string email;  // sealed in the file; empty: told by the web hook alone
  bool on_call = false;
  std::optional<PersonId> substitute;
  std::vector<Period> absences;  // by their beginning
};

// One message to one addressee, as far as it came.
struct SentNotice {
  std::string key;        // order::Notice::Key
  std::string addressee;  // a person's id, or "@hook", which is none
  std::int64_t attempts = 0;
  Instant tried_at;                // last
  Instant next_try;                // meaningless once sent
  std::optional<Instant> sent_at;  // absent: not sent yet
  std::string failure;             // why the last attempt failed; names no address
};

}  // namespace probatio::casebook
