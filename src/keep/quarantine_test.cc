// What could not be read is kept sealed for some days, comes back whole, and is noise after the purge.
#include "keep/quarantine.h"

#include <gtest/gtest.h>

#include "keep/quarantine_file.h"
#include "keep/test_purge.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kLine = "Oct 21 08:14:03 cgn-1 NAT: 100.64.1.7:40112 -> 203.0.113.1";

QuarantineItem Item(std::string_view content = kLine) {
  QuarantineItem item;
  item.format = "syslog-cgn";
  item.source = "/var/log/cgn.log";
  item.reason = "line 7: no form that is known";
  item.content = ToBuffer(AsBytes(content));
  return item;
}

struct QuarantineWorld : PurgeWorld {
  QuarantineParts Parts() {
    return {
        folder.path + "/quarantine", disk, *vault, world.clock, world.random, [this](const ErasureKeyId& id) {
          return manifest->dying_keys().count(id.text()) > 0;
        }};
  }
  std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    CHECK(QuarantineShelf(Parts())
              .ForEach(
                  [&](const QuarantineShelf::Shown& shown) -> Status {
                    ids.push_back(shown.id);
                    return Done{};
                  },
                  &unreadable)
              .ok());
    return ids;
  }
  std::string OnDisk() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path + "/quarantine")) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  TempFolder folder;
  std::vector<std::string> unreadable;
};

TEST(Quarantine, KeepsWhatItIsGivenAndShowsNothingOfItOnDisk) {
  QuarantineWorld at;
  {
    Quarantine quarantine(at.Parts());
    EXPECT_TRUE(quarantine.PutAside(Item()));
    EXPECT_TRUE(quarantine.PutAside(Item("second")));
    EXPECT_TRUE(quarantine.Flush().ok());
    EXPECT_EQ(quarantine.EntryOf(at.world.clock.Now()).fields.at("items"), "2");
  }
  const std::vector<std::string> ids = at.Ids();
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_TRUE(ids[0].starts_with("20261124-"));
  const QuarantineItem read = QuarantineShelf(at.Parts()).Read(ids[0]).value();
  EXPECT_EQ(AsText(read.content), kLine);
  EXPECT_EQ(read.reason, "line 7: no form that is known");
  EXPECT_EQ(read.put_aside, at.world.clock.Now());
  for (const std::string_view told : {"100.64.1.7", "cgn", "syslog"})
    EXPECT_EQ(at.OnDisk().find(told), std::string::npos) << told;
}

TEST(Quarantine, IsNoiseOnItsDayEvenToWhoeverKeptACopyOfItsFiles) {
  QuarantineWorld at;
  Quarantine(at.Parts()).PutAside(Item());
  const std::vector<std::string> ids = at.Ids();
  at.world.clock.Set(At("2026-12-07T22:59:59Z"));
  EXPECT_EQ(at.Run().value().keys, 0U);
  EXPECT_TRUE(QuarantineShelf(at.Parts()).Read(ids[0]).ok());
  at.world.clock.Set(At("2026-12-07T23:00:00Z"));  // the 8th in Paris: fourteen days later
  EXPECT_EQ(QuarantineShelf(at.Parts()).Read(ids[0]).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(at.Run().value().keys, 1U);
  at.world.clock.Set(At("2026-11-24T10:05:00Z"));  // a clock that is set back opens nothing
  EXPECT_FALSE(QuarantineShelf(at.Parts()).Read(ids[0]).ok());
  EXPECT_TRUE(at.Ids().empty());
  EXPECT_EQ(QuarantineShelf(at.Parts()).RemoveExpired().value(), 1U);
  EXPECT_TRUE(at.OnDisk().empty());
}

TEST(Quarantine, TakesSoManyOctetsADayAndCountsTheRest) {
  QuarantineWorld at;
  QuarantineParts parts = at.Parts();
  Quarantine first(parts);
  EXPECT_TRUE(first.PutAside(Item()));
  parts.day_bytes_max = 2 * at.OnDisk().size();  // a second file of the same day, with one such item
  Quarantine second(parts);
  EXPECT_TRUE(second.PutAside(Item()));
  EXPECT_FALSE(second.PutAside(Item()));
  EXPECT_EQ(second.counts().items, 1U);
  EXPECT_EQ(second.counts().over_limit, 1U);
  at.world.clock.Set(At("2026-11-25T10:00:00Z"));
  EXPECT_TRUE(second.PutAside(Item()));  // a new day
  EXPECT_EQ(at.Ids().size(), 3U);
}

TEST(Quarantine, AFullDiskAtAnyWriteLosesOneItemAndNeverAnother) {
  for (int write = 0; write < 14; ++write) {
    QuarantineWorld at;
    Quarantine quarantine(at.Parts());
    at.world.fault = {FaultKind::kOnce, at.world.fault.writes + write};
    std::uint64_t kept = 0;
    for (int i = 0; i < 4; ++i) {
      kept += quarantine.PutAside(Item(std::to_string(i))) ? 1 : 0;
      at.world.clock.Set(at.world.clock.Now() + kQuarantineRetryNs);
    }
    EXPECT_GE(kept, 3U) << write;
    EXPECT_EQ(quarantine.counts().failed, 4 - kept);
    EXPECT_EQ(quarantine.trouble().has_value(), kept == 3);
    EXPECT_EQ(at.Ids().size(), kept) << write;
    EXPECT_TRUE(at.unreadable.empty()) << write;
  }
}

TEST(Quarantine, AFailingDiskIsNotTriedForEveryItem) {
  QuarantineWorld at;
  Quarantine quarantine(at.Parts());
  at.world.fault = {FaultKind::kCrashBefore, at.world.fault.writes};
  const int before = at.world.fault.writes;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(quarantine.PutAside(Item()));
  EXPECT_LT(at.world.fault.writes - before, 10);
  EXPECT_EQ(quarantine.counts().failed, 100U);
}

TEST(Quarantine, WhatACrashCutOffIsPassedOver) {
  QuarantineWorld at;
  Quarantine(at.Parts()).PutAside(Item());
  for (const auto& entry : std::filesystem::directory_iterator(at.folder.path + "/quarantine"))
    std::ofstream(entry.path(), std::ios::app | std::ios::binary)
        << std::string("\x01\x00\x00\x01\x00half", 9);
  EXPECT_EQ(at.Ids().size(), 1U);
  EXPECT_TRUE(at.unreadable.empty());
}

TEST(Quarantine, WhatIsDroppedIsGoneAndItsFileWithTheLast) {
  QuarantineWorld at;
  {
    Quarantine quarantine(at.Parts());
    for (int i = 0; i < 3; ++i) quarantine.PutAside(Item());
  }
  const std::vector<std::string> ids = at.Ids();
  QuarantineShelf shelf(at.Parts());
  ASSERT_TRUE(shelf.Drop({&ids[1], 1}).ok());
  EXPECT_EQ(at.Ids(), (std::vector<std::string>{ids[0], ids[2]}));
  EXPECT_EQ(shelf.Read(ids[1]).error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(shelf.Drop(std::vector<std::string>{ids[0], ids[2]}).ok());
  EXPECT_TRUE(at.OnDisk().empty());
  EXPECT_EQ(shelf.Read(ids[0]).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(shelf.Read("../vault-1").error().code(), ErrorCode::kNotFound);
}

TEST(Quarantine, AnItemIsCutToItsLimitAndSaysSo) {
  QuarantineWorld at;
  Quarantine(at.Parts()).PutAside(Item(std::string(kQuarantineItemBytesMax + 1, 'x')));
  Quarantine(at.Parts()).PutAside(Item(std::string(kQuarantineItemBytesMax, 'x')));
  for (const std::string& id : at.Ids()) {
    const QuarantineItem item = QuarantineShelf(at.Parts()).Read(id).value();
    EXPECT_EQ(item.content.size(), kQuarantineItemBytesMax);
  }
}

TEST(Quarantine, ShowsTheShapeOfATextAndNothingOfOtherOctets) {
  EXPECT_EQ(MaskedShape(AsBytes("Héloïse: +33 6 39 98 00 12 {\"IP\":[2001:db8::1]}\n")),
            "A??aa??aa: +99 9 99 99 99 99 {\"AA\":[9999:aa9::9]}\n");
  EXPECT_EQ(MaskedShape(Buffer{0, 10, 203, 0, 113, 7}), "(6 octets that are no text)");
}

}  // namespace
}  // namespace probatio::keep
