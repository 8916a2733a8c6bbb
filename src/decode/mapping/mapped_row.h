// One row of columns as a record, by a mapping; and what became of each column, so that a person can see it
// before anything is imported. A value that a record may not show (record/secret_text.h) is not shown here
// either. Pure; thread-safe.
#pragma once

#include "decode/mapping/mapping.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

// One column of one row. None: the source said nothing; several: a list.
struct Cell {
  std::string name;
  std::vector<std::string> values;
};

enum class Fate : std::uint8_t {
  kRead,
  kAbsent,   // mapped, and the row says nothing there
  kDropped,  // named under `drop`
  kOther,    // named nowhere
  kContent,  // dropped, and speaks of content or of a recipient: its source should not send it
};

struct ColumnReading {
  std::string name;
  Fate fate = Fate::kRead;
  std::string field;    // of the record
  std::string written;  // what stands there; cut, and not of secrets nor of content
};

struct RowReading {
  std::vector<ColumnReading> columns;
  std::optional<record::Record> record;
  std::string skipped;  // why the row is no record; empty when it is one, or when it is broken
};

// kInvalid names the column and the reason, never the value. `clock` is what is known of the source's clock;
// its zone is the one that the mapping names, or the caller's. `reading` holds what was found up to an error.
Status ReadMappedRow(const Mapping& mapping, const SourceClock& clock, const std::vector<Cell>& cells,
                     RowReading* reading);

// What became of a column, whatever the row.
Fate FateOf(const Mapping& mapping, const std::string& column);

}  // namespace probatio::decode
