// Refusals before anything leaves; answers are played in tests/scenarios/ledger_test.py by a server of its
// own.
#include "net/question.h"

#include <gtest/gtest.h>

namespace probatio::net {
namespace {

Question To(const std::string& url) {
  return {url, "", "application/timestamp-query", "application/timestamp-reply"};
}

TEST(Question, GoesOverHttpOrHttpsOnly) {
  EXPECT_TRUE(CheckQuestion(To("https://tsa.example.org/tsr")).ok());
  EXPECT_TRUE(CheckQuestion(To("http://tsa.example.org/tsr")).ok());
  for (const char* url : {"", "ftp://tsa.example.org/", "file:///etc/passwd", "https://", "tsa.example.org",
                          "https://tsa.example.org/\r\nX: y"}) {
    EXPECT_EQ(CheckQuestion(To(url)).error().code(), ErrorCode::kInvalid) << url;
  }
}

TEST(Question, WithoutAnAnswerTheHostIsNamed) {
  const auto answer = Ask(To("http://127.0.0.1:1/tsr"), AsBytes("query"), 100);
  EXPECT_EQ(answer.error().code(), ErrorCode::kStorage);
  EXPECT_EQ(answer.error().what().substr(0, 10), "127.0.0.1:");
}

}  // namespace
}  // namespace probatio::net
