// One question over HTTP(S) that has an answer: a POST of some octets, the octets that come back. Without
// redirections and without a proxy of the environment; bounded in time and size. Thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"

namespace probatio::net {

struct Question {
  std::string url;          // http:// or https://: for answers that carry their own signature
  std::string authorities;  // a PEM file instead of the system's; may be empty
  std::string type;         // "application/timestamp-query"
  std::string answer_type;  // "application/timestamp-reply"; another type is refused
};

Status CheckQuestion(const Question& question);  // kInvalid: neither http nor https, or no header's text

// kStorage when no answer came, with the reason; kInvalid for one of another type or over `answer_bytes_max`.
Result<Buffer> Ask(const Question& question, Bytes body, std::size_t answer_bytes_max);

}  // namespace probatio::net
