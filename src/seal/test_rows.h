// Invented rows, keys and segments for the tests of this folder. Test code only.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/system_random.h"
#include "record/example_records.h"
#include "seal/segment.h"

namespace probatio::seal {

inline Key KeyOf(std::uint8_t octet) {
  const Buffer bytes(Key::kSize, octet);
  return Key(bytes);
}

inline Instant At(const char* text) {
  return Instant::ParseRfc3339(text).value();
}

template <class T>
ErrorCode Code(const Result<T>& result) {
  return result.ok() ? ErrorCode{} : result.error().code();
}

template <class T>
std::string What(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().what();
}

// A NAT44 session of 203.0.113.7 that began `ms` after 08:15 on 21 October 2024.
inline record::NatEvent SessionAt(std::int64_t ms, std::uint16_t port) {
  record::NatEvent event;
  event.origin.at.at = At("2024-10-21T08:15:00Z") + ms * kNsPerMs;
  event.origin.exporter = "cgn-1.example";
  event.origin.seq = static_cast<std::uint64_t>(ms);
  event.event = record::NatEventKind::kNat44SessionCreate;
  event.proto = 6;
  event.inside_ip = IpAddress::V4(0x0A000001);
  event.inside_port = 40'000;
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = port;
  event.subscriber = "L-000123";
  return event;
}

inline record::Activity MessageSent(const std::string& account, const std::string& message) {
  record::Activity activity;
  activity.origin.at.at = At("2024-10-21T08:15:03Z");
  activity.event = record::ActivityKind::kMessageSent;
  activity.proto = 6;
  activity.source_ip = IpAddress::V4(0xCB007107);
  activity.source_port = 51'234;
  activity.account = account;
  activity.message = message;
  return activity;
}

// Where a token stands among all leaves: [first, end) are its blocks; first == end is a miss.
struct LeafRange {
  std::size_t first = 0;
  std::size_t end = 0;
};
inline LeafRange FindToken(std::span<const BlockLeaf> leaves, const Token& token) {
  const auto [first, end] =
      std::equal_range(leaves.begin(), leaves.end(), BlockLeaf{token, 0, false, {}, {}, {}},
                       [](const BlockLeaf& a, const BlockLeaf& b) { return a.token < b.token; });
  return {static_cast<std::size_t>(first - leaves.begin()), static_cast<std::size_t>(end - leaves.begin())};
}

inline SegmentBuilder BuilderFor(const record::Record& record, std::uint8_t key = 1,
                                 const char* run = "00000001") {
  const Window window = WindowOf(StreamOf(record), record::OriginOf(record).at.at);
  return {MakeSegmentId(window, run), window, KeyOf(key)};
}

}  // namespace probatio::seal
