#include "keep/erasure_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "crypto/digest.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kMagic = "PRBVAULT";
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kSerialDigits = 16;
constexpr std::size_t kDateBytes = 10;  // "2027-11-25"

Error BadName(std::string_view why) {
  return Invalid(fmt::format("erasure key name: {}", why));
}

Result<ErasureKind> ParseKind(std::string_view text) {
  for (const ErasureKind kind :
       {ErasureKind::kWindow, ErasureKind::kHeld, ErasureKind::kSubject, ErasureKind::kQuarantine}) {
    if (text == ToText(kind)) return kind;
  }
  return BadName("one of window, held, subject, quarantine");
}

Result<std::uint64_t> ParseSerial(std::string_view text) {
  std::uint64_t serial = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), serial, 16);
  if (failure != std::errc() || end != text.data() + text.size()) return BadName("its serial is no number");
  return serial;
}

}  // namespace

std::string_view ToText(ErasureKind kind) {
  switch (kind) {
    case ErasureKind::kWindow:
      return "window";
    case ErasureKind::kHeld:
      return "held";
    case ErasureKind::kSubject:
      return "subject";
    case ErasureKind::kQuarantine:
      return "quarantine";
  }
  CHECK(false);
  return "";
}

ErasureKeyId IdOf(const ErasureKeyName& name) {
  const std::string text = fmt::format("{}-{}-{}-{:016x}", ToText(name.kind),
                                       record::ToText(name.record_class), law::ToText(name.day), name.serial);
  return ErasureKeyId::Parse(text).value();
}

Result<ErasureKeyName> ParseErasureKeyName(std::string_view text) {
  const std::size_t first = text.find('-');
  const std::size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (second == std::string_view::npos) return BadName("truncated");
  const std::string_view tail = text.substr(second + 1);
  if (tail.size() != kDateBytes + 1 + kSerialDigits)
    return BadName("its day or its serial is of another length");
  ErasureKeyName name;
  name.kind = TRY(ParseKind(text.substr(0, first)));
  name.record_class = TRY(record::ParseRecordClass(text.substr(first + 1, second - first - 1)));
  name.day = TRY(law::ParseDate(tail.substr(0, kDateBytes)));
  name.serial = TRY(ParseSerial(tail.substr(kDateBytes + 1)));
  if (IdOf(name).text() != text) return BadName("not written as names are");
  return name;
}

Buffer ErasureKeyFile(const ErasureKeyName& name, const Key& key) {
  ByteWriter file;
  file.Raw(AsBytes(kMagic));
  file.U16(kVersion);
  file.Field(AsBytes(IdOf(name).text()));
  file.Raw(key.reveal());
  const crypto::Digest check = crypto::Sha256(file.bytes());
  file.Raw(check);
  return file.Take();
}

Result<NamedErasureKey> ParseErasureKeyFile(Bytes bytes) {
  ByteReader reader(bytes);
  const Result<Bytes> magic = reader.Raw(kMagic.size());
  if (!magic.ok() || AsText(magic.value()) != kMagic) return Invalid("not an erasure key file");
  const std::uint16_t version = TRY(reader.U16());
  if (version != kVersion) {
    return Invalid(
        fmt::format("an erasure key of format version {}; this program reads version {}: use the "
                    "program that wrote it",
                    version, kVersion));
  }
  const crypto::Digest expected = [&] {
    return bytes.size() < sizeof(crypto::Digest)
               ? crypto::Digest{}
               : crypto::Sha256(bytes.first(bytes.size() - sizeof(crypto::Digest)));
  }();
  const Error damaged = CryptoError("a damaged erasure key: its check does not hold");
  if (bytes.size() > kErasureKeyFileBytesMax || bytes.size() < sizeof(crypto::Digest) ||
      !crypto::Equal(bytes.last(sizeof(crypto::Digest)), expected)) {
    return damaged;
  }
  NamedErasureKey read;
  const Bytes name = TRY(reader.Field());
  read.name = TRY(ParseErasureKeyName(AsText(name)));
  const Bytes key = TRY(reader.Raw(Key::kSize));
  read.key = Key(key);
  TRY(reader.Raw(sizeof(crypto::Digest)));
  TRY(reader.End());
  return read;
}

}  // namespace probatio::keep
