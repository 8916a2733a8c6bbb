// What the look-ups ask, and the truth: (public address, port, protocol, instant) of random sessions at a
// uniform instant of each, and of moments at which nobody held the port.
#pragma once

#include <optional>

#include "trace.h"

namespace probatio::bench {

struct Question {
  std::size_t number = 0;  // place among all questions of a run
  std::uint32_t public_ip = 0;
  std::uint16_t port = 0;
  std::uint8_t proto = 0;
  std::int64_t at_ms = 0;
  std::optional<std::uint32_t> holder;  // the subscriber; nothing where nobody held it
};

struct Questions {
  std::vector<Question> hits;
  std::vector<Question> misses;
};

// Two passes over the rows.
Questions DrawQuestions(const Trace& trace, std::size_t hits, std::size_t misses);

}  // namespace probatio::bench
