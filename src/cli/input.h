// One input file in one of the formats of `decode` and `import`, read in bounded parts: its records go on
// batch by batch, and what was not read is counted by name. Nothing is invented and nothing is dropped in
// silence.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "decode/cut/file_decoder.h"
#include "record/record.h"

namespace probatio::cli {

// A batch goes on when it has so many records (and those of one more piece), or was read from so many octets.
inline constexpr std::size_t kInputBatchRecords = 65'536;
inline constexpr std::uint64_t kInputBatchBytes = 16U << 20;

// What is known of a file when it was read to its end.
struct Input {
  std::uint64_t records = 0;
  std::vector<Error> errors;  // each names file, place and reason; the rest was read all the same
  std::uint64_t broken = 0;   // pieces that could not be read; more than errors, which are limited
  std::map<std::string, std::uint64_t>
      counts;  // "messages", "nat_records", "refused: no public address", ...
  std::vector<decode::SequenceGap> gaps;
  std::uint64_t lost = 0;
};

// What is said about the files beside their bytes.
struct InputKind {
  std::string format;          // one of InputFormats
  std::string exporter;        // of raw messages; in a capture it is the datagram's source address
  std::string mapping;         // file that says which column is which field, of csv and jsonl; empty: none
  std::string radius_secrets;  // file for radius-pcap; empty: packets are not checked
  decode::SourceClock clock;   // what is known of the source's clock
};

// How far a file is read.
struct InputPlace {
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> of_bytes;  // of a pipe not known
};

struct InputSinks {
  // The next records, in the order of the file; an error ends the reading.
  std::function<Status(std::span<const record::Record>, const InputPlace&)> take;
  std::function<void(const decode::BrokenPiece&)> put_aside;  // may be empty
};

// kUsage for an unknown format, kInvalid when nothing of the file could be read.
Result<Input> ReadInput(const InputKind& kind, const std::string& path, const InputSinks& sinks);
// The same without mappings: what needs one is an unknown format.
Result<Input> ReadPlainInput(const InputKind& kind, const std::string& path, const InputSinks& sinks);

// For a person: "conntrack, ipfix, ...".
std::string InputFormats();

// Counts and errors, for a person, on `err`.
void PrintCounts(const Input& input, std::ostream& err);

}  // namespace probatio::cli
