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

// Formats: "conntrack", "ipfix" and "netflow9" (raw messages or a capture), "jsonl", "syslog-cgn" (lines or a
// capture), and those of subscriber_logs.h, whose `radius_secrets` is a file. `exporter` names the exporter
// of raw messages; in a capture it is the datagram's source address. `clock` is what is known of the source's
// clock. kUsage for an unknown format, kInvalid when nothing of the file could be read.
Result<Input> ReadInput(const std::string& format, const std::string& path, const std::string& exporter,
                        const decode::SourceClock& clock = {}, const std::string& radius_secrets = {});

// Their names, for a person: "conntrack, ipfix, ...".
std::string InputFormats();

// Counts and errors, for a person, on `err`.
void PrintCounts(const Input& input, std::ostream& err);

}  // namespace probatio::cli
