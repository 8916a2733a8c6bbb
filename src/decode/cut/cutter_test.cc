// Files are cut into the same pieces however few octets are in memory at once.
#include <gtest/gtest.h>

#include "decode/csv/csv_row.h"
#include "decode/cut/file_for_tests.h"
#include "decode/cut/text_cutters.h"
#include "decode/dhcp/isc_tokens.h"

namespace probatio::decode {
namespace {

template <class Made>
std::vector<std::string> PiecesBy(std::size_t part, Made cutter, std::string_view file) {
  std::vector<std::string> pieces;
  std::size_t seen = std::min(part, file.size());
  while (!file.empty()) {
    const Cut cut = cutter.Next(AsBytes(file.substr(0, seen)), seen == file.size()).value();
    if (cut.piece.has_value()) pieces.emplace_back(AsText(cut.piece->bytes));
    file.remove_prefix(cut.size);
    seen = std::min(cut.size == 0 ? seen + part : std::max(seen - cut.size, part), file.size());
  }
  return pieces;
}

template <class Made>
std::vector<std::string> Pieces(const Made& cutter, std::string_view file) {
  const std::vector<std::string> whole = PiecesBy(file.size(), cutter, file);
  for (const std::size_t part : {std::size_t{1}, std::size_t{5}, kLineBytesMax / 3}) {
    if (part < 100 && file.size() > 10'000) continue;
    EXPECT_EQ(PiecesBy(part, cutter, file), whole) << part;
  }
  return whole;
}

using Texts = std::vector<std::string>;

TEST(LineCutter, KeepsLineEndsAndTakesALastLineWithoutOne) {
  EXPECT_EQ(Pieces(LineCutter(), "one\r\n\ntwo\nthree"), (Texts{"one\r\n", "\n", "two\n", "three"}));
  EXPECT_EQ(Pieces(LineCutter(), "\n"), Texts{"\n"});
}

TEST(LineCutter, StepsOverAByteOrderMarkAtTheBeginAlone) {
  EXPECT_EQ(Pieces(LineCutter(), "\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo"), (Texts{"one\n", "\xEF\xBB\xBFtwo"}));
  EXPECT_EQ(Pieces(LineCutter(), "\xEF\xBB"), Texts{"\xEF\xBB"});
}

TEST(LineCutter, OfALineBeyondTheLimitGivesOneOctetMoreThanIt) {
  const std::string most(kLineBytesMax - 1, 'a');
  EXPECT_EQ(Pieces(LineCutter(), most + "\nb\n"), (Texts{most + "\n", "b\n"}));
  const std::string more(kLineBytesMax + 1, 'a');
  EXPECT_EQ(Pieces(LineCutter(), most + "a\nb\n"),
            (Texts{most + "a\n", "b\n"}));  // its end is the octet more
  EXPECT_EQ(Pieces(LineCutter(), more + "aaa\nb\n"), (Texts{more, "b\n"}));
  EXPECT_EQ(Pieces(LineCutter(), more + more), Texts{more});
}

TEST(EntryCutter, PiecesAreTheLinesBetweenBlankOnes) {
  EXPECT_EQ(Pieces(EntryCutter(), "\n \nA\n\tx\n\r\n\nB\n\ty"), (Texts{"A\n\tx\n", "B\n\ty"}));
}

TEST(IscCutter, CountsWhatIsNoEntry) {
  IscCutter cutter;
  const std::string file = "# c\nserver-duid \"x\";\nlease 192.0.2.1 {\n  a;\n}\nlease 192.0.2.2 {\n  b;\n";
  EXPECT_EQ(Pieces(cutter, file), (Texts{"lease 192.0.2.1 {\n  a;\n}\n", "lease 192.0.2.2 {\n  b;\n"}));
  for (std::string_view rest = file; !rest.empty();)
    rest.remove_prefix(cutter.Next(AsBytes(rest), true).value().size);
  EXPECT_EQ(cutter.counts().at("statements that are no lease"), 1U);
}

TEST(CsvCutter, KeepsLineBreaksInsideQuotes) {
  EXPECT_EQ(Pieces(CsvCutter(','), "a,b\r\n\"1\n2\",c\nd,e"), (Texts{"a,b\r\n", "\"1\n2\",c\n", "d,e"}));
  EXPECT_EQ(Pieces(CsvCutter(','), "\"a,b\nc,d\n"), (Texts{"\"a,b\n", "c,d\n"}));
}

TEST(WholeCutter, TakesAFileWholeWithinItsLimit) {
  const std::string most(kWholeTextBytesMax, 'a');
  EXPECT_EQ(PiecesBy(most.size(), WholeCutter(), most).size(), 1U);
  WholeCutter cutter;
  EXPECT_EQ(cutter.Next(AsBytes(most), false).value().size, 0U);
  EXPECT_EQ(cutter.Next(AsBytes(most + "a"), true).error().what(),
            "larger than 16777216 octets, and this format is read whole");
}

}  // namespace
}  // namespace probatio::decode
