#include "record/record_batch.h"

namespace probatio::record {

void RecordBatch::Add(Record record) {
  const auto* const event = std::get_if<NatEvent>(&record);
  if (event != nullptr && !event->end_at.has_value() && takes_rows_) {
    takes_rows_ = events.Add(*event);
    if (takes_rows_) return;
  }
  records.push_back(std::move(record));
}

void RecordBatch::Clear() {
  records.clear();
  takes_rows_ = true;
  const std::size_t entries = events.shapes().size() + events.insides().size() + events.addresses().size();
  // Half of the shapes must be free: a piece that needs more is rare, and takes the slow way.
  const bool keep = entries <= kListEntriesKept && events.shapes().size() <= kNatShapesMax / 2;
  keep ? events.ClearRows() : events.Clear();
}

void RecordBatch::GoBackTo(const Mark& mark) {
  CHECK(mark.rows <= events.rows.size() && mark.records <= records.size());
  events.rows.resize(mark.rows);
  records.resize(mark.records);
  takes_rows_ = mark.takes_rows;
}

void RecordBatch::MakeRecords(std::size_t first, std::size_t place) {
  CHECK(first <= events.rows.size() && place <= records.size());
  std::vector<Record> made;
  made.reserve(events.rows.size() - first);
  for (std::size_t i = first; i < events.rows.size(); ++i) made.emplace_back(events.EventOf(events.rows[i]));
  records.insert(records.begin() + static_cast<std::ptrdiff_t>(place), std::make_move_iterator(made.begin()),
                 std::make_move_iterator(made.end()));
  events.rows.resize(first);
  takes_rows_ = false;
}

}  // namespace probatio::record
