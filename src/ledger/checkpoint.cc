// Checkpoints as signed notes. The body is origin, size and root, a line each; every signature line names its
// key, and the key's id binds name, algorithm and key together, so that one name cannot stand for two keys.
// Pure; thread-safe.
#include "ledger/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/utf8.h"

namespace probatio::ledger {
namespace {

constexpr std::uint8_t kEd25519 = 0x01;  // c2sp.org/signed-note: signature type
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kEd25519KeyBytes = 32;
constexpr std::size_t kSignatureLinesMax = 100;
constexpr std::string_view kLineStart = "\u2014 ";  // em dash, space

struct NoteKey {
  std::string name;
  Buffer id;
  crypto::PublicKey key;
};

struct Note {
  std::string_view text;        // ends with its newline
  std::string_view signatures;  // whole lines
};

Buffer KeyId(std::string_view name, Bytes typed_key) {
  const crypto::Digest digest = crypto::Sha256({AsBytes(name), AsBytes("\n"), typed_key});
  return {digest.begin(), digest.begin() + kKeyIdBytes};
}

Buffer TypedKey(Bytes raw_key) {
  ByteWriter typed;
  typed.U8(kEd25519);
  typed.Raw(raw_key);
  return typed.Take();
}

// A key name is not empty and has neither white space nor a plus sign: both would end it. Other kinds of
// space than ASCII's are refused with it, because all of them lie outside ASCII and so do not occur in an
// origin.
Status CheckOrigin(std::string_view origin) {
  const auto fits = [](char c) { return c > ' ' && c < 0x7F && c != '+'; };
  if (origin.empty()) return Invalid("checkpoint: empty origin");
  if (!std::all_of(origin.begin(), origin.end(), fits)) {
    return Invalid("checkpoint: origin is not printable ASCII without spaces and plus signs");
  }
  return Done{};
}

Result<NoteKey> ParseVerifierKey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return Invalid("verifier key: not name+id+key");
  const std::string_view name = text.substr(0, first);
  TRY(CheckOrigin(name));
  Buffer id = TRY_IN("verifier key: id", FromHex(text.substr(first + 1, second - first - 1)));
  const Buffer typed = TRY_IN("verifier key: key", FromBase64(text.substr(second + 1)));
  if (typed.size() != 1 + kEd25519KeyBytes || typed.front() != kEd25519) {
    return Invalid("verifier key: not an Ed25519 key");
  }
  if (KeyId(name, typed) != id) return Invalid("verifier key: the id is not the one of this name and key");
  crypto::PublicKey key = TRY_IN("verifier key", crypto::PublicKey::FromRawEd25519(Bytes(typed).subspan(1)));
  return NoteKey{std::string(name), std::move(id), std::move(key)};
}

Result<Note> SplitNote(std::string_view note) {
  if (note.size() > kCheckpointBytesMax) {
    return Invalid(
        fmt::format("checkpoint: {} octets, at most {} are allowed", note.size(), kCheckpointBytesMax));
  }
  TRY_IN("checkpoint", CheckText(note));
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) return Invalid("checkpoint: no blank line before the signatures");
  const Note parts{note.substr(0, blank + 1), note.substr(blank + 2)};
  if (!parts.signatures.ends_with('\n')) return Invalid("checkpoint: the last line has no end");
  return parts;
}

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

Result<std::uint64_t> ReadSize(std::string_view line) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size);
  const bool leading_zero = line.size() > 1 && line.front() == '0';
  if (error != std::errc() || end != line.data() + line.size() || leading_zero) {
    return Invalid("checkpoint: line 2: not a tree size");
  }
  return size;
}

// Lines after the third are extensions: signed, opaque, passed over (c2sp.org/tlog-checkpoint).
Result<Checkpoint> ReadBody(std::string_view text) {
  if (std::count(text.begin(), text.end(), '\n') < 3) return Invalid("checkpoint: fewer than three lines");
  Checkpoint checkpoint;
  checkpoint.origin = TakeLine(text);
  TRY(CheckOrigin(checkpoint.origin));
  checkpoint.size = TRY(ReadSize(TakeLine(text)));
  const Buffer root = TRY_IN("checkpoint: line 3", FromBase64(TakeLine(text)));
  if (root.size() != checkpoint.root.size()) return Invalid("checkpoint: line 3: not a root of 32 octets");
  std::copy(root.begin(), root.end(), checkpoint.root.begin());
  return checkpoint;
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

Status VerifySignatures(const Note& note, const NoteKey& key) {
  bool signed_by_key = false;
  std::string_view rest = note.signatures;
  for (std::size_t lines = 0; !rest.empty(); ++lines) {
    if (lines == kSignatureLinesMax) return Invalid("checkpoint: more than 100 signature lines");
    const std::optional<Buffer> signature = TRY(SignatureBy(key, TakeLine(rest)));
    if (!signature) continue;
    TRY_IN("checkpoint", key.key.Verify(AsBytes(note.text), *signature));
    signed_by_key = true;
  }
  if (!signed_by_key) return CryptoError("checkpoint: not signed by the key named");
  return Done{};
}

}  // namespace

std::string VerifierKey(const std::string& name, const crypto::PublicKey& key) {
  const Buffer typed = TypedKey(key.RawEd25519());
  return fmt::format("{}+{}+{}", name, ToHex(KeyId(name, typed)), ToBase64(typed));
}

Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::PrivateKey& key) {
  TRY(CheckOrigin(checkpoint.origin));
  const std::string text =
      fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, ToBase64(checkpoint.root));
  const Buffer signature = TRY_IN("checkpoint", key.Sign(AsBytes(text)));
  ByteWriter line;
  line.Raw(KeyId(checkpoint.origin, TypedKey(key.Public().RawEd25519())));
  line.Raw(signature);
  std::string note =
      fmt::format("{}\n{}{} {}\n", text, kLineStart, checkpoint.origin, ToBase64(line.bytes()));
  if (note.size() > kCheckpointBytesMax) return Invalid("checkpoint: origin too long");
  return note;
}

Result<Checkpoint> OpenCheckpoint(std::string_view note, const std::string& verifier_key) {
  const NoteKey key = TRY(ParseVerifierKey(verifier_key));
  const Note parts = TRY(SplitNote(note));
  Checkpoint checkpoint = TRY(ReadBody(parts.text));
  TRY(VerifySignatures(parts, key));
  // A log's key carries the log's name; a note by it for another log is a mistake or a trick.
  if (checkpoint.origin != key.name) return CryptoError("checkpoint: the origin is not the key's name");
  return checkpoint;
}

}  // namespace probatio::ledger
