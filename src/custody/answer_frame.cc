#include "custody/answer_frame.h"

#include <algorithm>

namespace probatio::custody {
namespace {

constexpr std::size_t kMarkSize = 8;
constexpr std::string_view kKeysMark = "PBKEYAN2";
constexpr std::string_view kDrillMark = "PBDRILL1";
constexpr std::size_t kDigestSize = std::tuple_size_v<crypto::Digest>;

std::string_view MarkOf(AnswerKind kind) {
  return kind == AnswerKind::kKeys ? kKeysMark : kDrillMark;
}

Status CheckMark(AnswerKind kind, std::string_view mark) {
  if (mark == MarkOf(kind)) return Done{};
  if (mark == kDrillMark) return Invalid("is the answer to a drill, not to a request for keys");
  if (mark == kKeysMark) return Invalid("is the answer to a request for keys, not to a drill");
  return Invalid("is no custodians' answer");
}

}  // namespace

Buffer FrameAnswer(AnswerKind kind, const crypto::Digest& asked, Bytes box) {
  ByteWriter frame;
  frame.Raw(AsBytes(MarkOf(kind)));
  frame.Raw(asked);
  frame.Field(box);
  frame.Raw(crypto::Sha256(frame.bytes()));
  return frame.Take();
}

Result<FramedAnswer> ReadAnswerFrame(AnswerKind kind, Bytes answer) {
  TRY(CheckMark(kind, AsText(answer.first(std::min(answer.size(), kMarkSize)))));
  const Error damaged = Invalid("cut short or altered on the way: bring it again");
  if (answer.size() < kMarkSize + 2 * kDigestSize) return damaged;
  const Bytes body = answer.first(answer.size() - kDigestSize);
  if (!crypto::Equal(crypto::Sha256(body), answer.last(kDigestSize))) return damaged;
  ByteReader reader(body.subspan(kMarkSize));
  FramedAnswer framed;
  const Bytes asked = TRY(reader.Raw(kDigestSize));
  std::copy(asked.begin(), asked.end(), framed.asked.begin());
  framed.box = TRY(reader.Field());
  TRY(reader.End());
  return framed;
}

}  // namespace probatio::custody
