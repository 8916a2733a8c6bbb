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

void PutParts(ByteWriter* out, const std::vector<Buffer>& parts) {
  out->U32(static_cast<std::uint32_t>(parts.size()));
  for (const Buffer& part : parts) out->Field(part);
}

Result<std::vector<Bytes>> ReadParts(ByteReader* in) {
  const std::uint32_t count = TRY(in->U32());
  if (count > in->remaining() / kLengthSize) return Invalid("more parts said than there are");
  std::vector<Bytes> parts;
  parts.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Bytes part = TRY(in->Field());
    parts.push_back(part);
  }
  return parts;
}

}  // namespace probatio::seal
