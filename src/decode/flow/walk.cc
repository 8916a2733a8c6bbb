#include "decode/flow/walk.h"

#include "decode/flow/data_set.h"

namespace probatio::decode {
namespace {

class Visit : public DataVisitor {
 public:
  explicit Visit(const std::function<void(const DataRecord&)>& visit) : visit_(visit) {}
  void OnRecord(const DataRecord& data) override { visit_(data); }

 private:
  const std::function<void(const DataRecord&)>& visit_;
};

class Walker {
 public:
  Walker(const MessageHeader& header, FlowSession* session, DataVisitor* visitor)
      : session_(session), visitor_(*visitor), sequence_(header.sequence) {
    walk_.header = header;
  }

  Status Step(const Set& set) {
    switch (set.kind) {
      case SetKind::kTemplates:
      case SetKind::kOptionsTemplates:
        return Learn(set);
      case SetKind::kData:
        return ReadData(set);
      case SetKind::kReserved:
        break;
    }
    ++walk_.sets_reserved;
    return Done{};
  }

  // Nothing of the message is kept before all of it was read.
  MessageWalk Finish() {
    walk_.own_records = walk_.data_records + walk_.options_records;
    for (PendingSet& set : unread_) session_->pending.Hold(std::move(set));
    for (const Change& change : changes_) {
      if (change.learned == nullptr) {
        session_->templates.Remove(walk_.header.domain, change.withdrawal);
      } else if (session_->templates.Put(walk_.header.domain, change.learned)) {
        ReadWaiting(change.learned);
      } else {
        ++walk_.templates_refused;
      }
    }
    return walk_;
  }

 private:
  // What the message does to the templates, in its order.
  struct Change {
    TemplatePtr learned;  // null: a withdrawal
    Withdrawal withdrawal;
  };

  Status Learn(const Set& set) {
    const TemplateSet read = TRY(ReadTemplateSet(set, walk_.header.version));
    (set.kind == SetKind::kTemplates ? walk_.templates : walk_.options_templates) += read.templates.size();
    for (const TemplatePtr& learned : read.templates) changes_.push_back({learned, {}});
    const bool heed = session_->transport == Transport::kStream;
    (heed ? walk_.withdrawals : walk_.withdrawals_ignored) += read.withdrawals.size();
    if (!heed) return Done{};
    for (const Withdrawal& withdrawal : read.withdrawals) changes_.push_back({nullptr, withdrawal});
    return Done{};
  }

  Status ReadData(const Set& set) {
    const TemplatePtr record_template = Find(set.id);
    if (record_template == nullptr || record_template->length_min == 0) {
      ++walk_.sets_without_template;
      if (record_template == nullptr)
        unread_.push_back({walk_.header, set.id, set.offset, sequence_, ToBuffer(set.body)});
      if (CountsRecords()) sequence_.reset();
      return Done{};
    }
    return ReadRecords(set, record_template, walk_.header, &sequence_);
  }

  Status ReadRecords(const Set& set, const TemplatePtr& record_template, const MessageHeader& header,
                     std::optional<std::uint32_t>* sequence) {
    std::size_t& records = record_template->options ? walk_.options_records : walk_.data_records;
    if (visitor_.OnRecords({header, record_template, set.body, *sequence})) {
      const std::size_t count = set.body.size() / record_template->length_min;
      records += count;
      if (CountsRecords() && sequence->has_value()) **sequence += static_cast<std::uint32_t>(count);
      return Done{};
    }
    DataSetReader reader(set, *record_template);
    while (true) {
      const bool more = TRY(reader.Next(&values_));
      if (!more) return Done{};
      ++records;
      visitor_.OnRecord({header, record_template, values_, *sequence});
      if (CountsRecords() && sequence->has_value()) ++**sequence;
    }
  }

  void ReadWaiting(const TemplatePtr& learned) {
    if (learned->length_min == 0) return;
    for (PendingSet& waiting : session_->pending.Take(walk_.header.domain, learned->id, walk_.header)) {
      const Set set{SetKind::kData, waiting.id, waiting.offset, waiting.body};
      const bool fits = Fits(set, *learned);
      ++(fits ? walk_.sets_read_late : walk_.sets_broken_late);
      if (fits) CHECK(ReadRecords(set, learned, waiting.header, &waiting.sequence).ok());
    }
  }

  // A set whose octets leave it gives nothing, as a malformed message gives nothing.
  bool Fits(const Set& set, const Template& record_template) {
    DataSetReader reader(set, record_template);
    while (true) {
      const Result<bool> more = reader.Next(&values_);
      if (!more.ok() || !more.value()) return more.ok();
    }
  }

  // The latest definition counts, and one in this message is later than the table's.
  TemplatePtr Find(std::uint16_t id) const {
    bool withdrawn[2] = {false, false};  // all ordinary templates, all options templates
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
      const auto& [learned, withdrawal] = *change;
      if (learned != nullptr && learned->id == id) return withdrawn[learned->options] ? nullptr : learned;
      if (learned == nullptr && withdrawal.id == id) return nullptr;
      if (learned == nullptr && withdrawal.id == 0) withdrawn[withdrawal.options] = true;
    }
    const TemplatePtr known = session_->templates.Find(walk_.header.domain, id);
    return known != nullptr && withdrawn[known->options] ? nullptr : known;
  }

  bool CountsRecords() const { return decode::CountsRecords(walk_.header.version); }

  FlowSession* session_;
  DataVisitor& visitor_;
  std::optional<std::uint32_t> sequence_;
  MessageWalk walk_;
  std::vector<Change> changes_;
  std::vector<PendingSet> unread_;
  std::vector<Bytes> values_;
};

}  // namespace

Result<MessageWalk> WalkMessage(Bytes message, FlowSession* session,
                                const std::function<void(const DataRecord&)>& visit) {
  Visit visitor(visit);
  return WalkMessage(message, session, &visitor);
}

Result<MessageWalk> WalkMessage(Bytes message, FlowSession* session, DataVisitor* visitor) {
  const MessageHeader header = TRY(ReadMessageHeader(message));
  const std::vector<Set> sets = TRY(ReadSets(message.first(header.length), header));
  Walker walker(header, session, visitor);
  for (const Set& set : sets) TRY(walker.Step(set));
  MessageWalk walk = walker.Finish();
  walk.trailing_octets = message.size() - header.length;
  return walk;
}

}  // namespace probatio::decode
