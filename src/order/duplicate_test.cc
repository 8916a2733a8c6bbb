#include "order/duplicate.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::Happened;
using example::PlatformJson;
using nlohmann::json;

Order Another(const json& changes) {
  json value = PlatformJson();
  value["id"] = "another-1";
  value.update(changes);
  return example::Parse(value.dump());
}

Life Received() {
  return Replay({Happened(EventKind::kReceived, "clerk-1")}).value();
}
Life Ended(EventKind how) {
  return Replay({Happened(EventKind::kReceived, "clerk-1"), Happened(how, "lawyer-1", "a forged stamp")})
      .value();
}

TEST(Duplicate, TheSameDecisionUnderAnotherIdIsRefused) {
  const Status refused = CheckNotReceived(Another(json::object()), example::Platform(), Received(), "");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kDenied);
  EXPECT_NE(refused.error().what().find(example::Platform().id.text()), std::string::npos);
  EXPECT_NE(refused.error().what().find("received"), std::string::npos);
}

TEST(Duplicate, IsNotHiddenBySpellingOrByOtherLines) {
  EXPECT_TRUE(
      SameDecision(Another({{"court", "TRIBUNAL  JUDICIAIRE de Paris"}, {"register_number", "24 / 57625"}}),
                   Another({{"court", "Tribunal judiciaire de Paris"}, {"register_number", "24/57625"}})));
  json fewer = PlatformJson()["lines"];
  fewer.erase(fewer.begin());
  EXPECT_TRUE(SameDecision(Another({{"lines", fewer}}), example::Platform()));
}

TEST(Duplicate, OfThePaperCountsWhateverTheTranscriberWrote) {
  const json paper =
      json::array({{{"name", "decision.pdf"}, {"sha256", std::string(64, 'a')}, {"kind", "decision"}}});
  const json request =
      json::array({{{"name", "requete.pdf"}, {"sha256", std::string(64, 'a')}, {"kind", "request"}}});
  const Order known = Another({{"papers", paper}});
  EXPECT_TRUE(SameDecision(Another({{"register_number", "99/00001"}, {"papers", paper}}), known));
  EXPECT_FALSE(SameDecision(Another({{"register_number", "99/00001"}, {"papers", request}}),
                            Another({{"papers", request}})));
}

TEST(Duplicate, AnotherDateOrNumberIsAnotherDecision) {
  EXPECT_FALSE(SameDecision(Another({{"date", "2024-11-13"}}), example::Platform()));
  EXPECT_FALSE(SameDecision(Another({{"register_number", "24/57626"}}), example::Platform()));
}

TEST(Duplicate, OfWhatWasRefusedOrWithdrawnIsReceivedAgainOnlyWithAReason) {
  for (const EventKind how : {EventKind::kRefused, EventKind::kWithdrawn}) {
    const Order again = Another(json::object());
    EXPECT_FALSE(CheckNotReceived(again, example::Platform(), Ended(how), "").ok());
    EXPECT_TRUE(CheckNotReceived(again, example::Platform(), Ended(how), "transcribed anew").ok());
  }
  EXPECT_FALSE(CheckNotReceived(Another(json::object()), example::Platform(), Received(), "anyway").ok());
}

}  // namespace
}  // namespace probatio::order
