#include "seal/nat_commit.h"

#include <algorithm>

#include "seal/nat_event_row.h"

namespace probatio::seal {
namespace {

using record::Face;
using record::FieldId;

constexpr std::size_t kSaltAt = 1;  // behind 0x03
constexpr std::size_t kFaceAt = kSaltAt + std::tuple_size_v<Salt>;

// Where the value of a field stands in what is hashed; 0 when the face does not have it.
std::size_t ValueOf(Bytes hashed, FieldId field) {
  ByteReader in(hashed.subspan(kFaceAt + 2));  // behind kind and face
  while (in.remaining() > 0) {
    const std::uint8_t id = in.U8().value();
    const std::uint16_t size = record::ReadFieldLength(&in).value();
    const std::size_t value = kFaceAt + 2 + in.offset();
    CHECK(in.Raw(size).ok());
    if (id == static_cast<std::uint8_t>(field)) return value;
  }
  return 0;
}

Buffer Hashed(const record::NatEvent& event, Face face) {
  Buffer bytes(kFaceAt);
  bytes[0] = kFaceTag;
  const Buffer canonical = record::FaceBytes(event, face);
  bytes.insert(bytes.end(), canonical.begin(), canonical.end());
  return bytes;
}

void Put64(std::size_t at, std::uint64_t value, Buffer* bytes) {
  if (at == 0) return;
  for (std::size_t i = 0; i < 8; ++i) (*bytes)[at + i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}
void Put16(std::size_t at, std::uint16_t value, Buffer* bytes) {
  if (at == 0) return;
  (*bytes)[at] = static_cast<std::uint8_t>(value >> 8);
  (*bytes)[at + 1] = static_cast<std::uint8_t>(value);
}
void PutSalt(const Salt& salt, Buffer* bytes) {
  std::copy(salt.begin(), salt.end(), bytes->begin() + kSaltAt);
}

void Append(FieldId field, Bytes value, Buffer* bytes) {
  bytes->push_back(static_cast<std::uint8_t>(field));
  if (value.size() < record::kLongFieldLength) {
    bytes->push_back(static_cast<std::uint8_t>(value.size()));
  } else {
    bytes->push_back(record::kLongFieldLength);
    bytes->push_back(static_cast<std::uint8_t>(value.size() >> 8));
    bytes->push_back(static_cast<std::uint8_t>(value.size()));
  }
  bytes->insert(bytes->end(), value.begin(), value.end());
}

}  // namespace

NatCommitter::ShapeLayouts& NatCommitter::LayoutsOf(const NatRow& row) {
  const std::size_t place = 2 * std::size_t{row.shape} + (tables_.addresses()[row.address].is_v4() ? 0 : 1);
  if (layouts_.size() <= place) layouts_.resize(2 * tables_.shapes().size());
  if (layouts_[place] != nullptr) return *layouts_[place];
  const record::NatEvent event = EventOf(row, tables_);
  auto layouts = std::make_unique<ShapeLayouts>();
  Layout& what = layouts->what;
  what.bytes = Hashed(event, Face::kWhat);
  what.at = ValueOf(what.bytes, FieldId::kAt);
  what.address = ValueOf(what.bytes, FieldId::kPublicIp);
  const NatShape& shape = tables_.shapes()[row.shape];
  if (shape.has_port)
    what.port = ValueOf(what.bytes, shape.block ? FieldId::kPortFirst : FieldId::kPublicPort);
  what.last = ValueOf(what.bytes, FieldId::kPortLast);
  Layout& rest = layouts->rest;
  rest.bytes = Hashed(event, Face::kRest);
  rest.seq = ValueOf(rest.bytes, FieldId::kSeq);
  rest.end = ValueOf(rest.bytes, FieldId::kEndAt);
  rest.end_seq = ValueOf(rest.bytes, FieldId::kEndSeq);
  layouts_[place] = std::move(layouts);
  return *layouts_[place];
}

Bytes NatCommitter::WhatOf(const NatRow& row, const Salt& salt, Layout* layout) const {
  PutSalt(salt, &layout->bytes);
  Put64(layout->at, static_cast<std::uint64_t>(row.at_ns), &layout->bytes);
  const Bytes address = tables_.addresses()[row.address].octets();
  std::copy(address.begin(), address.end(),
            layout->bytes.begin() + static_cast<std::ptrdiff_t>(layout->address));
  Put16(layout->port, row.port, &layout->bytes);
  const std::uint16_t span = tables_.shapes()[row.shape].port_span.value_or(0);
  Put16(layout->last, static_cast<std::uint16_t>(row.port + span), &layout->bytes);
  return layout->bytes;
}

Bytes NatCommitter::RestOf(const NatRow& row, const Salt& salt, Layout* layout) const {
  PutSalt(salt, &layout->bytes);
  Put64(layout->seq, row.seq, &layout->bytes);
  Put64(layout->end, static_cast<std::uint64_t>(row.end_ns), &layout->bytes);
  Put64(layout->end_seq, row.end_seq, &layout->bytes);
  return layout->bytes;
}

// Whom a row names changes with every row, so this face is written out each time.
Bytes NatCommitter::WhoOf(const NatRow& row, const Salt& salt) {
  const NatShape& shape = tables_.shapes()[row.shape];
  const NatInside& inside = tables_.insides()[row.inside];
  who_.resize(kFaceAt);
  who_[0] = kFaceTag;
  PutSalt(salt, &who_);
  who_.push_back(static_cast<std::uint8_t>(record::RecordKind::kNatEvent));
  who_.push_back(static_cast<std::uint8_t>(Face::kWho));
  if (inside.ip.has_value()) Append(FieldId::kInsideIp, inside.ip->octets(), &who_);
  if (shape.has_inside_port) {
    const std::array<std::uint8_t, 2> port{static_cast<std::uint8_t>(row.inside_port >> 8),
                                           static_cast<std::uint8_t>(row.inside_port)};
    Append(FieldId::kInsidePort, port, &who_);
  }
  if (shape.inside_realm.has_value()) Append(FieldId::kInsideRealm, AsBytes(*shape.inside_realm), &who_);
  if (inside.subscriber.has_value()) Append(FieldId::kSubscriber, AsBytes(*inside.subscriber), &who_);
  return who_;
}

std::vector<crypto::Digest> NatCommitter::Commit(std::span<const NatRow> rows, const Key& salt_key,
                                                 std::uint64_t first_row) {
  const std::vector<Face>& faces = record::FacesOf(record::RecordKind::kNatEvent);
  CHECK(faces == (std::vector<Face>{Face::kWhat, Face::kWho, Face::kRest}));
  const std::vector<Salt> salts = SaltsOf(salt_key, first_row, rows.size(), faces);
  std::vector<crypto::Digest> commitments(salts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ShapeLayouts& layouts = LayoutsOf(rows[i]);
    commitments[3 * i] = crypto::Sha256(WhatOf(rows[i], salts[3 * i], &layouts.what));
    commitments[3 * i + 1] = crypto::Sha256(WhoOf(rows[i], salts[3 * i + 1]));
    commitments[3 * i + 2] = crypto::Sha256(RestOf(rows[i], salts[3 * i + 2], &layouts.rest));
  }
  return commitments;
}

}  // namespace probatio::seal
