#include "disclosure/sources.h"

#include <gtest/gtest.h>

namespace probatio::disclosure {
namespace {

const Instant kDay = Instant::ParseRfc3339("2024-10-21T00:00:00Z").value();

class NoSegments : public seal::SegmentDirectory {
 public:
  std::vector<seal::SegmentInfo> Find(seal::Stream, const Period&) const override { return {}; }
  std::optional<seal::SegmentInfo> Get(const SegmentId&) const override { return std::nullopt; }
};

resolve::Support Row(const std::string& exporter, std::int64_t hour) {
  record::Activity login;
  login.origin.at.at = kDay + hour * kNsPerHour;
  login.origin.at.error_ns = kNsPerSecond;
  login.origin.exporter = exporter;
  login.account = "u-1";
  resolve::Support support;
  support.row.record = login;
  support.row.window = seal::WindowOf(seal::Stream::kActivity, login.origin.at.at);
  return support;
}

evidence::Disclosure Of(std::vector<resolve::Support> supports) {
  evidence::Disclosure disclosure;
  disclosure.made_at = kDay + 48 * kNsPerHour;
  resolve::LineAnswer answer;
  answer.line = "L1";
  if (!supports.empty()) answer.candidates.push_back({"u-1", std::move(supports), {}});
  disclosure.answers.push_back(std::move(answer));
  order::ScopeLine line;
  line.id = "L1";
  line.period = {kDay, kDay + 24 * kNsPerHour};
  disclosure.scope.lines.push_back(std::move(line));
  return disclosure;
}

TEST(Sources, RowsOfOneExporterAreOneSourceOverTheirPeriodWithTheErrorOfItsClock) {
  const std::vector<order::Source> sources =
      SourcesOf(Of({Row("front-1", 8), Row("front-2", 9), Row("front-1", 10)}), NoSegments());
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].stream, "activity");
  EXPECT_EQ(sources[0].exporter, "front-1");
  EXPECT_EQ(sources[0].events.begin, kDay + 8 * kNsPerHour - kNsPerSecond);
  EXPECT_EQ(sources[0].events.end, kDay + 10 * kNsPerHour + kNsPerSecond + kNsPerMs);
  EXPECT_EQ(sources[1].exporter, "front-2");
}

TEST(Sources, ALineThatFoundNothingIsTouchedByEveryExporterInItsPeriod) {
  const std::vector<order::Source> sources = SourcesOf(Of({}), NoSegments());
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_TRUE(order::Touches({"nat_session", "cgn-1", Period{kDay, kDay + 1}, std::nullopt}, sources[0]));
  EXPECT_FALSE(order::Touches({"", "cgn-1", Period{kDay - 2, kDay - 1}, std::nullopt}, sources[0]));
}

TEST(Sources, BeyondTheirLimitTheLastStandsForAllOthers) {
  std::vector<resolve::Support> supports;
  for (std::size_t i = 0; i + 1 < order::kSourcesMax; ++i)
    supports.push_back(Row("front-" + std::to_string(i), 8));
  EXPECT_EQ(SourcesOf(Of(supports), NoSegments()).back().exporter, "front-98");
  supports.push_back(Row("front-last", 20));
  supports.push_back(Row("front-after", 21));
  const std::vector<order::Source> sources = SourcesOf(Of(supports), NoSegments());
  ASSERT_EQ(sources.size(), order::kSourcesMax);
  EXPECT_EQ(sources.back().exporter, order::kAnySource);
  EXPECT_TRUE(order::Touches({"", "front-after", Period{kDay + 21 * kNsPerHour, kDay + 22 * kNsPerHour}, {}},
                             sources.back()));
}

}  // namespace
}  // namespace probatio::disclosure
