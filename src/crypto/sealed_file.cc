// Sealed files, docs/formats/sealed-file.md. Thread-safe.
#include "crypto/sealed_file.h"

#include <algorithm>

#include "crypto/aead.h"
#include "crypto/system_random.h"

namespace probatio::crypto {
namespace {

constexpr std::string_view kMark = "PROBSEAL";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kContentLabel = "probatio sealed file 1";
constexpr std::size_t kSealedChunkBytes = kSealedFileChunkBytes + kAeadOverhead;

// What a chunk is sealed with besides its bytes: which one it is, and whether another follows.
Buffer Place(std::uint64_t number, bool last) {
  ByteWriter writer;
  writer.U64(number);
  writer.U8(last ? 1 : 0);
  return writer.Take();
}

// The chunks' key depends on every byte of the header, so an envelope of one file cannot stand before
// another's.
Key ContentKey(const Key& file_key, Bytes header) {
  return Hkdf(file_key, {AsBytes(kContentLabel), Sha256(header)});
}

struct Header {
  Bytes envelope;
  std::size_t size = 0;
};

Result<Header> ReadHeader(Bytes file) {
  if (!IsSealedFile(file)) return Invalid("no mark at its beginning");
  ByteReader reader(file.subspan(kMark.size()));
  const std::uint32_t version = TRY(reader.U32());
  if (version != kVersion) return Invalid("version not known");
  const Bytes envelope = TRY_IN("envelope", reader.Field());
  return Header{envelope, kMark.size() + reader.offset()};
}

Result<Key> OpenEnvelope(const PrivateKey& key, const Certificate& own, Bytes envelope) {
  const Secret opened = TRY(DecryptWith(key, own, envelope));
  if (opened.reveal().size() != Key::kSize) return CryptoError("envelope holds no file key");
  return Key(opened.reveal());
}

Result<Secret> OpenChunks(const Key& key, Bytes chunks) {
  if (chunks.empty()) return CryptoError("no content");
  Buffer content;
  content.reserve(chunks.size());  // never grows, so no unwiped copy stays behind
  for (std::uint64_t number = 0; !chunks.empty(); ++number) {
    const Bytes sealed = chunks.first(std::min(chunks.size(), kSealedChunkBytes));
    chunks = chunks.subspan(sealed.size());
    const bool last = chunks.empty();
    const Result<Secret> plain = Open(key, sealed, Place(number, last));
    if (!plain.ok()) {
      Wipe(content);
      return CryptoError("chunk " + std::to_string(number) + (last ? " (last): " : ": ") +
                         "altered, moved or cut");
    }
    const Bytes bytes = plain.value().reveal();
    content.insert(content.end(), bytes.begin(), bytes.end());
  }
  return Secret(std::move(content));
}

Result<Secret> OpenAll(const PrivateKey& key, const Certificate& own, Bytes file) {
  const Header header = TRY(ReadHeader(file));
  const Key file_key = TRY(OpenEnvelope(key, own, header.envelope));
  return OpenChunks(ContentKey(file_key, file.first(header.size)), file.subspan(header.size));
}

}  // namespace

Result<Buffer> SealFile(std::span<const Certificate> recipients, Bytes content, Random& random) {
  const Key file_key = RandomKey(random);
  const Buffer envelope = TRY_IN("sealed file", EncryptTo(recipients, file_key.reveal()));
  ByteWriter file;
  file.Raw(AsBytes(kMark));
  file.U32(kVersion);
  file.Field(envelope);
  const Key key = ContentKey(file_key, file.bytes());
  for (std::uint64_t number = 0; number == 0 || !content.empty();
       ++number) {  // empty content is one empty chunk
    const Bytes plain = content.first(std::min(content.size(), kSealedFileChunkBytes));
    content = content.subspan(plain.size());
    file.Raw(Seal(key, plain, Place(number, content.empty()), random));
  }
  return file.Take();
}

bool IsSealedFile(Bytes file) {
  return AsText(file).substr(0, kMark.size()) == kMark;
}

Result<Secret> OpenFile(const PrivateKey& key, const Certificate& own, Bytes file) {
  Secret content = TRY_IN("sealed file", OpenAll(key, own, file));
  return content;
}

}  // namespace probatio::crypto
