// The plain form of a block, with its padding, and the associated data that binds it to its place.
#include "seal/block_form.h"

#include <algorithm>
#include <bit>

namespace probatio::seal {
namespace {

constexpr std::string_view kLabel = "probatio/block/1";

Secret Pack(Bytes salt_key, Bytes rows, bool padded) {
  // Sized once: a buffer that grew would leave copies of the salt key behind it.
  const std::size_t size = salt_key.size() + sizeof(std::uint32_t) + rows.size();
  Buffer plain;
  plain.reserve(padded ? std::max(kPaddedBytesMin, std::bit_ceil(size)) : size);
  ByteWriter length;
  length.U32(static_cast<std::uint32_t>(rows.size()));
  plain.insert(plain.end(), salt_key.begin(), salt_key.end());
  plain.insert(plain.end(), length.bytes().begin(), length.bytes().end());
  plain.insert(plain.end(), rows.begin(), rows.end());
  if (padded) plain.resize(std::max(kPaddedBytesMin, std::bit_ceil(size)));
  return Secret(std::move(plain));
}

}  // namespace

Buffer BlockAssociatedData(const SegmentId& segment, const BlockLeaf& leaf) {
  ByteWriter out;
  out.Raw(AsBytes(kLabel));
  out.Field(AsBytes(segment.text()));
  out.Raw(leaf.token);
  out.U32(leaf.position);
  out.U8(leaf.last ? 1 : 0);
  out.Raw(leaf.next);
  out.Raw(leaf.faces_root);
  return out.Take();
}

bool IsPadded(Stream stream) {
  return stream == Stream::kActivity || IsSubjectStream(stream);
}

Secret WindowPlain(Bytes rows, bool padded) {
  return Pack({}, rows, padded);
}
Secret SubjectPlain(const Key& salt_key, Bytes rows, bool padded) {
  return Pack(salt_key.reveal(), rows, padded);
}

Result<Bytes> RowsOfPlain(Bytes plain) {
  ByteReader in(plain);
  const Bytes rows = TRY(in.Field());
  const Bytes padding = plain.subspan(in.offset());
  if (std::any_of(padding.begin(), padding.end(), [](std::uint8_t octet) { return octet != 0; })) {
    return Invalid("padding that is not zero");
  }
  return rows;
}

}  // namespace probatio::seal
