// What every decoder of a log looks like from outside: pieces in (a datagram, a line, an entry of a file),
// records out. Where pieces come from (a capture, a file, a socket) is not a decoder's business, so each
// format works from all of them. Pure: no clock, socket or file; one decoder serves one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "decode/flow/sequence.h"
#include "record/record_batch.h"

namespace probatio::decode {

// One piece of input as it came.
struct Piece {
  Bytes bytes;                      // valid during the call
  std::optional<Instant> received;  // our clock, or the capture's, when it arrived; absent from a plain file
  std::optional<IpAddress> source;  // who sent the datagram; absent from a plain file
  std::uint16_t source_port = 0;
};

class Decoder {
 public:
  virtual ~Decoder() = default;

  // Appends the records of one piece. kInvalid names the place in the piece and the reason; what the piece
  // gave before that place may stand in `out` only where the format's rules let it (a malformed IPFIX message
  // gives nothing). The pieces after it are not touched by an error.
  virtual Status Decode(const Piece& piece, std::vector<record::Record>* out) = 0;
  // The same records, in the same order, at the least cost: where the format comes by the million, NAT events
  // as rows.
  virtual Status DecodeInto(const Piece& piece, record::RecordBatch* out) {
    return Decode(piece, &out->records);
  }

  // Everything seen and not handed on, by name ("lines", "flows", "refused: no public address", ...). The
  // names are part of the format's page.
  virtual std::map<std::string, std::uint64_t> counts() const = 0;

  // Losses found since the last call, where the format numbers its records.
  virtual std::vector<SequenceGap> TakeGaps() { return {}; }
  // Nothing more comes: what still waited for something is lost, and TakeGaps says so.
  virtual void EndSession() {}

  // What the next run of the collector must know to read on; empty where there is nothing to know.
  virtual Buffer SaveState(Instant /*now*/) const { return {}; }
  // Before the first piece. kInvalid says what is wrong with the state.
  virtual Status RestoreState(Bytes /*state*/) { return Done{}; }
};

}  // namespace probatio::decode
