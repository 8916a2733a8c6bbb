#include "ledger/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace probatio::ledger {
namespace {

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
  TRY_IN("checkpoint: origin", CheckKeyName(checkpoint.origin));
  checkpoint.size = TRY(ReadSize(TakeLine(text)));
  const Buffer root = TRY_IN("checkpoint: line 3", FromBase64(TakeLine(text)));
  if (root.size() != checkpoint.root.size()) return Invalid("checkpoint: line 3: not a root of 32 octets");
  std::copy(root.begin(), root.end(), checkpoint.root.begin());
  return checkpoint;
}

}  // namespace

std::string VerifierKey(const std::string& name, const crypto::PublicKey& key) {
  return NoteKeyText(MakeNoteKey(name, NoteKeyKind::kLog, key));
}

Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::PrivateKey& key) {
  TRY_IN("checkpoint: origin", CheckKeyName(checkpoint.origin));
  const std::string text =
      fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, ToBase64(checkpoint.root));
  const Buffer signature = TRY_IN("checkpoint", key.Sign(AsBytes(text)));
  const NoteKey named = MakeNoteKey(checkpoint.origin, NoteKeyKind::kLog, key.Public());
  std::string note = text + "\n" + SignatureLine(named, signature);
  if (note.size() > kCheckpointBytesMax) return Invalid("checkpoint: origin too long");
  return note;
}

Result<Checkpoint> OpenCheckpoint(std::string_view note, const std::string& verifier_key) {
  const NoteKey key = TRY(ParseNoteKey(verifier_key));
  if (key.kind != NoteKeyKind::kLog) return Invalid("verifier key: a witness's, not a ledger's");
  const Note parts = TRY(SplitNote(note));
  Checkpoint checkpoint = TRY(ReadBody(parts.text));
  const std::vector<Buffer> signatures = TRY(SignaturesBy(key, parts));
  if (signatures.empty()) return CryptoError("checkpoint: not signed by the key named");
  for (const Buffer& signature : signatures)
    TRY_IN("checkpoint", key.key.Verify(AsBytes(parts.text), signature));
  // A log's key carries the log's name; a note by it for another log is a mistake or a trick.
  if (checkpoint.origin != key.name) return CryptoError("checkpoint: the origin is not the key's name");
  return checkpoint;
}

}  // namespace probatio::ledger
