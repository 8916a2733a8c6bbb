// Cuts a file, of which a part lies in memory, into the pieces that a decoder takes: lines, rows, entries,
// messages, datagrams of a capture. A file is never needed whole, and however it is read in parts, the pieces
// are the same. Pure; one cutter serves one file.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "decode/decoder.h"

namespace probatio::decode {

// With so much of the rest of a file before it, every cutter goes on: the largest is a block of pcapng.
inline constexpr std::size_t kCutterBytesMax = 17U << 20;

struct Cut {
  std::size_t size = 0;                // octets that are done with; 0: what begins here is not whole yet
  std::optional<Piece> piece;          // a view into them; none where they hold nothing for a decoder
  std::uint16_t destination_port = 0;  // of a datagram
};

class Cutter {
 public:
  virtual ~Cutter() = default;

  // What `rest` begins with; `last` when nothing comes after it. `rest` is not empty, and `size` is not 0 for
  // `last` or kCutterBytesMax. kInvalid where nothing more can be cut: names the place and the reason.
  virtual Result<Cut> Next(Bytes rest, bool last) = 0;

  // What was stepped over, by name; the names are part of the format's page.
  virtual std::map<std::string, std::uint64_t> counts() const { return {}; }
};

}  // namespace probatio::decode
