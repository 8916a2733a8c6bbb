#include "order/transcription.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

const crypto::Digest kPaper = crypto::Sha256(AsBytes("the decision, as it was served"));

Order Naming(const crypto::Digest& digest) {
  return example::Parse(example::With(
      "/papers", {{{"name", "decision.pdf"}, {"kind", "decision"}, {"sha256", ToHex(digest)}}}));
}

TEST(ATranscription, IsConfirmedAgainstThePaperItWasMadeFrom) {
  const auto paper = PaperConfirmed(Naming(kPaper), kPaper).value();
  ASSERT_TRUE(paper.has_value());
  EXPECT_EQ(paper->name, "decision.pdf");
}

TEST(ATranscription, IsNotConfirmedAgainstAnythingElse) {
  const auto wrong = PaperConfirmed(Naming(kPaper), crypto::Sha256(AsBytes("another file")));
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code(), ErrorCode::kDenied);
  EXPECT_NE(wrong.error().what().find("is of no paper that the order names"), std::string::npos);
  EXPECT_FALSE(PaperConfirmed(Naming(kPaper), std::nullopt).ok()) << "nor unseen";
}

TEST(ATranscription, OfAnOrderThatNamesNoPaperIsConfirmedWithout) {
  EXPECT_FALSE(PaperConfirmed(example::Platform(), std::nullopt).value().has_value());
  EXPECT_FALSE(PaperConfirmed(example::Platform(), kPaper).ok()) << "a digest that nothing was held against";
}

}  // namespace
}  // namespace probatio::order
