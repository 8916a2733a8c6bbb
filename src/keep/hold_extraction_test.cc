// From pins to a sealed file: at whichever write the power goes, the pins are there or the whole file is.
#include <gtest/gtest.h>

#include "keep/hold_extraction.h"
#include "keep/test_vault.h"

namespace probatio::keep {
namespace {

const OrderId kOrder = OrderId::Parse("2024-7").value();
const OrderId kOther = OrderId::Parse("2024-8").value();

// An order with two pins, and whoever makes its file.
struct HoldWorld {
  Result<Extraction> Extract() {
    return ExtractHold({ledger, Folder(), world.clock, [this]() -> Result<std::size_t> { return pins; },
                        [this]() -> Result<ExtractionParts::Made> {
                          ++made;
                          return ExtractionParts::Made{content, 5};
                        },
                        [this](Bytes file) -> Status {
                          if (!opens) return CryptoError("does not open");
                          CHECK(ToBuffer(file) == content);
                          return Done{};
                        },
                        [this]() -> Status {
                          while (pins > 0)
                            TRY(world.fault.Do([this]() -> Status {
                              --pins;
                              return Done{};
                            }));
                          return Done{};
                        }},
                       kOrder);
  }
  HeldFolder Folder() { return {disk, folder.path, 1U << 20}; }
  std::string Path() { return HeldPath(Folder(), kOrder); }
  bool IsWhole() {
    const auto file = keep::ReadHeld({SystemDisk(), folder.path, 1U << 20}, kOrder).value();
    return file.has_value() && *file == content;
  }

  TestWorld world;
  ledger::Ledger ledger = world.OpenLedger();
  TempFolder folder;
  FaultDisk disk{world.fault};
  Buffer content = Buffer(200'000, 7);
  std::size_t pins = 2;
  int made = 0;
  bool opens = true;
};

TEST(HoldExtraction, EntersTheFileInTheLedgerThenReleasesThePins) {
  HoldWorld hold;
  const Extraction extraction = hold.Extract().value();
  EXPECT_EQ(hold.pins, 0U);
  EXPECT_EQ(extraction.segments_searched, 5U);
  EXPECT_EQ(extraction.digest, crypto::Sha256(hold.content));
  EXPECT_EQ(ReadExtracted(hold.Folder(), kOrder, extraction).value(), hold.content);
  EXPECT_FALSE(ExtractionOf(hold.ledger, kOther).value().has_value());
}

TEST(HoldExtraction, LeavesThePinsOrTheWholeFileAtEveryFailedWrite) {
  int writes = 0;
  {
    HoldWorld hold;
    const int before = hold.world.fault.writes;
    CHECK(hold.Extract().ok());
    writes = hold.world.fault.writes - before;
  }
  ASSERT_GE(writes, 7);  // create, write, sync, rename, folder, entry, pins
  for (const FaultKind kind : {FaultKind::kCrashBefore, FaultKind::kCrashAfter, FaultKind::kOnce}) {
    for (int n = 0; n < writes; ++n) {
      HoldWorld hold;
      hold.world.fault = {kind, hold.world.fault.writes + n, hold.world.fault.writes};
      static_cast<void>(hold.Extract());
      if (hold.pins < 2) {
        EXPECT_TRUE(hold.IsWhole()) << n;
      }
      hold.world.fault = {};
      const auto again = hold.Extract();  // the next one ends it
      ASSERT_TRUE(again.ok()) << n << ": " << again.error().what();
      EXPECT_EQ(hold.pins, 0U);
      EXPECT_TRUE(hold.IsWhole());
    }
  }
}

TEST(HoldExtraction, KeepsThePinsWhenTheFileDoesNotOpen) {
  HoldWorld hold;
  hold.opens = false;
  EXPECT_EQ(hold.Extract().error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(hold.pins, 2U);
  EXPECT_FALSE(ExtractionOf(hold.ledger, kOrder).value().has_value());
}

TEST(HoldExtraction, ThatWasCutOffAfterItsEntryIsOnlyFinished) {
  HoldWorld hold;
  ASSERT_TRUE(hold.Extract().ok());
  hold.pins = 1;
  ASSERT_TRUE(hold.Extract().ok());
  EXPECT_EQ(hold.made, 1);
  EXPECT_EQ(hold.pins, 0U);
}

TEST(HoldExtraction, NeedsAPin) {
  HoldWorld hold;
  hold.pins = 0;
  EXPECT_EQ(hold.Extract().error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(hold.made, 0);
}

TEST(HoldExtraction, RefusesAnAlteredFileAndMakesALostOneAgainWhileItIsPinned) {
  HoldWorld hold;
  ASSERT_TRUE(hold.Extract().ok());
  std::ofstream(hold.Path(), std::ios::app) << "x";
  EXPECT_EQ(hold.Extract().error().code(), ErrorCode::kCrypto);
  std::filesystem::remove(hold.Path());
  EXPECT_EQ(hold.Extract().error().code(), ErrorCode::kNotFound);
  hold.pins = 1;
  EXPECT_TRUE(hold.Extract().ok());
  EXPECT_EQ(hold.made, 2);
  EXPECT_TRUE(hold.IsWhole());
}

TEST(HoldExtraction, DestroysTheFileThenSaysSo) {
  HoldWorld hold;
  EXPECT_FALSE(DestroyHeld(hold.ledger, hold.Folder(), kOrder, hold.world.clock.Now()).value());
  ASSERT_TRUE(hold.Extract().ok());
  EXPECT_TRUE(DestroyHeld(hold.ledger, hold.Folder(), kOrder, hold.world.clock.Now()).value());
  EXPECT_FALSE(std::filesystem::exists(hold.Path()));
  EXPECT_EQ(hold.ledger.entries().back().type, "hold_destroyed");
  EXPECT_FALSE(ExtractionOf(hold.ledger, kOrder).value().has_value());
  EXPECT_FALSE(DestroyHeld(hold.ledger, hold.Folder(), kOrder, hold.world.clock.Now()).value());
}

TEST(HoldExtraction, NothingThatACutOffExtractionLeftSurvivesADestruction) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    HoldWorld hold;
    hold.world.fault = {FaultKind::kCrashBefore, n, 0};
    const bool extracted = hold.Extract().ok();
    hold.world.Restart();
    ASSERT_TRUE(DestroyHeld(hold.ledger, hold.Folder(), kOrder, hold.world.clock.Now()).ok());
    EXPECT_TRUE(std::filesystem::is_empty(hold.folder.path));
    if (extracted || ::testing::Test::HasFailure()) break;
  }
}

TEST(HoldExtraction, ReadsAFileUpToItsLimit) {
  HoldWorld hold;
  ASSERT_TRUE(hold.Extract().ok());
  EXPECT_TRUE(keep::ReadHeld({hold.disk, hold.folder.path, hold.content.size()}, kOrder).ok());
  EXPECT_FALSE(keep::ReadHeld({hold.disk, hold.folder.path, hold.content.size() - 1}, kOrder).ok());
}

}  // namespace
}  // namespace probatio::keep
