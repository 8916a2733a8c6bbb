// The container: what we write, what we refuse to read, on each side of each limit.
#include "evidence/container.h"

#include <gmock/gmock.h>
#include <zip.h>

#include "base/test_corpus.h"

namespace probatio::evidence {
namespace {

using ::testing::HasSubstr;

Member File(const std::string& name, const std::string& content = "x") {
  return {name, ToBuffer(AsBytes(content))};
}

const std::vector<Member>& Three() {
  static const std::vector<Member> members{File("mimetype", "application/vnd.etsi.asic-e+zip"),
                                           File("a.txt", "one"), File("ledger/b.txt", "two")};
  return members;
}

std::string What(const Result<std::vector<Member>>& read) {
  return read.ok() ? "read" : read.error().what();
}

// Two names of one length, so that the bytes of the container can be changed in place.
Buffer Renamed(const Buffer& container, const std::string& from, const std::string& to) {
  CHECK(from.size() == to.size());
  std::string text(AsText(container));
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    text.replace(at, to.size(), to);
  }
  return ToBuffer(AsBytes(text));
}

std::string ReadNamed(const std::string& name) {
  const std::string plain(name.size(), 'q');
  const std::vector<Member> members{File("mimetype"), File(plain)};
  return What(ReadContainer(Renamed(WriteContainer(members).value(), plain, name)));
}

TEST(Container, GivesBackWhatWasWritten) {
  const Buffer file = WriteContainer(Three()).value();
  const std::vector<Member> read = ReadContainer(file).value();
  ASSERT_EQ(read.size(), 3U);
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].name, Three()[i].name);
    EXPECT_EQ(read[i].content, Three()[i].content);
  }
  EXPECT_TRUE(CheckCanonical(file, read).ok());
}

// file(1) and every reader of ASiC find the media type there.
TEST(Container, HasItsMediaTypeAtOffset38AndWritesTheSameBytesTwice) {
  const Buffer file = WriteContainer(Three()).value();
  EXPECT_EQ(AsText(Bytes(file).subspan(30, 8 + 31)), "mimetypeapplication/vnd.etsi.asic-e+zip");
  EXPECT_EQ(WriteContainer(Three()).value(), file);
}

TEST(Container, EveryFlippedBitIsFoundAndPlaced) {
  const Buffer good = WriteContainer(Three()).value();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Buffer file = good;
    file[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto read = ReadContainer(file);
    if (!read.ok()) continue;
    const Status canonical = CheckCanonical(file, read.value());
    ASSERT_FALSE(canonical.ok()) << "bit " << bit;
    EXPECT_THAT(canonical.error().what(), HasSubstr("container: "));
  }
}

TEST(Container, NamesThePlaceThatIsNotAsWritten) {
  Buffer file = WriteContainer(Three()).value();
  file[10] ^= 1;  // the time of the first member
  const Status canonical = CheckCanonical(file, ReadContainer(WriteContainer(Three()).value()).value());
  EXPECT_EQ(canonical.error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(canonical.error().what(), "container: byte 10, in the header of mimetype, is not as written");
}

TEST(Container, IsNotCanonicalWithMimetypeElsewhere) {
  const std::vector<Member> members{File("a"), File("mimetype")};
  EXPECT_FALSE(CheckCanonical(WriteContainer(Three()).value(), members).ok());
  EXPECT_FALSE(CheckCanonical({}, {}).ok());
}

TEST(Container, RefusesAMemberTwice) {
  const std::vector<Member> members{File("mimetype"), File("a.txt"), File("b.txt")};
  const Buffer file = Renamed(WriteContainer(members).value(), "b.txt", "a.txt");
  EXPECT_THAT(What(ReadContainer(file)), HasSubstr("container: "));
  EXPECT_FALSE(ReadContainer(file).ok());
}

TEST(Container, RefusesNamesThatLeaveTheFolder) {
  for (const char* name : {"/etc/x", "../x", "a/../x", "a/..", "./x", "a//x", "C:/x", "a\\x", "a\x01x"}) {
    EXPECT_THAT(ReadNamed(name), HasSubstr("container: ")) << name;
    EXPECT_NE(ReadNamed(name), "read") << name;
  }
  for (const char* name : {"a/b", "..a", "a..b", "META-INF/", "a b"})
    EXPECT_EQ(ReadNamed(name), "read") << name;
}

TEST(Container, HasALimitOfMembers) {
  std::vector<Member> members{File("mimetype")};
  for (std::size_t i = 1; i < kMembersMax; ++i) members.push_back(File("m" + std::to_string(i)));
  EXPECT_TRUE(ReadContainer(WriteContainer(members).value()).ok());
  members.push_back(File("one-too-many"));
  EXPECT_EQ(What(ReadContainer(WriteContainer(members).value())), "container: more than 1000 members");
}

TEST(Container, RefusesWhatIsEmptyCutOrNoZip) {
  EXPECT_EQ(What(ReadContainer({})), "container: holds nothing");
  EXPECT_FALSE(ReadContainer(AsBytes("PK\x03\x04 not really")).ok());
  const Buffer good = WriteContainer(Three()).value();
  for (std::size_t size = 1; size < good.size(); ++size) {
    EXPECT_FALSE(ReadContainer(Bytes(good).first(size)).ok()) << size;
  }
}

// A deflated member of zeros, made by hand with zip(1)'s layout, claims a size that it does not need.
TEST(Container, RefusesAMemberWhoseHeaderClaimsMoreThanThereIs) {
  Buffer file = WriteContainer(Three()).value();
  const std::string text(AsText(file));
  const std::size_t directory = text.find("PK\x01\x02");
  file[directory + 24 + 3] = 0x7F;  // uncompressed size in the central directory
  EXPECT_FALSE(ReadContainer(file).ok());
}

// One member, deflated, as other programs write it.
Buffer Deflated(const std::string& content) {
  zip_source_t* const file = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(file);
  zip_t* const archive = zip_open_from_source(file, ZIP_TRUNCATE, nullptr);
  zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
  CHECK(zip_file_add(archive, "data", source, 0) == 0);
  CHECK(zip_set_file_compression(archive, 0, ZIP_CM_DEFLATE, 9) == 0 && zip_close(archive) == 0);
  zip_stat_t status;
  CHECK(zip_source_open(file) == 0 && zip_source_stat(file, &status) == 0);
  Buffer bytes(status.size);
  CHECK(zip_source_read(file, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(file);
  zip_source_free(file);
  return bytes;
}

TEST(Container, RefusesAMemberThatExpandsLikeABomb) {
  EXPECT_EQ(What(ReadContainer(Deflated(std::string(1 << 20, 'a')))),
            "container: member 'data' expands more than 100 times: a zip bomb");
  std::string text;  // compresses well, and not like that
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i);
  EXPECT_EQ(ReadContainer(Deflated(text)).value()[0].content, ToBuffer(AsBytes(text)));
}

TEST(Container, RefusesTheDoubledMimetypeOfTheCorpus) {
  SKIP_WITHOUT_CORPUS("asic");
  EXPECT_THAT(What(ReadContainer(ReadCorpus("asic/digidoc4j_2-mimetypes.asice"))), HasSubstr("container: "));
  EXPECT_FALSE(ReadContainer(ReadCorpus("asic/digidoc4j_2-mimetypes.asice")).ok());
}

}  // namespace
}  // namespace probatio::evidence
