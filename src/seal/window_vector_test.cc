// The formats of docs/formats/window.md and journal.md, pinned: a second implementation must compute the same
// values from testdata/seal/window-1.txt and open its sealed bytes.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "seal/leaf_page.h"
#include "seal/proven_row.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

// Lines "name hexadecimal"; a line that begins with # is a remark.
std::map<std::string, Buffer> ReadVector() {
  std::map<std::string, Buffer> vector;
  std::ifstream file("testdata/seal/window-1.txt");
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.find(' ');
    vector[line.substr(0, space)] = FromHex(line.substr(space + 1)).value();
  }
  return vector;
}

class WindowVector : public testing::Test {
 protected:
  void SetUp() override { ASSERT_FALSE(vector_.empty()) << "run from the repository root"; }
  const Buffer& At(const std::string& name) { return vector_.at(name); }
  std::string Hex(const std::string& name) { return ToHex(At(name)); }
  Key WindowKey() { return Key(At("window_key")); }
  SegmentId Segment() { return SegmentId::Parse(AsText(At("segment"))).value(); }
  record::Record Row() { return record::ParseRecordBytes(At("record")).value(); }

 private:
  std::map<std::string, Buffer> vector_ = ReadVector();
};

TEST_F(WindowVector, PinsTheKeysUnderAWindowKey) {
  WindowKeys keys(WindowKey());
  const Selector selector = FilingOf(Row()).value().primary;
  EXPECT_EQ(ToHex(SelectorBytes(selector)), Hex("selector"));
  const Token token = keys.TokenOf(selector);
  EXPECT_EQ(ToHex(token), Hex("token"));
  EXPECT_EQ(ToHex(keys.KeysOf(token).block.reveal()), Hex("block_key"));
  EXPECT_EQ(ToHex(keys.KeysOf(token).salt.reveal()), Hex("salt_key"));
  EXPECT_EQ(ToHex(keys.JournalIndexKey().reveal()), Hex("journal_index_key"));
  EXPECT_EQ(ToHex(WindowKeys::CheckValue(WindowKey())), Hex("check_value"));
}

TEST_F(WindowVector, PinsSaltsCommitmentsAndTheFacesRoot) {
  const Key salt_key(At("salt_key"));
  EXPECT_EQ(ToHex(SaltOf(salt_key, 0, record::Face::kWhat)), Hex("salt_what"));
  const std::vector<record::Record> rows{Row()};
  const std::vector<crypto::Digest> commitments = CommitRows(rows, salt_key);
  ASSERT_EQ(commitments.size(), 3U);
  EXPECT_EQ(ToHex(commitments[0]), Hex("commitment_what"));
  EXPECT_EQ(ToHex(commitments[1]), Hex("commitment_who"));
  EXPECT_EQ(ToHex(commitments[2]), Hex("commitment_rest"));
  EXPECT_EQ(ToHex(WideRoot(commitments)), Hex("faces_root"));
}

TEST_F(WindowVector, OpensTheSealedBlockAndLeadsToTheSegmentRoot) {
  const std::vector<BlockLeaf> leaves = ParseLeafPage(At("leaf_page")).value();
  EXPECT_EQ(ToHex(PagesOf(leaves).index), Hex("leaf_index"));
  EXPECT_EQ(ToHex(SegmentRoot(leaves)), Hex("segment_root"));
  ASSERT_EQ(leaves.size(), 2U);
  EXPECT_EQ(ToHex(leaves[1].faces_root), Hex("faces_root"));
  WindowKeys keys(WindowKey());
  const Result<OpenedBlock> block =
      OpenBlock(Segment(), leaves[1], keys.KeysOf(leaves[1].token), At("sealed_block"));
  ASSERT_TRUE(block.ok()) << block.error().what();
  EXPECT_EQ(block.value().rows, std::vector<record::Record>{Row()});
}

TEST_F(WindowVector, OpensTheJournalBatch) {
  WindowKeys keys(WindowKey());
  const Token token = keys.TokenOf(FilingOf(Row()).value().primary);
  const std::vector<Buffer> batches{At("journal_batch")};
  const JournalHead head{1, crypto::Sha256(batches[0])};
  const Result<std::vector<record::Record>> rows =
      SearchJournal(Segment(), batches, head, keys.JournalIndexKey(), token, keys.KeysOf(token));
  ASSERT_TRUE(rows.ok()) << rows.error().what();
  EXPECT_EQ(rows.value(), std::vector<record::Record>{Row()});
}

}  // namespace
}  // namespace probatio::seal
