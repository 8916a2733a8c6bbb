#include "order/subject_json.h"

#include <fmt/format.h>

#include "record/record.h"

namespace probatio::order {
namespace {

constexpr std::size_t kSubjectBytesMax = 256;

Result<std::int64_t> ReadErrorNs(const JsonView& tuple) {
  if (tuple.Has("error_s") == tuple.Has("error_ns")) {
    return tuple.Wrong("exactly one of error_s and error_ns is needed");
  }
  if (tuple.Has("error_ns")) return tuple.Integer("error_ns", 0, kTupleErrorSecondsMax * kNsPerSecond);
  const std::int64_t seconds = TRY(tuple.Integer("error_s", 0, kTupleErrorSecondsMax));
  return seconds * kNsPerSecond;
}

Result<Tuple> ReadTuple(const JsonView& view) {
  TRY(view.OnlyKeys({"ip", "port", "proto", "at", "error_s", "error_ns"}));
  Tuple tuple;
  tuple.ip = TRY(view.Parsed("ip", IpAddress::Parse));
  const std::int64_t port = TRY(view.Integer("port", 0, 65'535));
  tuple.port = static_cast<std::uint16_t>(port);
  tuple.proto = TRY(view.Parsed("proto", record::ParseProtocol));
  tuple.at = TRY(view.Parsed("at", Instant::ParseRfc3339));
  tuple.error_ns = TRY(ReadErrorNs(view));
  return tuple;
}

}  // namespace

Result<Subject> ReadSubject(const JsonView& view) {
  TRY(view.OnlyKeys(
      {"message", "account", "phone", "email", "subscriber", "tuple", "other_accounts", "other"}));
  Subject subject;
  int kinds = 0;
  for (const SubjectKind kind :
       {SubjectKind::kMessage, SubjectKind::kAccount, SubjectKind::kPhone, SubjectKind::kEmail,
        SubjectKind::kSubscriber, SubjectKind::kTuple, SubjectKind::kOtherAccounts, SubjectKind::kOther}) {
    if (!view.Has(ToText(kind))) continue;
    subject.kind = kind;
    ++kinds;
  }
  if (kinds != 1) return view.Wrong("exactly one subject is needed");
  const std::string key(ToText(subject.kind));
  if (subject.kind == SubjectKind::kTuple) {
    const JsonView tuple = TRY(view.Object(key));
    subject.tuple = TRY(ReadTuple(tuple));
    return subject;
  }
  if (subject.kind == SubjectKind::kOtherAccounts) {
    const bool flag = TRY(view.Flag(key));
    if (!flag) return view.WrongAt(key, "not true");
    return subject;
  }
  subject.value = TRY(view.Filled(key));
  if (subject.value.size() > kSubjectBytesMax) {
    return view.WrongAt(key, fmt::format("longer than {} bytes", kSubjectBytesMax));
  }
  return subject;
}

Result<std::vector<std::string>> ReadEvents(const JsonView& line) {
  std::vector<std::string> events = TRY(line.Texts("events", kLineEventsMax));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto known = record::ParseActivityKind(events[i]);
    if (!known.ok())
      return line.WrongAt(fmt::format("events[{}]", i), "not account_created, login or message_sent");
  }
  return events;
}

Result<Period> ReadPeriod(const JsonView& view) {
  TRY(view.OnlyKeys({"from", "to"}));
  Period period;
  period.begin = TRY(view.Parsed("from", Instant::ParseRfc3339));
  period.end = TRY(view.Parsed("to", Instant::ParseRfc3339));
  if (period.end < period.begin) return view.Wrong("ends before it begins");
  if (period.end == period.begin) return view.Wrong("is empty: `to` is excluded");
  return period;
}

}  // namespace probatio::order
