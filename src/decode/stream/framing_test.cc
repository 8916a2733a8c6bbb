// Streams are cut into the same pieces however the network cuts them.
#include <gtest/gtest.h>

#include "decode/flow/ipfix_framing.h"
#include "decode/syslog/syslog_framing.h"

namespace probatio::decode {
namespace {

// What comes out of a stream that arrives `step` octets at a time; the error, if any, last.
std::vector<std::string> Pieces(Framing&& framing, std::string_view stream, std::size_t step) {
  std::vector<std::string> pieces;
  std::string waiting;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    waiting += stream.substr(at, step);
    for (;;) {
      const Result<Frame> frame = framing.Next(AsBytes(waiting));
      if (!frame.ok()) {
        pieces.push_back(frame.error().what());
        return pieces;
      }
      if (frame.value().consumed == 0) break;
      if (!frame.value().piece.empty()) pieces.emplace_back(AsText(frame.value().piece));
      waiting.erase(0, frame.value().consumed);
    }
  }
  if (!waiting.empty()) pieces.push_back("cut off: " + std::to_string(waiting.size()));
  return pieces;
}

using Texts = std::vector<std::string>;

std::string Message(std::uint16_t length, std::uint16_t version = 10) {
  ByteWriter out;
  out.U16(version);
  out.U16(length);
  for (std::size_t i = 4; i < length; ++i) out.U8(static_cast<std::uint8_t>(i));
  return std::string(AsText(out.bytes()));
}

Texts Syslog(SyslogFrames frames, std::string_view stream, std::size_t step = 1'000'000) {
  return Pieces(SyslogFraming(frames), stream, step);
}

TEST(IpfixFraming, CutsMessagesByTheirOwnLength) {
  const std::string stream = Message(16) + Message(65'535) + Message(20);
  const Texts whole = {Message(16), Message(65'535), Message(20)};
  for (const std::size_t step : {1U, 7U, 1'000'000U}) EXPECT_EQ(Pieces(IpfixFraming(), stream, step), whole);
}

TEST(IpfixFraming, GivesUpAStreamWhoseNextMessageCannotBeFound) {
  EXPECT_EQ(Pieces(IpfixFraming(), Message(16) + Message(24, 9), 1),
            (Texts{Message(16), "ipfix stream: version is not 10"}));
  EXPECT_EQ(Pieces(IpfixFraming(), Message(15), 1),
            Texts{"ipfix stream: length below that of the message header"});
}

TEST(IpfixFraming, GivesNothingOfAMessageThatIsCutOff) {
  EXPECT_EQ(Pieces(IpfixFraming(), Message(16).substr(0, 15), 1), Texts{"cut off: 15"});
}

TEST(SyslogFraming, CountsOctets) {
  for (const std::size_t step : {1U, 3U, 100U}) {
    EXPECT_EQ(Syslog(SyslogFrames::kCounted, "9 <14>a\nb c3 <1>10 0123456789", step),
              (Texts{"<14>a\nb c", "<1>", "0123456789"}));
  }
}

TEST(SyslogFraming, SplitsLines) {
  for (const std::size_t step : {1U, 3U, 100U}) {
    EXPECT_EQ(Syslog(SyslogFrames::kLines, "<14>one\n\n1 2024 Oct 21 two\n", step),
              (Texts{"<14>one", "1 2024 Oct 21 two"}));
  }
}

TEST(SyslogFraming, DetectsByTheFirstOctetOfTheConnectionAndThenKeepsToIt) {
  EXPECT_EQ(Syslog(SyslogFrames::kDetect, "3 <1>3 <2>"), (Texts{"<1>", "<2>"}));
  EXPECT_EQ(Syslog(SyslogFrames::kDetect, "<1>\n3 <2>\n"), (Texts{"<1>", "3 <2>"}));
  EXPECT_EQ(Syslog(SyslogFrames::kDetect, "3 <1><2>\n"),
            (Texts{"<1>", "syslog stream: no length before a message"}));
}

TEST(SyslogFraming, GivesUpAStreamWhoseNextMessageCannotBeFound) {
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "<14>a\n"), Texts{"syslog stream: no length before a message"});
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "05 <14>a"), Texts{"syslog stream: no length before a message"});
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "5<14>a"),
            Texts{"syslog stream: no space after the length of a message"});
}

TEST(SyslogFraming, TakesMessagesUpToTheLimitAndNoLongerOnes) {
  const std::string longest(kFrameBytesMax, 'x');
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "65535 " + longest, 9'000), Texts{longest});
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "65536 " + longest),
            Texts{"syslog stream: message longer than 65535 octets"});
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "000001 x"), Texts{"syslog stream: no length before a message"});
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "1000000000000000000000000"),
            Texts{"syslog stream: message longer than 65535 octets"});
  EXPECT_EQ(Syslog(SyslogFrames::kLines, longest + "\n", 9'000), Texts{longest});
  EXPECT_EQ(Syslog(SyslogFrames::kLines, longest + "x\n"),
            Texts{"syslog stream: line longer than 65535 octets"});
  EXPECT_EQ(Syslog(SyslogFrames::kLines, longest + "xx"),
            Texts{"syslog stream: line longer than 65535 octets"});
}

// A line that was cut may name another port than the one it meant: it is no line.
TEST(SyslogFraming, GivesNothingOfAMessageThatIsCutOff) {
  EXPECT_EQ(Syslog(SyslogFrames::kLines, "<14>port 5234"), Texts{"cut off: 13"});
  EXPECT_EQ(Syslog(SyslogFrames::kCounted, "15 <14>port 5234"), Texts{"cut off: 16"});
}

}  // namespace
}  // namespace probatio::decode
