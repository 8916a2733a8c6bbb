// Records on their way from a decoder to a store: NAT events as rows, everything else one by one. A create
// and its delete meet by the order in which they came, so that order is kept: what stands among the records
// came after the rows, but for events with an end of their own, which meet nothing. Values; not thread-safe.
#pragma once

#include "record/nat_event_batch.h"

namespace probatio::record {

// Entries of the lists of `events` that are kept over a Clear. Above it they are made anew: whoever can send
// records can send addresses.
inline constexpr std::size_t kListEntriesKept = 65'536;

class RecordBatch {
 public:
  NatEventBatch events;  // to be stored before `records`
  std::vector<Record> records;

  // A NAT event without an end becomes a row; where the shapes are full it becomes a record, and so does each
  // event after it until Clear.
  void Add(Record record);
  // False: a row would come before events that are older.
  bool takes_rows() const { return takes_rows_; }

  std::size_t size() const { return events.rows.size() + records.size(); }
  bool empty() const { return size() == 0; }
  void Clear();

  // A point to go back to, when a message turns out to be malformed.
  struct Mark {
    std::size_t rows = 0;
    std::size_t records = 0;
    bool takes_rows = true;
  };
  Mark mark() const { return {events.rows.size(), records.size(), takes_rows_}; }
  void GoBackTo(const Mark& mark);
  // Makes the rows from `first` on into records that stand at `place` among them.
  void MakeRecords(std::size_t first, std::size_t place);

 private:
  bool takes_rows_ = true;
};

}  // namespace probatio::record
