// Seals and reads a hold's file. Layout: mark ‖ version ‖ facts ‖ sections' keys and chunk counts ‖ chunks ‖
// SHA-256 of all before.
#include "custody/held_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/aead.h"
#include "crypto/system_random.h"

namespace probatio::custody {
namespace {

constexpr std::string_view kMark = "PROBHELD";
constexpr std::string_view kContextLabel = "probatio/wrapped-hold/1";
constexpr std::string_view kContentLabel = "probatio hold section 1";
constexpr std::size_t kSealedChunkBytes = kHeldChunkBytes + crypto::kAeadOverhead;
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kDigestSize = std::tuple_size_v<crypto::Digest>;
constexpr record::RecordClass kClasses[] = {record::RecordClass::kIdentity, record::RecordClass::kAccount,
                                            record::RecordClass::kActivity, record::RecordClass::kNetwork};

// The key of the chunks depends on every byte of the header: no section can move to another file.
Key ContentKey(const Key& key, const crypto::Digest& header, record::RecordClass record_class) {
  const std::uint8_t class_number = static_cast<std::uint8_t>(record_class);
  return crypto::Hkdf(key, {AsBytes(kContentLabel), header, Bytes(&class_number, 1)});
}

Buffer Place(std::uint64_t number, bool last) {
  ByteWriter place;
  place.U64(number);
  place.U8(last ? 1 : 0);
  return place.Take();
}

std::size_t ChunksFor(std::size_t content) {
  return (kLengthBytes + content + kHeldChunkBytes - 1) / kHeldChunkBytes;
}

// Length ‖ content ‖ zeros: the file's size tells the content's to a chunk, and no nearer.
Buffer Padded(Bytes content) {
  Buffer padded(ChunksFor(content.size()) * kHeldChunkBytes, 0);
  ByteWriter length;
  length.U64(content.size());
  std::copy(length.bytes().begin(), length.bytes().end(), padded.begin());
  std::copy(content.begin(), content.end(), padded.begin() + kLengthBytes);
  return padded;
}

void SealChunks(const Key& key, Bytes content, Random& random, ByteWriter* file) {
  Buffer padded = Padded(content);
  const std::size_t chunks = padded.size() / kHeldChunkBytes;
  for (std::size_t i = 0; i < chunks; ++i) {
    const Bytes plain = Bytes(padded).subspan(i * kHeldChunkBytes, kHeldChunkBytes);
    file->Raw(crypto::Seal(key, plain, Place(i, i + 1 == chunks), random));
  }
  Wipe(padded);
}

Status CheckFacts(const HeldFacts& facts) {
  if (facts.order.empty()) return Invalid("hold: names no order");
  if (facts.lines.size() > kHeldLinesMax) {
    return Invalid(fmt::format("hold: {} lines, more than {}", facts.lines.size(), kHeldLinesMax));
  }
  for (const std::string& line : facts.lines) TRY_IN("hold: line", CheckIdText(line));
  return Done{};
}

Bytes ContentOf(const std::map<record::RecordClass, Buffer>& contents, record::RecordClass record_class) {
  const auto found = contents.find(record_class);
  return found == contents.end() ? Bytes() : Bytes(found->second);
}

void PutFacts(const HeldFacts& facts, ByteWriter* file) {
  file->Raw(AsBytes(kMark));
  file->U32(kHeldVersion);
  file->Field(AsBytes(facts.order.text()));
  file->U64(static_cast<std::uint64_t>(facts.extracted_at.unix_ns()));
  file->U64(facts.segments_searched);
  file->U32(static_cast<std::uint32_t>(facts.lines.size()));
  for (const std::string& line : facts.lines) file->Field(AsBytes(line));
}

Status ReadVersion(ByteReader* in) {
  const Bytes mark = TRY(in->Raw(kMark.size()));
  if (AsText(mark) != kMark) return Invalid("no hold's file");
  const std::uint32_t version = TRY(in->U32());
  if (version > kHeldVersion) {
    return Invalid(fmt::format("version {}, newer than {}: use a newer probatio", version, kHeldVersion));
  }
  if (version != kHeldVersion) return Invalid(fmt::format("version {}: unknown", version));
  return Done{};
}

Result<HeldFacts> ReadFacts(ByteReader* in) {
  HeldFacts facts;
  const Bytes order = TRY(in->Field());
  facts.order = TRY(OrderId::Parse(AsText(order)));
  const std::uint64_t at = TRY(in->U64());
  facts.extracted_at = Instant::FromUnixNs(static_cast<std::int64_t>(at));
  facts.segments_searched = TRY(in->U64());
  const std::uint32_t lines = TRY(in->U32());
  if (lines > kHeldLinesMax) return Invalid(fmt::format("{} lines, more than {}", lines, kHeldLinesMax));
  for (std::uint32_t i = 0; i < lines; ++i) {
    const Bytes line = TRY(in->Field());
    std::string id = TRY(CheckIdText(AsText(line)));
    facts.lines.push_back(std::move(id));
  }
  return facts;
}

struct SectionHead {
  Bytes wrapped;
  std::uint32_t chunks = 0;
};

Result<SectionHead> ReadSectionHead(ByteReader* in) {
  SectionHead head;
  head.wrapped = TRY(in->Field());
  if (head.wrapped.size() > kWrappedBytesMax) return Invalid("a wrapped key longer than any");
  head.chunks = TRY(in->U32());
  if (head.chunks == 0 || head.chunks > kHeldChunksMax) {
    return Invalid(fmt::format("a section of {} chunks, not 1 to {}", head.chunks, kHeldChunksMax));
  }
  return head;
}

Status ReadSections(ByteReader* in, Bytes file, HeldFile* held) {
  std::vector<SectionHead> heads;
  for (std::size_t i = 0; i < std::size(kClasses); ++i) {
    const SectionHead head = TRY(ReadSectionHead(in));
    heads.push_back(head);
  }
  held->header = crypto::Sha256(file.first(in->offset()));
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Bytes chunks = TRY(in->Raw(heads[i].chunks * kSealedChunkBytes));
    held->sections.push_back({kClasses[i], heads[i].wrapped, chunks});
  }
  return Done{};
}

Status CheckDigest(ByteReader* in, Bytes file) {
  const std::size_t end = in->offset();
  const Bytes digest = TRY(in->Raw(kDigestSize));
  TRY(in->End());
  if (crypto::Equal(crypto::Sha256(file.first(end)), digest)) return Done{};
  return CryptoError("altered: its last digest is not of what stands before");
}

Result<HeldFile> ReadHeld(Bytes file, const OrderId& order) {
  if (file.size() > kHeldFileBytesMax) {
    return Invalid(fmt::format("{} bytes, more than {}", file.size(), kHeldFileBytesMax));
  }
  ByteReader in(file);
  TRY(ReadVersion(&in));
  HeldFile held;
  held.facts = TRY(ReadFacts(&in));
  if (held.facts.order != order) {
    return Invalid(fmt::format("is of order {}, not of {}", held.facts.order.text(), order.text()));
  }
  TRY(ReadSections(&in, file, &held));
  TRY(CheckDigest(&in, file));
  return held;
}

const HeldSection& SectionOf(const HeldFile& file, record::RecordClass record_class) {
  const auto found = std::find_if(file.sections.begin(), file.sections.end(), [&](const HeldSection& known) {
    return known.record_class == record_class;
  });
  CHECK(found != file.sections.end());
  return *found;
}

// Never grows, so no unwiped copy stays behind.
Result<Secret> OpenChunks(const Key& key, Bytes chunks) {
  const std::size_t count = chunks.size() / kSealedChunkBytes;
  Buffer padded;
  padded.reserve(count * kHeldChunkBytes);
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes sealed = chunks.subspan(i * kSealedChunkBytes, kSealedChunkBytes);
    const Result<Secret> plain = crypto::Open(key, sealed, Place(i, i + 1 == count));
    if (!plain.ok()) {
      Wipe(padded);
      return CryptoError(fmt::format("chunk {}: altered, moved, or under another key", i));
    }
    const Bytes bytes = plain.value().reveal();
    padded.insert(padded.end(), bytes.begin(), bytes.end());
  }
  return Secret(std::move(padded));
}

}  // namespace

Buffer HeldContext(const OrderId& order, record::RecordClass record_class) {
  ByteWriter context;
  context.Field(AsBytes(kContextLabel));
  context.Field(AsBytes(order.text()));
  context.U8(static_cast<std::uint8_t>(record_class));
  return context.Take();
}

Result<SealedHold> SealHeld(const HeldFacts& facts, const std::map<record::RecordClass, Buffer>& contents,
                            const std::function<CustodianSet(record::RecordClass)>& set_for, Random& random) {
  TRY(CheckFacts(facts));
  SealedHold sealed;
  ByteWriter file;
  PutFacts(facts, &file);
  for (const record::RecordClass record_class : kClasses) {
    const Bytes content = ContentOf(contents, record_class);
    if (content.size() > kHeldSectionBytesMax) {
      return Invalid(fmt::format("hold: {} rows of {} bytes, more than {}", record::ToText(record_class),
                                 content.size(), kHeldSectionBytesMax));
    }
    Key key = crypto::RandomKey(random);
    const Buffer wrapped = TRY(WrapKey(key, set_for(record_class), HeldContext(facts.order, record_class)));
    file.Field(wrapped);
    file.U32(static_cast<std::uint32_t>(ChunksFor(content.size())));
    sealed.keys.emplace(record_class, std::move(key));
  }
  const crypto::Digest header = crypto::Sha256(file.bytes());
  for (const record::RecordClass record_class : kClasses) {
    const Key key = ContentKey(sealed.keys.at(record_class), header, record_class);
    SealChunks(key, ContentOf(contents, record_class), random, &file);
  }
  const crypto::Digest digest = crypto::Sha256(file.bytes());
  file.Raw(digest);
  sealed.file = file.Take();
  return sealed;
}

Result<HeldFile> ParseHeld(Bytes file, const OrderId& order) {
  HeldFile held = TRY_IN("hold's file", ReadHeld(file, order));
  return held;
}

Result<Secret> OpenHeldSection(const HeldFile& file, record::RecordClass record_class, const Key& key) {
  const std::string place = fmt::format("hold's file: {}", record::ToText(record_class));
  const Key content_key = ContentKey(key, file.header, record_class);
  const Secret padded = TRY_IN(place, OpenChunks(content_key, SectionOf(file, record_class).chunks));
  const Bytes bytes = padded.reveal();
  const std::uint64_t length = Be64(bytes);
  if (length > bytes.size() - kLengthBytes) return CryptoError(place + ": longer than its chunks");
  return Secret(AsText(bytes.subspan(kLengthBytes, length)));
}

}  // namespace probatio::custody
