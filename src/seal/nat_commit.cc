#include "seal/nat_commit.h"

#include <algorithm>
#include <cstring>

#include "crypto/sha256_many.h"
#include "seal/big_endian.h"
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

template <class T>
void Put(std::size_t at, T value, std::uint8_t* face) {
  if (at != 0) PutBigEndian(value, face + at);
}
void PutSalt(const Salt& salt, std::uint8_t* face) {
  std::copy(salt.begin(), salt.end(), face + kSaltAt);
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

// Collects faces of one block, which nearly all are, and hashes many at once; longer ones one by one.
class NatCommitter::Hasher {
 public:
  explicit Hasher(std::vector<crypto::Digest>* commitments) : commitments_(*commitments) {}

  // Where the one block of this commitment is to be written before the next call.
  std::uint8_t* Block(std::size_t commitment) {
    if (count_ == kAtOnce) Flush();
    places_[count_] = commitment;
    return &blocks_[count_++ * crypto::kSha256Block];
  }
  void Long(std::size_t commitment, Bytes message) { commitments_[commitment] = crypto::Sha256(message); }

  void Flush() {
    crypto::Sha256Many(std::span(blocks_).first(count_ * crypto::kSha256Block), 1,
                       std::span(digests_).first(count_));
    for (std::size_t i = 0; i < count_; ++i) commitments_[places_[i]] = digests_[i];
    count_ = 0;
  }

 private:
  static constexpr std::size_t kAtOnce = 48;
  std::vector<crypto::Digest>& commitments_;
  std::array<std::uint8_t, kAtOnce * crypto::kSha256Block> blocks_;
  std::array<std::size_t, kAtOnce> places_;
  std::array<crypto::Digest, kAtOnce> digests_;
  std::size_t count_ = 0;
};

void NatCommitter::Layout::Take(Buffer hashed) {
  size = hashed.size();
  padded = std::move(hashed);
  padded.resize(crypto::Sha256Blocks(size) * crypto::kSha256Block);
  crypto::PadSha256(size, padded);
}

NatCommitter::ShapeLayouts& NatCommitter::LayoutsOf(const NatRow& row) {
  const std::size_t place = 2 * std::size_t{row.shape} + (tables_.addresses()[row.address].is_v4() ? 0 : 1);
  if (layouts_.size() <= place) layouts_.resize(2 * tables_.shapes().size());
  if (layouts_[place] != nullptr) return *layouts_[place];
  const record::NatEvent event = EventOf(row, tables_);
  auto layouts = std::make_unique<ShapeLayouts>();
  Layout& what = layouts->what;
  const Buffer what_bytes = Hashed(event, Face::kWhat);
  what.at = ValueOf(what_bytes, FieldId::kAt);
  what.address = ValueOf(what_bytes, FieldId::kPublicIp);
  const NatShape& shape = tables_.shapes()[row.shape];
  if (shape.has_port)
    what.port = ValueOf(what_bytes, shape.block ? FieldId::kPortFirst : FieldId::kPublicPort);
  what.last = ValueOf(what_bytes, FieldId::kPortLast);
  what.Take(what_bytes);
  Layout& rest = layouts->rest;
  const Buffer rest_bytes = Hashed(event, Face::kRest);
  rest.seq = ValueOf(rest_bytes, FieldId::kSeq);
  rest.end = ValueOf(rest_bytes, FieldId::kEndAt);
  rest.end_seq = ValueOf(rest_bytes, FieldId::kEndSeq);
  rest.Take(rest_bytes);
  layouts_[place] = std::move(layouts);
  return *layouts_[place];
}

void NatCommitter::FillWhat(const NatRow& row, const Salt& salt, const Layout& layout,
                            std::uint8_t* face) const {
  PutSalt(salt, face);
  Put(layout.at, static_cast<std::uint64_t>(row.at_ns), face);
  const Bytes address = tables_.addresses()[row.address].octets();
  std::copy(address.begin(), address.end(), face + layout.address);
  Put(layout.port, row.port, face);
  if (layout.last == 0) return;
  const std::uint16_t span = tables_.shapes()[row.shape].port_span.value_or(0);
  Put(layout.last, static_cast<std::uint16_t>(row.port + span), face);
}

void NatCommitter::FillRest(const NatRow& row, const Salt& salt, const Layout& layout,
                            std::uint8_t* face) const {
  PutSalt(salt, face);
  Put(layout.seq, row.seq, face);
  Put(layout.end, static_cast<std::uint64_t>(row.end_ns), face);
  Put(layout.end_seq, row.end_seq, face);
}

// Whom a row names changes with every row, so this face is written out each time.
Bytes NatCommitter::WhoOf(const NatRow& row, const Salt& salt) {
  const NatShape& shape = tables_.shapes()[row.shape];
  const NatInside& inside = tables_.insides()[row.inside];
  who_.resize(kFaceAt);
  who_[0] = kFaceTag;
  PutSalt(salt, who_.data());
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
  Hasher hasher(&commitments);
  // The face with all that its shape says; the numbers of the row are then written into it.
  const auto lay_out = [&hasher](std::size_t commitment, Layout* layout, auto fill) {
    if (layout->size > crypto::kSha256OneBlockMax) {
      fill(layout->padded.data());
      return hasher.Long(commitment, Bytes(layout->padded).first(layout->size));
    }
    std::uint8_t* const block = hasher.Block(commitment);
    std::memcpy(block, layout->padded.data(), crypto::kSha256Block);
    fill(block);
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const NatRow& row = rows[i];
    const Salt* const salt = &salts[3 * i];
    ShapeLayouts& layouts = LayoutsOf(row);
    lay_out(3 * i, &layouts.what, [&](std::uint8_t* face) { FillWhat(row, salt[0], layouts.what, face); });
    const Bytes who = WhoOf(row, salt[1]);
    if (who.size() > crypto::kSha256OneBlockMax) {
      hasher.Long(3 * i + 1, who);
    } else {
      const std::span<std::uint8_t> block(hasher.Block(3 * i + 1), crypto::kSha256Block);
      std::copy(who.begin(), who.end(), block.begin());
      crypto::PadSha256(who.size(), block);
    }
    lay_out(3 * i + 2, &layouts.rest,
            [&](std::uint8_t* face) { FillRest(row, salt[2], layouts.rest, face); });
  }
  hasher.Flush();
  return commitments;
}

}  // namespace probatio::seal
