// Windows: one retention class × one period (docs/formats/window.md). Each collector run opens its own
// segment of a window, with its own key. Pure; thread-safe.
#pragma once

#include "base/id.h"
#include "record/record.h"

namespace probatio::seal {

// A stream has its own windows and its own keys; streams of different record classes meet only inside a
// grant.
enum class Stream : std::uint8_t {
  kNatSession = 1,  // 15 minutes: per-session NAT events
  kNatBlock = 2,    // a day: port blocks, address bindings
  kAccess = 3,      // a day: access sessions, address-sharing rules
  kActivity = 4,    // a day: platform activity
  kAccount = 5,     // a day; rows sealed to their subject's key
  kIdentity = 6,    // a day; rows sealed to their subject's key
  kPassword = 7,    // a day; each version of an account's password item sealed to a key of its own
};
std::string_view ToText(
    Stream stream);  // "nat_session", "nat_block", "access", "activity", "account", "identity", "password"
Result<Stream> ParseStream(std::string_view text);
record::RecordClass ClassOf(Stream stream);
std::int64_t WindowLengthNs(Stream stream);
bool IsSubjectStream(Stream stream);  // kAccount, kIdentity, kPassword
bool IsNatStream(Stream stream);      // kNatSession, kNatBlock

Stream StreamOf(const record::Record& record);
// The instant that files a record: its own, or, where a create and its delete are one row, that of the end.
Instant FiledAt(const record::Record& record);

struct Window {
  Stream stream = Stream::kNatSession;
  Period period;  // aligned on UTC
  auto operator<=>(const Window&) const = default;
};
Window WindowOf(Stream stream, Instant at);
// Window streams: is this the window that files the record, or, for a create without its delete, a later one
// into which it may be carried (docs/formats/window.md, "Sessions")?
bool MayStandIn(const Window& window, const record::Record& record);

// "nat_session-20241021T081500Z-<run>": stream, begin and the run that opened it (8 hexadecimal digits).
SegmentId MakeSegmentId(const Window& window, std::string_view run);

// What such a name says. kInvalid for every other text, also for one that says the same in another way.
struct SegmentName {
  Stream stream = Stream::kNatSession;
  Instant begin;
  std::uint32_t run = 0;
  auto operator<=>(const SegmentName&) const = default;
};
SegmentId MakeSegmentId(const SegmentName& name);
Result<SegmentName> ParseSegmentId(const SegmentId& segment);

}  // namespace probatio::seal
