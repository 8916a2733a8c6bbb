// C2SP signed notes (c2sp.org/signed-note): a text, a blank line, signature lines that each name their key. A
// key's id binds name, algorithm and key together, so that one name cannot stand for two keys. Pure;
// thread-safe.
#pragma once

#include <string>
#include <vector>

#include "crypto/certificate.h"

namespace probatio::ledger {

inline constexpr std::size_t kNoteBytesMax = 65'536;
inline constexpr std::size_t kSignatureLinesMax = 100;

// How a key signs; the values are those of c2sp.org/signed-note, "Signature types".
enum class NoteKeyKind : std::uint8_t {
  kLog = 0x01,      // Ed25519 over the text
  kWitness = 0x04,  // Ed25519 over the text and an instant (c2sp.org/tlog-cosignature)
};

struct NoteKey {
  std::string name;
  NoteKeyKind kind = NoteKeyKind::kLog;
  Buffer id;  // 4 octets
  crypto::PublicKey key;
};

// kInvalid unless `name` is printable ASCII without spaces and plus signs.
Status CheckKeyName(std::string_view name);
// The key of that name; the name has passed CheckKeyName.
NoteKey MakeNoteKey(std::string name, NoteKeyKind kind, crypto::PublicKey key);
// "<name>+<id in hexadecimal>+<Base64 of kind ‖ key>", and back. kInvalid also for keys of other kinds.
std::string NoteKeyText(const NoteKey& key);
Result<NoteKey> ParseNoteKey(std::string_view text);

struct Note {
  std::string_view text;        // ends with its newline
  std::string_view signatures;  // whole lines
};
Result<Note> SplitNote(std::string_view note);

// "— <name> <Base64 of id ‖ signature>\n".
std::string SignatureLine(const NoteKey& key, Bytes signature);
// What the lines by this very key carry, without the id; lines by others are passed over, by a name and an id
// that nobody asked about too. kInvalid for a line that is none.
Result<std::vector<Buffer>> SignaturesBy(const NoteKey& key, const Note& note);

}  // namespace probatio::ledger
