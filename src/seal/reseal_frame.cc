#include "seal/reseal_frame.h"

namespace probatio::seal {

Buffer Framed(std::string_view mark, Bytes body) {
  CHECK(mark.size() == kFrameMarkSize);
  ByteWriter frame;
  frame.Raw(AsBytes(mark));
  frame.Raw(body);
  frame.Raw(crypto::Sha256(frame.bytes()));
  return frame.Take();
}

Result<Bytes> Unframed(std::string_view mark, Bytes frame) {
  const bool marked = frame.size() >= mark.size() && AsText(frame.first(mark.size())) == mark;
  if (!marked) return Invalid(std::string("reseal: is no ") + std::string(mark) + " file");
  const std::size_t digest_size = kFrameSize - kFrameMarkSize;
  const bool whole =
      frame.size() >= kFrameSize &&
      crypto::Equal(crypto::Sha256(frame.first(frame.size() - digest_size)), frame.last(digest_size));
  if (!whole) return Invalid("reseal: cut short or altered on the way: bring it again");
  return frame.subspan(kFrameMarkSize, frame.size() - kFrameSize);
}

}  // namespace probatio::seal
