// One input file in one of the formats of `decode` and `import`, read into records, with everything that was
// not read counted by name. Nothing is invented and nothing is dropped in silence.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decode/flow/sequence.h"
#include "decode/time/source_clock.h"
#include "record/record.h"

namespace probatio::cli {

struct Input {
  std::vector<record::Record> records;
  std::vector<Error> errors;  // each names file, place and reason; the rest was read all the same
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

// kUsage for an unknown format, kInvalid when nothing of the file could be read.
Result<Input> ReadInput(const InputKind& kind, const std::string& path);
// The same without mappings: what needs one is an unknown format.
Result<Input> ReadPlainInput(const InputKind& kind, const std::string& path);

// For a person: "conntrack, ipfix, ...".
std::string InputFormats();

// Counts and errors, for a person, on `err`.
void PrintCounts(const Input& input, std::ostream& err);

}  // namespace probatio::cli
