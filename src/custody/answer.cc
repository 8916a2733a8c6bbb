// The custodians' answer: keys sealed to the one-time key of the request that asked for them
// (docs/formats/custody.md). Thread-safe.
#include <fmt/format.h>

#include <algorithm>

#include "custody/answer_frame.h"
#include "custody/request.h"

namespace probatio::custody {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::string_view kLabel = "probatio/custody-answer/2";
constexpr std::size_t kTokenSize = std::tuple_size_v<seal::Token>;
constexpr std::size_t kOpenedSizeMin = 4 + 4 + kTokenSize + 5 * Key::kSize;

// Bound to the request, so that an answer to one request is never taken for an answer to another.
Buffer AssociatedData(const crypto::Digest& request_digest) {
  ByteWriter data;
  data.Field(AsBytes(kLabel));
  data.Raw(request_digest);
  return data.Take();
}

// Plain keys, gathered in one allocation that is wiped: a growing buffer would leave copies behind.
class KeyBytes {
 public:
  explicit KeyBytes(std::size_t size) { bytes_.reserve(size); }
  ~KeyBytes() { Wipe(bytes_); }
  KeyBytes(const KeyBytes&) = delete;
  KeyBytes& operator=(const KeyBytes&) = delete;

  void Raw(Bytes bytes) {
    CHECK(bytes_.size() + bytes.size() <= bytes_.capacity());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void U32(std::uint32_t value) {
    ByteWriter number;
    number.U32(value);
    Raw(number.bytes());
  }
  Bytes bytes() const { return bytes_; }

 private:
  Buffer bytes_;
};

void Put(KeyBytes* out, const Opened& opened) {
  out->U32(opened.question);
  out->U32(static_cast<std::uint32_t>(opened.segment.text().size()));
  out->Raw(AsBytes(opened.segment.text()));
  out->Raw(opened.token);
  for (const Key* key : {&opened.keys.block, &opened.keys.salt, &opened.journal_index,
                         &opened.subject_private, &opened.held_section}) {
    out->Raw(key->reveal());
  }
}

Result<Key> ReadKey(ByteReader* in) {
  const Bytes bytes = TRY(in->Raw(Key::kSize));
  return Key(bytes);
}

Result<Opened> ReadOpened(ByteReader* in) {
  Opened opened;
  opened.question = TRY(in->U32());
  const Bytes segment = TRY(in->Field());
  if (!segment.empty()) opened.segment = TRY(SegmentId::Parse(AsText(segment)));
  const Bytes token = TRY(in->Raw(kTokenSize));
  std::copy(token.begin(), token.end(), opened.token.begin());
  opened.keys.block = TRY(ReadKey(in));
  opened.keys.salt = TRY(ReadKey(in));
  opened.journal_index = TRY(ReadKey(in));
  opened.subject_private = TRY(ReadKey(in));
  opened.held_section = TRY(ReadKey(in));
  return opened;
}

Result<std::vector<Opened>> ReadAll(Bytes plain) {
  ByteReader in(plain);
  const std::uint8_t version = TRY(in.U8());
  if (version != kVersion) return Invalid(fmt::format("version {}: unknown", version));
  const std::uint32_t count = TRY(in.U32());
  if (count > in.remaining() / kOpenedSizeMin) return Invalid("more keys said than there are");
  std::vector<Opened> all;
  all.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    Opened opened = TRY(ReadOpened(&in));
    all.push_back(std::move(opened));
  }
  TRY(in.End());
  return all;
}

}  // namespace

Buffer SealAnswer(const Request& request, const crypto::Digest& request_digest,
                  std::span<const Opened> opened, Random& random) {
  KeyBytes plain(5 + opened.size() * (kOpenedSizeMin + kIdBytesMax));
  plain.Raw(std::array{kVersion});
  plain.U32(static_cast<std::uint32_t>(opened.size()));
  for (const Opened& one : opened) Put(&plain, one);
  const Buffer box = crypto::SealTo(request.reply_key, plain.bytes(), AssociatedData(request_digest), random);
  return FrameAnswer(AnswerKind::kKeys, request_digest, box);
}

Result<std::vector<Opened>> OpenAnswer(const Key& reply_private, const crypto::Digest& request_digest,
                                       Bytes answer) {
  if (answer.size() > kAnswerBytesMax) {
    return Invalid(fmt::format("custody: answer: {} bytes, more than {}", answer.size(), kAnswerBytesMax));
  }
  const FramedAnswer framed = TRY_IN("custody: answer", ReadAnswerFrame(AnswerKind::kKeys, answer));
  if (framed.asked != request_digest) return CryptoError("custody: answer: is for another request");
  const Secret plain =
      TRY_IN("custody: answer", crypto::OpenWith(reply_private, framed.box, AssociatedData(request_digest)));
  return TRY_IN("custody: answer", ReadAll(plain.reveal()));
}

}  // namespace probatio::custody
