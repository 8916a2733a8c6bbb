// FromJson: one JSON object into a record.
#include <fmt/format.h>

#include <algorithm>

#include "record/canonical.h"
#include "record/flat_object.h"
#include "record/json.h"
#include "record/value.h"

namespace probatio::record {
namespace {

Status WantText(const FlatValue& value) {
  if (value.type != FlatValue::Type::kText) return Invalid("not a text");
  return Done{};
}

Result<ClockSource> ParseEnum(std::string_view text, ClockSource /*type*/) {
  return ParseClockSource(text);
}
Result<NatEventKind> ParseEnum(std::string_view text, NatEventKind /*type*/) {
  return ParseNatEventKind(text);
}
Result<SessionEventKind> ParseEnum(std::string_view text, SessionEventKind /*type*/) {
  return ParseSessionEventKind(text);
}
Result<ActivityKind> ParseEnum(std::string_view text, ActivityKind /*type*/) {
  return ParseActivityKind(text);
}

Result<SharingRuleKind> ParseEnum(std::string_view text, SharingRuleKind /*type*/) {
  return ParseSharingRuleKind(text);
}
Result<PortAlgorithm> ParseEnum(std::string_view text, PortAlgorithm /*type*/) {
  return ParsePortAlgorithm(text);
}

Status Read(const FlatValue& value, std::string* out) {
  TRY(WantText(value));
  *out = value.text;
  return Done{};
}
Status Read(const FlatValue& value, IpAddress* out) {
  TRY(WantText(value));
  *out = TRY(IpAddress::Parse(value.text));
  return Done{};
}
Status Read(const FlatValue& value, IpPrefix* out) {
  TRY(WantText(value));
  *out = TRY(IpPrefix::Parse(value.text));
  return Done{};
}
Status Read(const FlatValue& value, Instant* out) {
  TRY(WantText(value));
  *out = TRY(Instant::ParseRfc3339(value.text));
  return Done{};
}
Status Read(const FlatValue& value, ClockOffset* out) {
  const bool negative = value.type == FlatValue::Type::kNegative;
  if (!negative && value.type != FlatValue::Type::kNumber) return Invalid("not a whole number");
  if (!negative && value.number > INT64_MAX) return Invalid(fmt::format("above {}", INT64_MAX));
  out->ns = static_cast<std::int64_t>(value.number);
  return Done{};
}
Status Read(const FlatValue& value, std::vector<std::string>* out) {
  if (value.type != FlatValue::Type::kList) return Invalid("not a list of texts");
  *out = value.list;
  return Done{};
}
template <class T>
requires std::is_enum_v<T> Status Read(const FlatValue& value, T* out) {
  TRY(WantText(value));
  *out = TRY(ParseEnum(value.text, T{}));
  return Done{};
}
template <class T>
requires std::is_integral_v<T> Status Read(const FlatValue& value, T* out) {
  // The one field of a single octet is the protocol, which has names.
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    if (value.type == FlatValue::Type::kText) {
      *out = TRY(ParseProtocol(value.text));
      return Done{};
    }
  }
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  if (value.type != FlatValue::Type::kNumber) return Invalid("not a whole number");
  if (value.number > kMax) return Invalid(fmt::format("above {}", kMax));
  *out = static_cast<T>(value.number);
  return Done{};
}

// The step of the digits that stand there: an instant written to the second is known to the second.
std::int64_t ResolutionOf(std::string_view rfc3339) {
  std::int64_t step = kNsPerSecond;
  const std::size_t point = rfc3339.find('.');
  if (point == std::string_view::npos) return step;
  for (std::size_t i = point + 1; i < rfc3339.size() && rfc3339[i] >= '0' && rfc3339[i] <= '9' && step > 1;
       ++i) {
    step /= 10;
  }
  return step;
}

class FieldReader {
 public:
  FieldReader(FlatObject* object, const std::set<Face>* faces) : object_(object), faces_(faces) {}

  template <class T>
  void operator()(FieldId field, Face face, T& value) {
    if (!status_.ok() || (faces_ != nullptr && !faces_->contains(face))) return;
    const Status read = ReadField(field, &value);
    if (!read.ok()) status_ = read.error().Within(std::string(NameOf(field)));
  }
  const Status& status() const { return status_; }
  const std::string& at_text() const { return at_text_; }  // `at` as it is written

 private:
  template <class T>
  Status ReadField(FieldId field, T* out) {
    const FlatValue* const found = object_->Use(NameOf(field));
    if (found == nullptr) return IsNeeded(field) ? Status(Invalid("missing")) : Status(Done{});
    typename ValueOf<T>::Type value{};
    TRY(Read(*found, &value));
    *out = std::move(value);
    if (field == FieldId::kAt) at_text_ = found->text;
    return Done{};
  }

  // Of a whole record the kind was told from the event already.
  bool IsNeeded(FieldId field) const {
    return field == FieldId::kAt || field == FieldId::kValidFrom ||
           (faces_ != nullptr && field == FieldId::kEvent);
  }

  FlatObject* object_;
  const std::set<Face>* faces_;  // null: all
  Status status_ = Done{};
  std::string at_text_;
};

Result<std::string> NeedText(FlatObject* object, std::string_view key) {
  const FlatValue* const value = object->Use(key);
  if (value == nullptr) return Invalid(fmt::format("{}: missing", key));
  TRY_IN(std::string(key), WantText(*value));
  return value->text;
}

// The class and, where it has events, the event say which kind a row is.
Result<Record> EmptyRecordOf(FlatObject* object) {
  const std::string class_name = TRY(NeedText(object, "class"));
  const RecordClass record_class = TRY(ParseRecordClass(class_name));
  if (record_class == RecordClass::kIdentity) return Record(Identity{});
  if (record_class == RecordClass::kAccount) return Record(Account{});
  const std::string event = TRY(NeedText(object, "event"));
  if (record_class == RecordClass::kActivity) return Record(Activity{});
  if (ParseSessionEventKind(event).ok()) return Record(AccessSession{});
  if (ParseSharingRuleKind(event).ok()) return Record(SharingRule{});
  return Record(NatEvent{});
}

// The row's kind with no field said yet.
Record EmptyRecordOf(RecordKind kind) {
  switch (kind) {
    case RecordKind::kNatEvent:
      return NatEvent{};
    case RecordKind::kAccessSession:
      return AccessSession{};
    case RecordKind::kActivity:
      return Activity{};
    case RecordKind::kAccount:
      return Account{};
    case RecordKind::kIdentity:
      return Identity{};
    case RecordKind::kSharingRule:
      return SharingRule{};
  }
  CHECK(false);
  return NatEvent{};
}

Status RefuseUnread(const FlatObject& object) {
  for (const FlatValue& value : object.values()) {
    if (!value.used) return Invalid(fmt::format("key {}: unknown", ShownKey(value.key)));
  }
  return Done{};
}

Result<Record> ReadRecord(FlatObject* object) {
  Record record = TRY(EmptyRecordOf(object));
  FieldReader reader(object, nullptr);
  std::visit([&](auto& kind) { VisitFields(kind, reader); }, record);
  TRY(Status(reader.status()));
  if (object->Use(NameOf(FieldId::kAtResolution)) == nullptr) {
    std::visit([&](auto& kind) { kind.origin.at.resolution_ns = ResolutionOf(reader.at_text()); }, record);
  }
  TRY(CheckRecord(record));
  return record;
}

}  // namespace

Result<Record> FromJson(std::string_view line, std::vector<std::string>* dropped) {
  FlatObject object = TRY(FlatObject::Parse(line));
  Record record = TRY(ReadRecord(&object));
  for (const FlatValue& value : object.values()) {
    if (!value.used) dropped->push_back(value.key);
  }
  return record;
}

Result<Record> FromJson(std::string_view line) {
  FlatObject object = TRY(FlatObject::Parse(line));
  Record record = TRY(ReadRecord(&object));
  TRY(RefuseUnread(object));
  return record;
}

Result<Record> FromJson(std::string_view line, RecordKind kind, const std::set<Face>& faces) {
  FlatObject object = TRY(FlatObject::Parse(line));
  const std::string class_name = TRY(NeedText(&object, "class"));
  if (class_name != ToText(ClassOf(kind))) return Invalid("class: not that of the kind");
  Record record = EmptyRecordOf(kind);
  FieldReader reader(&object, &faces);
  std::visit([&](auto& fields) { VisitFields(fields, reader); }, record);
  TRY(Status(reader.status()));
  TRY(RefuseUnread(object));
  TRY(CheckFaces(record, faces));
  return record;
}

}  // namespace probatio::record
