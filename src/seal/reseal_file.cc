// The file that goes to the station.
#include "seal/reseal_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "seal/leaf_page.h"
#include "seal/reseal_frame.h"

namespace probatio::seal {
namespace {

constexpr std::string_view kMark = "PBRESEA1";

std::size_t PagesFor(std::uint64_t leaves) {
  return static_cast<std::size_t>((leaves + kLeavesPerPage - 1) / kLeavesPerPage);
}

}  // namespace

Result<Buffer> ResealFileBytes(std::string_view request, const std::vector<std::vector<Buffer>>& sources) {
  if (sources.size() > kResealSourcesMax) {
    return Invalid(fmt::format("reseal: {} segments, more than {}", sources.size(), kResealSourcesMax));
  }
  std::size_t size = kFrameSize + kLengthSize + request.size() + kLengthSize;
  for (const std::vector<Buffer>& parts : sources) {
    size += kLengthSize;
    for (const Buffer& part : parts) size += kLengthSize + part.size();
  }
  if (size > kResealFileBytesMax) {
    return Invalid(fmt::format("reseal: {} bytes, more than {}", size, kResealFileBytesMax));
  }
  ByteWriter body;
  body.Field(AsBytes(request));
  body.U32(static_cast<std::uint32_t>(sources.size()));
  for (const std::vector<Buffer>& parts : sources) PutParts(&body, parts);
  return Framed(kMark, body.bytes());
}

Result<ResealFile> ParseResealFile(Bytes bytes) {
  const Bytes body = TRY(Unframed(kMark, bytes));
  ByteReader in(body);
  ResealFile file;
  const Bytes request = TRY(in.Field());
  file.request = AsText(request);
  const std::uint32_t sources = TRY(in.U32());
  if (sources > kResealSourcesMax) return Invalid("reseal: more segments than may be asked for at once");
  for (std::uint32_t i = 0; i < sources; ++i) {
    std::vector<Bytes> parts = TRY_IN(fmt::format("reseal: segment {}", i), ReadParts(&in));
    file.sources.push_back(std::move(parts));
  }
  TRY_IN("reseal", in.End());
  return file;
}

std::vector<Buffer> PartsOf(const SealedSegment& sealed) {
  std::vector<Buffer> parts = PagesOf(sealed.leaves).pages;
  parts.insert(parts.end(), sealed.blocks.begin(), sealed.blocks.end());
  return parts;
}

Result<SealedSegment> SealedFrom(std::span<const Bytes> parts, std::uint64_t leaf_count) {
  if (leaf_count == 0 || leaf_count > kSegmentLeavesMax) return Invalid("no such number of leaves");
  const std::size_t pages = PagesFor(leaf_count);
  if (parts.size() != pages + leaf_count - 1) return Invalid("not one part for each page and block");
  SealedSegment sealed;
  for (const Bytes page : parts.first(pages)) {
    const std::vector<BlockLeaf> leaves = TRY(ParseLeafPage(page));
    const std::size_t wanted = std::min<std::size_t>(kLeavesPerPage, leaf_count - sealed.leaves.size());
    if (leaves.size() != wanted) return Invalid("a page holds another number of leaves");
    sealed.leaves.insert(sealed.leaves.end(), leaves.begin(), leaves.end());
  }
  for (const Bytes block : parts.subspan(pages)) sealed.blocks.push_back(ToBuffer(block));
  return sealed;
}

}  // namespace probatio::seal
