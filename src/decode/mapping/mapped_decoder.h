// A decoder whose pieces are rows of columns: CSV (decode/csv) and JSON Lines (decode/jsonl) by a mapping. It
// counts what became of every column and row. One decoder serves one thread.
#pragma once

#include "decode/decoder.h"
#include "decode/mapping/mapped_row.h"

namespace probatio::decode {

inline constexpr std::size_t kCountedNamesMax = 1'024;  // columns that are told apart

class MappedDecoder : public Decoder {
 public:
  MappedDecoder(Mapping mapping, SourceClock clock) : mapping_(std::move(mapping)), clock_(std::move(clock)) {
    if (mapping_.error_ns > clock_.error_ns) clock_.error_ns = mapping_.error_ns;
  }

  Status Decode(const Piece& piece, std::vector<record::Record>* out) final;
  std::map<std::string, std::uint64_t> counts() const final { return counts_; }

  // The same for one piece, with what became of each column; for a dry run.
  Status Read(const Piece& piece, RowReading* reading);

  const Mapping& mapping() const { return mapping_; }

 protected:
  // The columns of a piece. Nothing for a piece that is no row: blank, or the header.
  virtual Result<std::optional<std::vector<Cell>>> CellsOf(const Piece& piece) = 0;
  // Where the last piece began, for messages: "line 3".
  virtual std::string place() const = 0;
  void Count(const std::string& name);

 private:
  Mapping mapping_;
  SourceClock clock_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace probatio::decode
