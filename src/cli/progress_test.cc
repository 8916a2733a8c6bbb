#include "cli/progress.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace probatio::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Progress::Time kBegun{seconds(1'000)};
const ProgressStyle kLines{ProgressForm::kLines};
const ProgressStyle kJson{ProgressForm::kJson};

ProgressStyle Terminal(std::size_t columns) {
  return {ProgressForm::kTerminal, columns};
}

TEST(Progress, SaysShareRateAndTimeLeft) {
  Progress progress(kLines, {"log.jsonl"}, kBegun);
  EXPECT_EQ(progress.Reached({4'000, 250, 1'000}, kBegun + seconds(2)),
            "log.jsonl: 4000 records safe on disk, 25 % of the file, 2000 records/s, 6 s left\n");
}

TEST(Progress, OfAPipeNeitherShareNorTimeLeftIsKnown) {
  Progress progress(kLines, {"-"}, kBegun);
  EXPECT_EQ(progress.Reached({4'000, 250, std::nullopt}, kBegun + seconds(2)),
            "-: 4000 records safe on disk, 2000 records/s\n");
}

TEST(Progress, WithoutElapsedTimeThereIsNoRateAndNoTimeLeft) {
  Progress lines(kLines, {"a"}, kBegun);
  EXPECT_EQ(lines.Reached({4'000, 250, 1'000}, kBegun), "a: 4000 records safe on disk, 25 % of the file\n");
  Progress json(kJson, {"a"}, kBegun);
  const auto line = nlohmann::json::parse(json.Reached({4'000, 250, 1'000}, kBegun));
  EXPECT_TRUE(line.at("records_per_s").is_null());
  EXPECT_TRUE(line.at("seconds_left").is_null());
}

TEST(Progress, OnlyTheWholeFileIs100Percent) {
  const auto told = [](std::uint64_t bytes) {
    return Progress(kLines, {"a"}, kBegun).Reached({1, bytes, 1'000}, kBegun);
  };
  EXPECT_EQ(told(999), "a: 1 records safe on disk, 99 % of the file\n");
  EXPECT_EQ(told(1'000), "a: 1 records safe on disk, 100 % of the file\n");
  EXPECT_EQ(told(1'001), "a: 1 records safe on disk, 100 % of the file\n");  // it grew meanwhile
  EXPECT_EQ(Progress(kLines, {"a"}, kBegun).Ended({0, 0, 0}, kBegun), "a: 0 records safe on disk\n");
}

TEST(Progress, TimeLeftIsToldUpTo99Hours) {
  const auto left = [](std::uint64_t of_bytes) {
    const std::string text = Progress(kJson, {"a"}, kBegun).Reached({1, 1, of_bytes}, kBegun + seconds(1));
    return nlohmann::json::parse(text).at("seconds_left");
  };
  EXPECT_EQ(left(1 + kSecondsLeftMax), kSecondsLeftMax);
  EXPECT_TRUE(left(2 + kSecondsLeftMax).is_null());
}

TEST(Progress, TimeLeftReadsInMinutesAndHours) {
  const auto told = [](std::uint64_t seconds_left) {
    return Progress(Terminal(80), {"a"}, kBegun).Reached({1, 1, 1 + seconds_left}, kBegun + seconds(1));
  };
  EXPECT_NE(told(59).find(", 59 s left"), std::string::npos);
  EXPECT_NE(told(60).find(", 1 min 00 s left"), std::string::npos);
  EXPECT_NE(told(3'600 + 5 * 60).find(", 1 h 05 min left"), std::string::npos);
}

TEST(Progress, ALogGetsTheFirstLineThenOneEveryTwoSecondsAndTheLast) {
  Progress progress(kLines, {"a"}, kBegun);
  EXPECT_NE(progress.Reached({1, 1, 10}, kBegun), "");
  EXPECT_EQ(progress.Reached({2, 2, 10}, kBegun + kLineStep - milliseconds(1)), "");
  EXPECT_NE(progress.Reached({3, 3, 10}, kBegun + kLineStep), "");
  EXPECT_NE(progress.Ended({10, 10, 10}, kBegun + kLineStep + milliseconds(1)), "");
}

TEST(Progress, WhatWasJustSaidIsNotSaidAgainAtTheEnd) {
  Progress progress(kLines, {"a"}, kBegun);
  EXPECT_NE(progress.Reached({10, 10, 10}, kBegun), "");
  EXPECT_EQ(progress.Ended({10, 10, 10}, kBegun + milliseconds(1)), "");
}

TEST(Progress, ATerminalsLineIsWrittenOverFourTimesASecondAtMost) {
  Progress progress(Terminal(80), {"a"}, kBegun);
  EXPECT_EQ(progress.Reached({1, 1, 10}, kBegun), "\r\x1b[Ka: 10 %, 1 records safe");
  EXPECT_EQ(progress.Reached({2, 2, 10}, kBegun + kTerminalStep - milliseconds(1)), "");
  EXPECT_NE(progress.Reached({3, 3, 10}, kBegun + kTerminalStep), "");
  EXPECT_EQ(progress.Ended({10, 10, 10}, kBegun + seconds(1)), "\r\x1b[Ka: 100 %, 10 records safe, 10/s\n");
}

TEST(Progress, AnErrorStandsOnALineOfItsOwn) {
  Progress terminal(Terminal(80), {"a"}, kBegun);
  EXPECT_EQ(terminal.Stopped(), "");  // nothing was written yet
  terminal.Reached({1, 1, 10}, kBegun);
  EXPECT_EQ(terminal.Stopped(), "\n");
  EXPECT_EQ(terminal.Stopped(), "");
  Progress lines(kLines, {"a"}, kBegun);
  lines.Reached({1, 1, 10}, kBegun);
  EXPECT_EQ(lines.Stopped(), "");
}

TEST(Progress, OfSeveralFilesItSaysWhichOne) {
  EXPECT_EQ(Progress(kLines, {"b", 2, 3}, kBegun).Reached({1, 1, 10}, kBegun),
            "b (2 of 3): 1 records safe on disk, 10 % of the file\n");
  EXPECT_EQ(Progress(Terminal(80), {"b", 2, 3}, kBegun).Reached({1, 1, 10}, kBegun),
            "\r\x1b[Kb (2 of 3): 10 %, 1 records safe");
}

TEST(Progress, ALongNameLosesItsBeginningSoThatTheLineDoesNotWrap) {
  // ": 10 %, 1 records safe" has 22 columns and one stays free.
  const auto told = [](const std::string& name, std::size_t columns) {
    return Progress(Terminal(columns), {name}, kBegun).Reached({1, 1, 10}, kBegun).substr(4);
  };
  EXPECT_EQ(told("logs/a.jsonl", 35), "logs/a.jsonl: 10 %, 1 records safe");
  EXPECT_EQ(told("logs/a.jsonl", 34), ".../a.jsonl: 10 %, 1 records safe");
  EXPECT_EQ(told("abcdefgh", 26), "...: 10 %, 1 records safe");
  EXPECT_EQ(told("abcdefgh", 23), ": 10 %, 1 records safe");
  EXPECT_EQ(told("abcdefgh", 10), ": 10 %, 1");
  EXPECT_EQ(told("abcdefgh", 0), ":");
}

TEST(Progress, ANameIsCutBetweenCharacters) {
  const std::string text = Progress(Terminal(28), {"\u00e9t\u00e9\u00e9\u00e9\u00e9"}, kBegun)
                               .Reached({1, 1, 10}, kBegun)
                               .substr(4);
  EXPECT_EQ(text, "...\u00e9\u00e9: 10 %, 1 records safe");
}

TEST(Progress, ANameCannotSteerTheTerminal) {
  const auto told = [](const std::string& name) {
    const std::string text = Progress(kLines, {name}, kBegun).Reached({1, 0, std::nullopt}, kBegun);
    return text.substr(0, text.find(": "));
  };
  EXPECT_EQ(told("a\x1b[2J\n\x7f"), "a?[2J??");
  EXPECT_EQ(told("a\xC2\x9B"
                 "2J"),
            "a?2J");  // CSI as one character
  EXPECT_EQ(told("a\x9B"
                 "2J"),
            "a?2J");  // and as one octet
  EXPECT_EQ(told("\u00e9\u20ac"), "\u00e9\u20ac");
}

TEST(Progress, JsonHasOneObjectALineAlsoForANameThatIsNotUtf8) {
  const std::string text =
      Progress(kJson, {"a\xFF\n"}, kBegun).Reached({4'000, 250, 1'000}, kBegun + seconds(2));
  EXPECT_EQ(
      text,
      "{\"bytes\":250,\"file\":\"a\uFFFD\\n\",\"of_bytes\":1000,\"records\":4000,\"records_per_s\":2000,"
      "\"seconds_left\":6}\n");
  const auto pipe = nlohmann::json::parse(
      Progress(kJson, {"-"}, kBegun).Reached({1, 7, std::nullopt}, kBegun + seconds(1)));
  EXPECT_TRUE(pipe.at("of_bytes").is_null());
  EXPECT_TRUE(pipe.at("seconds_left").is_null());
  EXPECT_EQ(pipe.at("bytes"), 7);
}

}  // namespace
}  // namespace probatio::cli
