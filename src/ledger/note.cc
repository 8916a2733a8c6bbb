#include "ledger/note.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/utf8.h"

namespace probatio::ledger {
namespace {

constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kEd25519KeyBytes = 32;
constexpr std::string_view kLineStart = "\u2014 ";  // em dash, space

Buffer TypedKey(NoteKeyKind kind, const crypto::PublicKey& key) {
  ByteWriter typed;
  typed.U8(static_cast<std::uint8_t>(kind));
  typed.Raw(key.RawEd25519());
  return typed.Take();
}

Buffer KeyId(std::string_view name, Bytes typed_key) {
  const crypto::Digest digest = crypto::Sha256({AsBytes(name), AsBytes("\n"), typed_key});
  return {digest.begin(), digest.begin() + kKeyIdBytes};
}

// The signature that this line carries by this very key; nothing when the line is another key's.
Result<std::optional<Buffer>> SignatureBy(const NoteKey& key, std::string_view line) {
  if (!line.starts_with(kLineStart)) return Invalid("checkpoint: a signature line without its dash");
  line.remove_prefix(kLineStart.size());
  const std::size_t space = line.find(' ');
  if (space == 0 || space == std::string_view::npos)
    return Invalid("checkpoint: a signature line without name or signature");
  const Buffer bytes = TRY_IN("checkpoint: signature line", FromBase64(line.substr(space + 1)));
  if (bytes.size() <= kKeyIdBytes) return Invalid("checkpoint: signature line: too short");
  const bool ours =
      line.substr(0, space) == key.name && std::equal(key.id.begin(), key.id.end(), bytes.begin());
  if (!ours) return std::optional<Buffer>();
  return std::optional<Buffer>(Buffer(bytes.begin() + kKeyIdBytes, bytes.end()));
}

}  // namespace

// Both would end a name. Other kinds of space than ASCII's are refused with it: all of them lie outside
// ASCII.
Status CheckKeyName(std::string_view name) {
  const auto fits = [](char c) { return c > ' ' && c < 0x7F && c != '+'; };
  if (name.empty()) return Invalid("key name: empty");
  if (!std::all_of(name.begin(), name.end(), fits)) {
    return Invalid("key name: not printable ASCII without spaces and plus signs");
  }
  return Done{};
}

NoteKey MakeNoteKey(std::string name, NoteKeyKind kind, crypto::PublicKey key) {
  Buffer id = KeyId(name, TypedKey(kind, key));
  return {std::move(name), kind, std::move(id), std::move(key)};
}

std::string NoteKeyText(const NoteKey& key) {
  return fmt::format("{}+{}+{}", key.name, ToHex(key.id), ToBase64(TypedKey(key.kind, key.key)));
}

Result<NoteKey> ParseNoteKey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return Invalid("verifier key: not name+id+key");
  const std::string_view name = text.substr(0, first);
  TRY_IN("verifier key", CheckKeyName(name));
  const Buffer id = TRY_IN("verifier key: id", FromHex(text.substr(first + 1, second - first - 1)));
  const Buffer typed = TRY_IN("verifier key: key", FromBase64(text.substr(second + 1)));
  const bool known = !typed.empty() && (typed.front() == static_cast<std::uint8_t>(NoteKeyKind::kLog) ||
                                        typed.front() == static_cast<std::uint8_t>(NoteKeyKind::kWitness));
  if (!known || typed.size() != 1 + kEd25519KeyBytes) return Invalid("verifier key: not an Ed25519 key");
  if (KeyId(name, typed) != id) return Invalid("verifier key: the id is not the one of this name and key");
  crypto::PublicKey key = TRY_IN("verifier key", crypto::PublicKey::FromRawEd25519(Bytes(typed).subspan(1)));
  return NoteKey{std::string(name), static_cast<NoteKeyKind>(typed.front()), id, std::move(key)};
}

Result<Note> SplitNote(std::string_view note) {
  if (note.size() > kNoteBytesMax) {
    return Invalid(fmt::format("checkpoint: {} octets, at most {} are allowed", note.size(), kNoteBytesMax));
  }
  TRY_IN("checkpoint", CheckText(note));
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) return Invalid("checkpoint: no blank line before the signatures");
  const Note parts{note.substr(0, blank + 1), note.substr(blank + 2)};
  if (!parts.signatures.ends_with('\n')) return Invalid("checkpoint: the last line has no end");
  const auto lines = std::count(parts.signatures.begin(), parts.signatures.end(), '\n');
  if (static_cast<std::size_t>(lines) > kSignatureLinesMax) {
    return Invalid(fmt::format("checkpoint: more than {} signature lines", kSignatureLinesMax));
  }
  return parts;
}

std::string SignatureLine(const NoteKey& key, Bytes signature) {
  ByteWriter bytes;
  bytes.Raw(key.id);
  bytes.Raw(signature);
  return fmt::format("{}{} {}\n", kLineStart, key.name, ToBase64(bytes.bytes()));
}

Result<std::vector<Buffer>> SignaturesBy(const NoteKey& key, const Note& note) {
  std::vector<Buffer> signatures;
  std::string_view rest = note.signatures;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::optional<Buffer> signature = TRY(SignatureBy(key, rest.substr(0, end)));
    if (signature.has_value()) signatures.push_back(std::move(*signature));
    rest.remove_prefix(end + 1);
  }
  return signatures;
}

}  // namespace probatio::ledger
