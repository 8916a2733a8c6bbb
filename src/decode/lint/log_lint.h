// Could these logs ever answer an order? RFC 6302 asks an internet-facing server to log the source port and
// an accurate time, because an address alone names dozens of customers behind a shared one (RFC 6269, section
// 12); an order names an account, a message or an event on top. Looks at what the rows say and takes nothing
// of it. Findings name columns, never values. Pure; thread-safe.
#pragma once

#include "decode/lint/log_columns.h"

namespace probatio::decode {

enum class Weight : std::uint8_t {
  kGood,
  kWarning,  // answers, but less surely, or something that should not be in a log
  kFault,    // no order about these rows can be answered
};

struct LintFinding {
  Weight weight = Weight::kGood;
  std::string rule;  // "source-port", "time", ...: the names stand in docs/operate/source-port.md
  std::string text;  // a sentence for the engineer, with what to do
};

struct LintReport {
  std::string shape;
  std::uint64_t rows = 0;
  std::vector<LintFinding> findings;
  bool could_answer() const;
};

// With a mapping the columns are those that it names; without, they are guessed from names and values, and
// the report says which were taken for what.
LintReport LintLog(const LogColumns& log, const Mapping* mapping);

}  // namespace probatio::decode
