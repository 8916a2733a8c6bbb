// Streams and their windows. Windows are aligned on UTC, so that every collector cuts time at the same
// instants.
#include "seal/window.h"

#include <algorithm>
#include <array>
#include <limits>

namespace probatio::seal {
namespace {

struct StreamFacts {
  Stream stream;
  std::string_view name;
  record::RecordClass record_class;
  std::int64_t window_ns;
};

constexpr std::array<StreamFacts, 7> kStreams{{
    {Stream::kNatSession, "nat_session", record::RecordClass::kNetwork, 15 * kNsPerMinute},
    {Stream::kNatBlock, "nat_block", record::RecordClass::kNetwork, kNsPerDay},
    {Stream::kAccess, "access", record::RecordClass::kNetwork, kNsPerDay},
    {Stream::kActivity, "activity", record::RecordClass::kActivity, kNsPerDay},
    {Stream::kAccount, "account", record::RecordClass::kAccount, kNsPerDay},
    {Stream::kIdentity, "identity", record::RecordClass::kIdentity, kNsPerDay},
    {Stream::kPassword, "password", record::RecordClass::kAccount, kNsPerDay},
}};

const StreamFacts& FactsOf(Stream stream) {
  const auto* facts = std::find_if(kStreams.begin(), kStreams.end(),
                                   [&](const StreamFacts& row) { return row.stream == stream; });
  CHECK(facts != kStreams.end());
  return *facts;
}

constexpr std::size_t kRunDigits = 8;

bool IsLowerHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string_view ToText(Stream stream) {
  return FactsOf(stream).name;
}

Result<Stream> ParseStream(std::string_view text) {
  for (const StreamFacts& row : kStreams) {
    if (row.name == text) return row.stream;
  }
  return Invalid("stream: no such name");
}

record::RecordClass ClassOf(Stream stream) {
  return FactsOf(stream).record_class;
}

std::int64_t WindowLengthNs(Stream stream) {
  return FactsOf(stream).window_ns;
}

bool IsSubjectStream(Stream stream) {
  return stream == Stream::kAccount || stream == Stream::kIdentity || stream == Stream::kPassword;
}

bool IsNatStream(Stream stream) {
  return stream == Stream::kNatSession || stream == Stream::kNatBlock;
}

Stream StreamOf(const record::Record& record) {
  switch (record::KindOf(record)) {
    case record::RecordKind::kNatEvent: {
      const auto& event = std::get<record::NatEvent>(record);
      return event.is_block() || !event.public_port.has_value() ? Stream::kNatBlock : Stream::kNatSession;
    }
    case record::RecordKind::kAccessSession:
    case record::RecordKind::kSharingRule:
      return Stream::kAccess;
    case record::RecordKind::kActivity:
      return Stream::kActivity;
    case record::RecordKind::kAccount:
      // A version that carries both is two rows in the store (keep/run_intake.h).
      return std::get<record::Account>(record).password_verification.has_value() ? Stream::kPassword
                                                                                 : Stream::kAccount;
    case record::RecordKind::kIdentity:
      return Stream::kIdentity;
  }
  CHECK(false);
  return Stream::kIdentity;
}

Instant FiledAt(const record::Record& record) {
  const Instant at = record::OriginOf(record).at.at;
  const auto* nat = std::get_if<record::NatEvent>(&record);
  return nat != nullptr ? nat->end_at.value_or(at) : at;
}

Window WindowOf(Stream stream, Instant at) {
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  const std::int64_t length = WindowLengthNs(stream);
  // Before 1970 the remainder is negative; the window still begins at or before its instant.
  const std::int64_t into = (at.unix_ns() % length + length) % length;
  // The two windows at the ends of representable time are short, rather than wrapped around.
  const std::int64_t begin = at.unix_ns() < kFirst + into ? kFirst : at.unix_ns() - into;
  const std::int64_t end = begin > kLast - length ? kLast : at.unix_ns() + (length - into);
  return {stream, {Instant::FromUnixNs(begin), Instant::FromUnixNs(end)}};
}

bool MayStandIn(const Window& window, const record::Record& record) {
  if (StreamOf(record) != window.stream) return false;
  const Window own = WindowOf(window.stream, FiledAt(record));
  if (own == window) return true;
  const auto* nat = std::get_if<record::NatEvent>(&record);
  const bool open_ended =
      nat != nullptr && !nat->end_at.has_value() && record::NatureOf(nat->event) == record::Nature::kBegins;
  return open_ended && own < window;
}

SegmentId MakeSegmentId(const Window& window, std::string_view run) {
  CHECK(run.size() == kRunDigits && std::all_of(run.begin(), run.end(), IsLowerHex));
  std::string begin = window.period.begin.ToRfc3339();
  begin.erase(std::remove_if(begin.begin(), begin.end(), [](char c) { return c == '-' || c == ':'; }),
              begin.end());
  std::string text(ToText(window.stream));
  text.append("-").append(begin).append("-").append(run);
  return SegmentId::Parse(text).value();
}

SegmentId MakeSegmentId(const SegmentName& name) {
  ByteWriter run;
  run.U32(name.run);
  return MakeSegmentId(Window{name.stream, {name.begin, name.begin}}, ToHex(run.bytes()));
}

Result<SegmentName> ParseSegmentId(const SegmentId& segment) {
  const std::string_view text = segment.text();
  const std::size_t first = text.find('-');
  const std::size_t last = text.rfind('-');
  if (first == std::string_view::npos || first == last) return Invalid("segment: not stream-begin-run");
  const std::string_view begin = text.substr(first + 1, last - first - 1);
  constexpr std::string_view kShortest = "20241021T081500Z";
  if (begin.size() < kShortest.size()) return Invalid("segment: begin: too short");
  std::string rfc3339(begin);
  for (const auto& [at, mark] :
       {std::pair(4U, '-'), std::pair(7U, '-'), std::pair(13U, ':'), std::pair(16U, ':')})
    rfc3339.insert(at, 1, mark);
  SegmentName name;
  name.stream = TRY_IN("segment", ParseStream(text.substr(0, first)));
  name.begin = TRY_IN("segment", Instant::ParseRfc3339(rfc3339));
  const Buffer run = TRY_IN("segment: run", FromHex(text.substr(last + 1)));
  if (run.size() * 2 != kRunDigits) return Invalid("segment: run: not 8 digits");
  name.run = Be32(run);
  if (MakeSegmentId(name) != segment) return Invalid("segment: not as a collector writes it");
  return name;
}

}  // namespace probatio::seal
