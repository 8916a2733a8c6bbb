#include "cli/demo/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/demo/address_translation.h"
#include "cli/demo/people.h"

namespace probatio::cli::demo {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr int kSubscribersPerAddress = 64;

Instant At(std::string_view text) {
  const Result<Instant> at = Instant::ParseRfc3339(text);
  CHECK(at.ok());
  return at.value();
}

// The published day of the message is real; its instant, and everything else here, is invented.
const Instant kAccountCreatedAt = At("2024-10-20T21:43:12.417Z");
const Instant kMessageSentAt = At("2024-10-21T08:14:03.250Z");
const Period kPlatformPeriod{At("2024-10-14T00:00:00Z"), At("2024-10-22T00:00:00Z")};
const Period kSubscriptionPeriod{At("2023-01-01T00:00:00Z"), At("2024-10-14T00:00:00Z")};
const Period kTranslationPeriod{At("2024-10-20T20:00:00Z"), At("2024-10-21T10:00:00Z")};
const Instant kAccessBegin = At("2024-10-19T00:00:00Z");
constexpr std::uint16_t kCreationPort = 41'873;
constexpr std::uint16_t kMessagePort = 52'344;

record::Activity ActivityOf(const std::string& account, record::ActivityKind kind, Instant at, IpAddress ip,
                            std::uint16_t port) {
  record::Activity activity;
  activity.origin.at.at = at;
  activity.origin.exporter = "edge-1";
  activity.event = kind;
  activity.proto = kTcp;
  activity.source_ip = ip;
  activity.source_port = port;
  activity.account = account;
  return activity;
}

record::Account AccountOf(const std::string& id, Instant from, Dice& dice) {
  record::Account account;
  account.origin.at.at = from;
  account.origin.exporter = "accounts";
  account.account = id;
  account.identifier_used = id + "@messagerie.example";
  account.pseudonyms = {fmt::format("pseudo-{:05}", dice.Below(100'000))};
  return account;
}

void InventPlatform(const WorldSize& size, Dice& dice, const std::vector<SubscriberLine>& lines,
                    World* world) {
  for (int i = 0; i < size.accounts(); ++i) {
    const bool suspect = i == size.accounts() / 2;
    const std::string id = fmt::format("acct-{:06}", i);
    const Instant created = suspect ? kAccountCreatedAt : dice.Within(kSubscriptionPeriod);
    record::Account account = AccountOf(id, created, dice);
    record::Identity person = InventPerson(id, i, created, dice);
    if (suspect) {
      account.pseudonyms = {"Z. L."};
      world->truth.account = id;
      world->truth.phone = person.phones.front();
      // A messaging account is opened with a telephone number; the rest was never asked.
      person.surname.reset();
      person.first_name.reset();
      person.birth_date.reset();
      person.birth_place.reset();
      person.postal_address.reset();
    }
    world->accounts.emplace_back(std::move(account));
    world->accounts.emplace_back(std::move(person));
    if (i % 97 == 5 && !suspect) {  // some contracts have ended
      record::Identity end;
      end.origin.at.at = At("2024-10-15T12:00:00Z");
      end.origin.exporter = "crm";
      end.holder = id;
      end.contract_end = end.origin.at.at;
      world->accounts.emplace_back(std::move(end));
    }
  }

  const IpAddress shared = lines.front().public_ip;
  world->activities.emplace_back(ActivityOf(world->truth.account, record::ActivityKind::kAccountCreated,
                                            kAccountCreatedAt, shared, kCreationPort));
  record::Activity message = ActivityOf(world->truth.account, record::ActivityKind::kMessageSent,
                                        kMessageSentAt, shared, kMessagePort);
  message.message = kDisputedMessage;
  world->activities.emplace_back(std::move(message));
  for (int i = 2; i < size.activities(); ++i) {
    const std::string id = fmt::format("acct-{:06}", dice.Below(static_cast<std::uint64_t>(size.accounts())));
    if (id == world->truth.account) continue;  // the suspect's other logins are below
    const bool message_sent = dice.Below(4) == 0;
    record::Activity activity =
        ActivityOf(id, message_sent ? record::ActivityKind::kMessageSent : record::ActivityKind::kLogin,
                   dice.Within(kPlatformPeriod),
                   IpAddress::V4(0xC6336400U + static_cast<std::uint32_t>(dice.Below(256))),
                   static_cast<std::uint16_t>(dice.Between(1024, 65'535)));
    if (message_sent) activity.message = fmt::format("m-x-{:08}", i);
    world->activities.emplace_back(std::move(activity));
  }
  // Logins of the same account that nobody ordered: a package that shows one of them is wrong.
  for (int i = 0; i < 5; ++i) {
    world->activities.emplace_back(ActivityOf(world->truth.account, record::ActivityKind::kLogin,
                                              kAccountCreatedAt + (i + 1) * kNsPerHour, shared,
                                              static_cast<std::uint16_t>(30'000 + i)));
  }
  std::stable_sort(world->activities.begin(), world->activities.end(), [](const auto& a, const auto& b) {
    return record::OriginOf(a).at.at < record::OriginOf(b).at.at;
  });
}

std::vector<SubscriberLine> InventLines(int count) {
  std::vector<SubscriberLine> lines;
  for (int i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    lines.push_back({fmt::format("line-{:06}", i), IpAddress::V4(0x64400000U + 256 + number), "100",
                     IpAddress::V4(0xCB007100U + 1 + number / kSubscribersPerAddress % 254)});
  }
  return lines;
}

void InventAccess(const std::vector<SubscriberLine>& lines, Dice& dice, World* world) {
  const auto session = [&](const SubscriberLine& line, const std::string& subscriber,
                           record::SessionEventKind kind, Instant at, const std::string& id) {
    record::AccessSession event;
    event.origin.at.at = at;
    event.origin.at.resolution_ns = kNsPerSecond;
    event.origin.exporter = "radius-1";
    event.event = kind;
    event.session = id;
    event.nas = "bng-1";
    event.inside_ip = line.inside_ip;
    event.inside_realm = line.realm;
    event.subscriber = subscriber;
    world->sessions.emplace_back(std::move(event));
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // Before the line got its inside address, its neighbour's subscriber had it: an address alone names the
    // wrong door.
    const SubscriberLine& line = lines[i];
    const std::string previous = lines[(i + 1) % lines.size()].subscriber;
    const Instant start = kAccessBegin + dice.Between(0, 12 * 3600) * kNsPerSecond;
    const Instant change = start + dice.Between(4 * 3600, 12 * 3600) * kNsPerSecond;
    session(line, previous, record::SessionEventKind::kStart, start, fmt::format("a{:07}", i));
    session(line, previous, record::SessionEventKind::kStop, change, fmt::format("a{:07}", i));
    session(line, line.subscriber, record::SessionEventKind::kStart, change + 30 * kNsPerSecond,
            fmt::format("b{:07}", i));
  }
  std::stable_sort(world->sessions.begin(), world->sessions.end(), [](const auto& a, const auto& b) {
    return record::OriginOf(a).at.at < record::OriginOf(b).at.at;
  });
}

void InventTranslation(const WorldSize& size, const std::vector<SubscriberLine>& lines, Dice& dice,
                       World* world) {
  AddressTranslation translation(dice);
  const SubscriberLine& suspect = lines[7];
  const SubscriberLine& neighbour = lines[8];  // the same public address
  translation.HoldPort(suspect, kCreationPort, kTcp,
                       {kAccountCreatedAt - 95 * kNsPerSecond, kAccountCreatedAt + 210 * kNsPerSecond});
  translation.HoldPort(suspect, kMessagePort, kTcp,
                       {kMessageSentAt - 41 * kNsPerSecond, kMessageSentAt + 9 * kNsPerSecond});
  // The same port a few minutes earlier and later, and the same port by UDP at that very instant.
  translation.HoldPort(neighbour, kMessagePort, kTcp,
                       {kMessageSentAt - 20 * kNsPerMinute, kMessageSentAt - 5 * kNsPerMinute});
  translation.HoldPort(neighbour, kMessagePort, kTcp,
                       {kMessageSentAt + 5 * kNsPerMinute, kMessageSentAt + 9 * kNsPerMinute});
  translation.HoldPort(neighbour, kMessagePort, kUdp,
                       {kMessageSentAt - kNsPerMinute, kMessageSentAt + kNsPerMinute});

  for (int held = 5; held < size.nat_events() / 2; ++held) {
    const SubscriberLine& line = lines[dice.Below(lines.size())];
    const Instant begin = dice.Within({kTranslationPeriod.begin, kTranslationPeriod.end - kNsPerHour});
    if (held % 100 == 0) {
      translation.HoldBlock(line, {begin, begin + dice.Between(120, 3600) * kNsPerSecond});
    } else {
      const std::uint8_t proto = dice.Below(100) < 55 ? kUdp : kTcp;
      translation.HoldAnyPort(line, proto, {begin, begin + dice.Between(2'000, 300'000) * kNsPerMs});
    }
  }
  world->nat = translation.Events();
  world->truth.subscriber = suspect.subscriber;
  world->truth.connections = {{"account_created", kAccountCreatedAt, suspect.public_ip, kCreationPort},
                              {"message_sent", kMessageSentAt, suspect.public_ip, kMessagePort}};
}

void InventSubscribers(const std::vector<SubscriberLine>& lines, Dice& dice, World* world) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    record::Identity person = InventPerson(lines[i].subscriber, 5'000 + static_cast<int>(i),
                                           dice.Within(kSubscriptionPeriod), dice);
    if (lines[i].subscriber == world->truth.subscriber) {
      world->truth.surname = *person.surname;
      world->truth.first_name = *person.first_name;
    }
    world->subscribers.emplace_back(std::move(person));
  }
}

}  // namespace

World MakeWorld(const WorldSize& size) {
  CHECK(size.scale >= 1 && size.scale <= kScaleMax);
  Dice dice(size.seed);
  World world;
  const std::vector<SubscriberLine> lines = InventLines(2'000 * size.scale);
  InventPlatform(size, dice, lines, &world);
  InventAccess(lines, dice, &world);
  InventTranslation(size, lines, dice, &world);
  InventSubscribers(lines, dice, &world);
  return world;
}

}  // namespace probatio::cli::demo
