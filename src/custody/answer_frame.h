// What every answer file of a station begins and ends with, so that one can be told from another before any
// key is tried: a mark of its kind, the digest of the text it answers, and a digest over all, because files
// are cut short on USB sticks. Used by custody/*.cc and by whoever carries files. Pure; thread-safe.
#pragma once

#include "crypto/digest.h"

namespace probatio::custody {

enum class AnswerKind : std::uint8_t { kKeys, kDrill };

struct FramedAnswer {
  crypto::Digest asked{};  // SHA-256 of the request's or the drill's text
  Bytes box;               // sealed to its one-time key
};

Buffer FrameAnswer(AnswerKind kind, const crypto::Digest& asked, Bytes box);
// kInvalid: "is the answer to a drill, not to a request for keys", "cut short or altered on the way".
// `box` points into `answer`.
Result<FramedAnswer> ReadAnswerFrame(AnswerKind kind, Bytes answer);

}  // namespace probatio::custody
