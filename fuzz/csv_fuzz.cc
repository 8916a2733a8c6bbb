// Any bytes as a CSV file without a mapping, and as rows of an unknown log: what is read keeps the rules of a
// record, rows are cut without losing an octet, and lint says what it saw.
#include "decode/csv/csv_decoder.h"
#include "decode/lint/log_lint.h"
#include "piece_fuzz.h"
#include "record/canonical.h"

using namespace probatio;

struct CommaCutter : decode::CsvCutter {
  CommaCutter() : CsvCutter(',') {}
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes file(data, size);
  const std::string_view text = AsText(file);
  decode::CsvRows rows(text, ',');
  std::size_t octets = 0;
  while (const std::optional<decode::CsvRow> row = rows.Next()) octets += row->text.size();
  CHECK(octets == size);
  decode::CsvDecoder decoder(decode::NativeMapping(), {});
  std::vector<record::Record> records;
  for (const std::string_view row : fuzz::PiecesOf<CommaCutter>(file)) {
    const Status decoded = decoder.Decode({AsBytes(row), {}, {}, 0}, &records);
    CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
  }
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
  const Result<decode::LogColumns> log = decode::ReadLogColumns(file);
  if (log.ok()) CHECK(!decode::LintLog(log.value(), nullptr).findings.empty());
  return 0;
}
