// CSV files of platforms, subscriber registers and logs, by a mapping (docs/formats/csv.md). A piece is one
// row as CsvRows cuts them. Pure; a decoder serves one thread.
#pragma once

#include "decode/csv/csv_row.h"
#include "decode/mapping/mapped_decoder.h"

namespace probatio::decode {

class CsvDecoder : public MappedDecoder {
 public:
  CsvDecoder(Mapping mapping, SourceClock clock);

  // Is the header as the mapping wants it? kInvalid names every column that is in only one of the two. Until
  // the first row it is not known: ok.
  const Status& header() const { return header_; }
  const std::vector<std::string>& names() const { return names_; }

 protected:
  Result<std::optional<std::vector<Cell>>> CellsOf(const Piece& piece) final;
  std::string place() const final;

 private:
  Status TakeHeader(const std::vector<CsvCell>& cells);
  Status CheckNames() const;

  std::vector<std::string> names_;
  Status header_ = Done{};
  std::uint64_t line_ = 1;  // of the next piece
  std::uint64_t row_line_ = 1;
};

}  // namespace probatio::decode
