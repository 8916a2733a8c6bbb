// Shapes of a journal batch, strictly read: one encoding for each content, every length checked before it is
// used.
#include "seal/journal_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "seal/nat_batch.h"

namespace probatio::seal {
namespace {

constexpr std::string_view kMagic = "PROBJRNL";
constexpr std::uint8_t kVersion = 2;
constexpr std::string_view kFragmentLabel = "journal";
constexpr std::size_t kIndexEntryBytes = 16 + 4 + 4;

Result<BatchHeader> ReadHeader(ByteReader* in) {
  const Bytes magic = TRY(in->Raw(kMagic.size()));
  if (AsText(magic) != kMagic) return Invalid("no journal batch: wrong mark at offset 0");
  const std::uint8_t version = TRY(in->U8());
  if (version != kVersion) return Invalid(fmt::format("version {} is unknown", version));
  const std::uint8_t size = TRY(in->U8());
  const Bytes segment = TRY(in->Raw(size));
  BatchHeader header;
  header.segment = TRY(SegmentId::Parse(AsText(segment)));
  header.number = TRY(in->U64());
  const Bytes before = TRY(in->Raw(header.before.size()));
  std::copy(before.begin(), before.end(), header.before.begin());
  return header;
}

Result<FragmentPlace> ReadPlace(ByteReader* in) {
  FragmentPlace place;
  const Bytes token = TRY(in->Raw(place.token.size()));
  std::copy(token.begin(), token.end(), place.token.begin());
  place.offset = TRY(in->U32());
  place.length = TRY(in->U32());
  return place;
}

Result<std::vector<FragmentPlace>> ReadPlaces(ByteReader* in, std::size_t fragment_bytes) {
  const std::uint32_t count = TRY(in->U32());
  if (count == 0 || in->remaining() / kIndexEntryBytes < count) {
    return Invalid(fmt::format("{} entries in {} bytes", count, in->remaining()));
  }
  std::vector<FragmentPlace> places;
  places.reserve(count);
  std::uint64_t end = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const FragmentPlace place = TRY(ReadPlace(in));
    if (i > 0 && place.token <= places.back().token)
      return Invalid(fmt::format("entry {}: tokens do not ascend", i));
    if (place.offset != end) return Invalid(fmt::format("entry {}: fragments do not lie end to end", i));
    end += place.length;
    places.push_back(place);
  }
  if (end != fragment_bytes)
    return Invalid(fmt::format("fragments of {} bytes, not {}", fragment_bytes, end));
  return places;
}

Result<std::vector<record::Record>> ReadRecords(ByteReader* in) {
  std::vector<record::Record> rows;
  while (in->remaining() > 0) {
    const std::uint16_t size = TRY(in->U16());
    const Bytes canonical = TRY(in->Raw(size));
    record::Record row = TRY_IN(fmt::format("row {}", rows.size()), record::ParseRecordBytes(canonical));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Buffer BatchHeaderBytes(const BatchHeader& header) {
  ByteWriter out;
  out.Raw(AsBytes(kMagic));
  out.U8(kVersion);
  out.U8(static_cast<std::uint8_t>(header.segment.text().size()));  // at most kIdBytesMax
  out.Raw(AsBytes(header.segment.text()));
  out.U64(header.number);
  out.Raw(header.before);
  return out.Take();
}

Buffer FragmentAssociatedData(Bytes header_bytes, const Token& token) {
  ByteWriter out;
  out.Raw(header_bytes);
  out.Raw(token);
  out.Raw(AsBytes(kFragmentLabel));
  return out.Take();
}

Result<BatchParts> SplitBatch(Bytes batch) {
  if (batch.size() > kBatchBytesMax) {
    return Invalid(fmt::format("{} bytes, more than {}", batch.size(), kBatchBytesMax));
  }
  ByteReader in(batch);
  BatchParts parts;
  parts.header = TRY_IN("header", ReadHeader(&in));
  parts.header_bytes = batch.first(in.offset());
  parts.index = TRY_IN("index", in.Field());
  parts.fragments = batch.subspan(in.offset());
  return parts;
}

Buffer IndexBytes(const BatchIndex& index) {
  ByteWriter out;
  out.U32(static_cast<std::uint32_t>(index.places.size()));
  for (const FragmentPlace& place : index.places) {
    out.Raw(place.token);
    out.U32(place.offset);
    out.U32(place.length);
  }
  for (const record::NatEvent& shape : index.shapes) AppendRow(shape, &out);
  return out.Take();
}

Result<BatchIndex> ParseIndex(Bytes bytes, std::size_t fragment_bytes) {
  ByteReader in(bytes);
  BatchIndex index;
  index.places = TRY(ReadPlaces(&in, fragment_bytes));
  const std::vector<record::Record> shapes = TRY_IN("shapes", ReadRecords(&in));
  if (shapes.size() > kBatchShapesMax) return Invalid(fmt::format("more than {} shapes", kBatchShapesMax));
  for (const record::Record& shape : shapes) {
    const auto* event = std::get_if<record::NatEvent>(&shape);
    if (event == nullptr) return Invalid("a shape that is no nat event");
    index.shapes.push_back(*event);
  }
  return index;
}

Result<Buffer> FinishBatch(Bytes header, const WindowKeys& keys, const BatchIndex& index, Bytes fragments,
                           JournalHead* head, Random& random) {
  ByteWriter front;
  front.Raw(header);
  front.Field(crypto::Seal(keys.JournalIndexKey(), IndexBytes(index), header, random));
  Buffer batch = front.Take();
  if (batch.size() + fragments.size() > kBatchBytesMax) {
    return Invalid(fmt::format("journal: batch of more than {} bytes", kBatchBytesMax));
  }
  batch.insert(batch.end(), fragments.begin(), fragments.end());
  // Only a batch that exists moves the head: after an error the next batch takes the same place.
  *head = {head->batches + 1, crypto::Sha256(batch)};
  return batch;
}

void AppendRow(const record::Record& row, ByteWriter* fragment) {
  const Buffer canonical = record::RecordBytes(row);
  CHECK(canonical.size() <= UINT16_MAX);  // CheckRecord stands before
  fragment->U16(static_cast<std::uint16_t>(canonical.size()));
  fragment->Raw(canonical);
}

Result<std::vector<record::Record>> ParseFragment(Bytes bytes, const BatchIndex& index) {
  if (!index.shapes.empty()) return ParseNatFragment(bytes, index.shapes);
  ByteReader in(bytes);
  return ReadRecords(&in);
}

}  // namespace probatio::seal
