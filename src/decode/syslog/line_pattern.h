// The one way in which a vendor's line is read: a pattern of literal text and captures, and a list of keys
// for lines that are pairs. Compiled once; matching allocates nothing and never goes back, so that its cost
// is the length of the line. Pure; thread-safe.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace probatio::decode {

// What a capture is. Its name in a pattern stands beside it.
enum class Capture : std::uint8_t {
  kSkip,        // {*}: anything, up to the literal that follows
  kInside,      // {inside}: address
  kInside6,     // {inside6}: IPv6 address beside it: of the tunnel that it came through (DS-Lite)
  kInsidePort,  // {inside_port}
  kPublic,      // {public}
  kPublicPort,  // {public_port}
  kFirst,       // {first}: of a port block
  kLast,        // {last}
  kProto,       // {proto}: name or number
  kRealm,       // {realm}
  kSubscriber,  // {subscriber}
  kExporter,    // {exporter}
  kEpoch,       // {epoch}: seconds since 1970, or their thousandths, millionths, ... by the number of digits
  kHexEpoch,    // {hex_epoch}: seconds since 1970, hexadecimal
  kTime,        // {time}: as ctime prints it; the only one that may hold blanks
  kCount,
};
std::string_view NameOf(Capture capture);

// What stood there; empty where nothing did, or "-".
using Captures = std::array<std::string_view, static_cast<std::size_t>(Capture::kCount)>;

// How far a text went along with a pattern.
struct Match {
  bool whole = false;
  bool committed = false;         // went past a '!': the line is of this form and no other
  std::size_t end = 0;            // offset behind what was matched
  std::string_view missing = {};  // the literal, key or capture that did not stand there
};

class LinePattern {
 public:
  // `pattern`: literal text and captures; '!' behind what tells the form for sure; '$' at its end stands for
  // the end of the line. `keys`: pairs such as `src={inside}, cn3Label=Last Nat Port, user?={subscriber}`:
  // each key must stand in the line, in any order, with that value or that capture; "?" lets it be absent.
  // CHECKs that both are well formed: they are ours.
  LinePattern(std::string_view pattern, std::string_view keys);

  // Begins at `at`; writes what was captured, also where the whole did not match.
  Match Read(std::string_view line, std::size_t at, Captures* out) const;

 private:
  struct Step {
    enum class Kind { kLiteral, kCapture, kCommit } kind = Kind::kCapture;
    Capture capture = Capture::kSkip;
    std::string text;  // of a literal
  };
  struct Key {
    std::string name;
    std::optional<Capture> capture;
    std::string value;  // where there is no capture
    bool optional = false;
  };

  // The literal behind step i, a commit between them aside; null where none follows.
  const std::string* LiteralAfter(std::size_t i) const;
  Match ReadSteps(std::string_view line, std::size_t at, Captures* out) const;
  Match ReadKeys(std::string_view line, std::size_t at, Captures* out) const;
  bool TakeKey(std::string_view name, std::string_view value, Captures* out, std::uint32_t* seen) const;

  std::vector<Step> steps_;
  std::vector<Key> keys_;
  bool to_the_end_ = false;
};

}  // namespace probatio::decode
