#include "decode/ipfix/walk.h"

#include "decode/ipfix/data_set.h"

namespace probatio::decode {
namespace {

class Walker {
 public:
  Walker(const MessageHeader& header, TemplateTable* table,
         const std::function<void(const DataRecord&)>& visit)
      : table_(table), visit_(visit), sequence_(header.sequence) {
    walk_.header = header;
  }

  Status Step(const Set& set) {
    if (set.id == kTemplateSetId || set.id == kOptionsTemplateSetId) return Learn(set);
    if (set.id >= kDataSetIdMin) return ReadData(set);
    ++walk_.sets_reserved;
    return Done{};
  }

  // Nothing of the message is kept before all of it was read.
  MessageWalk Finish() {
    for (TemplatePtr& record : learned_) {
      if (!table_->Put(walk_.header.domain, std::move(record))) ++walk_.templates_refused;
    }
    return walk_;
  }

 private:
  Status Learn(const Set& set) {
    TemplateSet read = TRY(ReadTemplateSet(set));
    walk_.withdrawals_ignored += read.withdrawals;
    (set.id == kTemplateSetId ? walk_.templates : walk_.options_templates) += read.templates.size();
    for (TemplatePtr& record : read.templates) learned_.push_back(std::move(record));
    return Done{};
  }

  Status ReadData(const Set& set) {
    const TemplatePtr record_template = Find(set.id);
    if (record_template == nullptr || record_template->length_min == 0) {
      ++walk_.sets_without_template;
      sequence_.reset();
      return Done{};
    }
    DataSetReader reader(set, *record_template);
    while (true) {
      const bool more = TRY(reader.Next(&values_));
      if (!more) return Done{};
      ++(record_template->is_options() ? walk_.options_records : walk_.data_records);
      visit_({walk_.header, record_template, values_, sequence_});
      if (sequence_.has_value()) ++*sequence_;
    }
  }

  // The latest definition counts, and one in this message is later than the table's.
  TemplatePtr Find(std::uint16_t id) const {
    for (auto record = learned_.rbegin(); record != learned_.rend(); ++record) {
      if ((*record)->id == id) return *record;
    }
    return table_->Find(walk_.header.domain, id);
  }

  TemplateTable* table_;
  const std::function<void(const DataRecord&)>& visit_;
  std::optional<std::uint32_t> sequence_;
  MessageWalk walk_;
  std::vector<TemplatePtr> learned_;
  std::vector<Bytes> values_;
};

}  // namespace

Result<MessageWalk> WalkMessage(Bytes message, TemplateTable* table,
                                const std::function<void(const DataRecord&)>& visit) {
  const MessageHeader header = TRY(ReadMessageHeader(message));
  const std::vector<Set> sets = TRY(ReadSets(message.first(header.length)));
  Walker walker(header, table, visit);
  for (const Set& set : sets) TRY(walker.Step(set));
  MessageWalk walk = walker.Finish();
  walk.trailing_octets = message.size() - header.length;
  return walk;
}

}  // namespace probatio::decode
