#include "order/source.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;

const Period kOctober{At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};
const Period kNovember{At("2024-11-01T00:00:00Z"), At("2024-12-01T00:00:00Z")};

TEST(Source, AFaultTouchesWhatItsExporterSaidInItsPeriodAndNothingElse) {
  const Source source{"nat_session", "cgn-1", kOctober, kNovember};
  EXPECT_TRUE(Touches({"", "cgn-1", kOctober, std::nullopt}, source));
  EXPECT_TRUE(Touches({"nat_session", "", std::nullopt, kNovember}, source));
  EXPECT_TRUE(Touches({}, source));
  EXPECT_FALSE(Touches({"", "cgn-2", kOctober, std::nullopt}, source));
  EXPECT_FALSE(Touches({"activity", "cgn-1", std::nullopt, std::nullopt}, source));
  EXPECT_FALSE(Touches({"", "cgn-1", kNovember, std::nullopt}, source));
  EXPECT_FALSE(Touches({"", "cgn-1", std::nullopt, kOctober}, source));
}

TEST(Source, ALineThatFoundNothingIsTouchedByWhateverItCouldHaveMissed) {
  const Source nothing{std::string(kAnySource), std::string(kAnySource), kOctober, kNovember};
  const Source other{"activity", "platform", kOctober, kNovember};
  EXPECT_EQ(TouchedBy({"nat_session", "cgn-1", kOctober, std::nullopt}, {other, nothing}),
            std::vector<Source>{nothing});
}

}  // namespace
}  // namespace probatio::order
