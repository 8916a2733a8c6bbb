// The file that comes back from the station.
#include <fmt/format.h>

#include "seal/leaf_page.h"
#include "seal/reseal_file.h"
#include "seal/reseal_frame.h"

namespace probatio::seal {
namespace {

constexpr std::string_view kMark = "PBRESED1";
constexpr std::string_view kLabel = "probatio/resealed/1";
constexpr std::size_t kSegmentHeadBytesMax = 66'000;  // id, wrapped key, counts, range

void PutRange(ByteWriter* out, const std::optional<PublicRange>& range) {
  out->Field(AsBytes(range.has_value() ? range->from.ToText() : std::string()));
  out->Field(AsBytes(range.has_value() ? range->to.ToText() : std::string()));
}

Result<std::optional<PublicRange>> ReadRange(ByteReader* in) {
  const Bytes from_bytes = TRY(in->Field());
  const Bytes to_bytes = TRY(in->Field());
  const std::string_view from = AsText(from_bytes);
  const std::string_view to = AsText(to_bytes);
  if (from.empty() && to.empty()) return std::optional<PublicRange>();
  const IpAddress first = TRY(IpAddress::Parse(from));
  const IpAddress last = TRY(IpAddress::Parse(to));
  if (first.ToText() != from || last.ToText() != to)
    return Invalid("an address not written as RFC 5952 says");
  const PublicRange range{first, last};
  TRY(CheckPublicRange(range));
  return std::optional<PublicRange>(range);
}

void PutSegment(ByteWriter* out, const ResealedSegment& segment) {
  out->Field(AsBytes(segment.id.text()));
  out->Field(segment.wrapped);
  out->U64(segment.rows);
  out->U64(segment.loose);
  PutRange(out, segment.public_range);
  out->U32(static_cast<std::uint32_t>(segment.sealed.leaves.size()));
  PutParts(out, PartsOf(segment.sealed));
}

Result<SealedSegment> ReadSealed(ByteReader* in) {
  const std::uint32_t leaves = TRY(in->U32());
  const std::vector<Bytes> parts = TRY(ReadParts(in));
  return SealedFrom(parts, leaves);
}

Result<ResealedSegment> ReadSegment(ByteReader* in) {
  ResealedSegment segment;
  const Bytes id = TRY(in->Field());
  segment.id = TRY(SegmentId::Parse(AsText(id)));
  const Bytes wrapped = TRY(in->Field());
  segment.wrapped = ToBuffer(wrapped);
  segment.rows = TRY(in->U64());
  segment.loose = TRY(in->U64());
  segment.public_range = TRY(ReadRange(in));
  segment.sealed = TRY(ReadSealed(in));
  return segment;
}

std::size_t BytesIn(const Resealed& resealed) {
  std::size_t size = 0;
  for (const ResealedSegment& segment : resealed.segments) {
    size += kSegmentHeadBytesMax + segment.sealed.leaves.size() * kBlockLeafBytes;
    for (const Buffer& block : segment.sealed.blocks) size += kLengthSize + block.size();
  }
  return size;
}

}  // namespace

Result<Buffer> ResealedBody(const Resealed& resealed) {
  if (resealed.segments.size() > kResealedSegmentsMax) {
    return Invalid(
        fmt::format("reseal: {} new segments, more than {}", resealed.segments.size(), kResealedSegmentsMax));
  }
  if (BytesIn(resealed) > kResealFileBytesMax) {
    return Invalid(fmt::format("reseal: an answer of more than {} bytes", kResealFileBytesMax));
  }
  ByteWriter body;
  body.Raw(resealed.request);
  body.U64(resealed.rows_read);
  body.U32(static_cast<std::uint32_t>(resealed.segments.size()));
  for (const ResealedSegment& segment : resealed.segments) PutSegment(&body, segment);
  return body.Take();
}

Buffer SignedText(const crypto::Digest& body) {
  ByteWriter text;
  text.Field(AsBytes(kLabel));
  text.Raw(body);
  return text.Take();
}

Result<Buffer> ResealedBytes(Bytes body, std::span<const ResealSignature> signatures) {
  if (signatures.size() > kResealSignaturesMax) return Invalid("reseal: too many signatures");
  ByteWriter out;
  out.Field(body);
  out.U32(static_cast<std::uint32_t>(signatures.size()));
  for (const ResealSignature& signature : signatures) {
    out.Field(signature.certificate);
    out.Field(signature.signature);
  }
  return Framed(kMark, out.bytes());
}

Result<Resealed> ParseResealed(Bytes bytes) {
  const Bytes framed = TRY(Unframed(kMark, bytes));
  ByteReader in(framed);
  const Bytes body = TRY(in.Field());
  Resealed resealed;
  resealed.body = crypto::Sha256(body);
  const std::uint32_t signatures = TRY(in.U32());
  if (signatures > kResealSignaturesMax) return Invalid("reseal: too many signatures");
  for (std::uint32_t i = 0; i < signatures; ++i) {
    const Bytes certificate = TRY(in.Field());
    const Bytes signature = TRY(in.Field());
    resealed.signatures.push_back({ToBuffer(certificate), ToBuffer(signature)});
  }
  TRY_IN("reseal", in.End());

  ByteReader read(body);
  const Bytes request = TRY(read.Raw(resealed.request.size()));
  std::copy(request.begin(), request.end(), resealed.request.begin());
  resealed.rows_read = TRY(read.U64());
  const std::uint32_t segments = TRY(read.U32());
  if (segments > kResealedSegmentsMax) return Invalid("reseal: too many new segments");
  for (std::uint32_t i = 0; i < segments; ++i) {
    ResealedSegment segment = TRY_IN(fmt::format("reseal: new segment {}", i), ReadSegment(&read));
    resealed.segments.push_back(std::move(segment));
  }
  TRY_IN("reseal", read.End());
  return resealed;
}

}  // namespace probatio::seal
