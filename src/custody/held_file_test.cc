// A hold's sealed file: what is read under a grant comes back whole, with its proofs, to the custodians'
// keys; and to nobody for another order, nor after one changed byte.
#include <gtest/gtest.h>

#include "custody/held_file.h"
#include "custody/keeping_reader.h"
#include "custody/test_world.h"

namespace probatio::custody {
namespace {

using record::RecordClass;
using test::World;

const OrderId kOrder = OrderId::Parse("example-1").value();
const OrderId kOther = OrderId::Parse("example-2").value();

HeldFacts Facts(const OrderId& order = kOrder) {
  return {order, test::kNow, 3, {"L1", "L2"}};
}

Result<SealedHold> SealIn(World& world, const std::map<RecordClass, Buffer>& contents,
                          HeldFacts facts = Facts()) {
  return SealHeld(
      facts, contents, [&](RecordClass) { return world.set; }, world.random);
}

// The reads of the platform line, as an extraction notes them.
std::map<RecordClass, std::vector<HeldRead>> ReadPlatformDay(World& world) {
  world.Add(test::PlatformDay());
  SealedReader sealed = world.Reader();
  KeepingReader reader(sealed);
  CHECK(reader.Read(world.approved.Grant(), {test::ForMessage()}).ok());
  return ByClass(reader.reads());
}

Buffer Content(const std::vector<HeldRead>& reads) {
  return ToBuffer(AsBytes(HeldReadsToJson(reads).value()));
}

// Puts the last digest right again, so that what is tested is the check behind it.
void Redigest(Buffer* file) {
  const crypto::Digest digest = crypto::Sha256(Bytes(*file).first(file->size() - 32));
  std::copy(digest.begin(), digest.end(), file->end() - 32);
}

ErrorCode CodeOf(const Result<HeldFile>& parsed) {
  CHECK(!parsed.ok());
  return parsed.error().code();
}

TEST(HeldFile, GivesTheCustodiansTheRowsWithTheirProofs) {
  World world;
  const auto reads = ReadPlatformDay(world);
  const SealedHold sealed =
      SealIn(world, {{RecordClass::kActivity, Content(reads.at(RecordClass::kActivity))}}).value();
  const HeldFile held = ParseHeld(sealed.file, kOrder).value();
  EXPECT_EQ(held.facts.lines, Facts().lines);
  EXPECT_EQ(held.facts.extracted_at, test::kNow);
  const HeldSection& section = held.sections[2];
  ASSERT_EQ(section.record_class, RecordClass::kActivity);
  const Key key =
      UnwrapKey(section.wrapped, HeldContext(kOrder, RecordClass::kActivity), world.custodians.present)
          .value();
  const Secret content = OpenHeldSection(held, RecordClass::kActivity, key).value();
  const auto back = HeldReadsFromJson(AsText(content.reveal())).value();
  ASSERT_EQ(back.size(), 1U);
  ASSERT_EQ(back[0].found.rows.size(), 1U);
  const seal::ProvenRow& row = back[0].found.rows[0];
  EXPECT_EQ(std::get<record::Activity>(row.record).message, "m-900");
  EXPECT_EQ(back[0].look_ups[0].selector, seal::ForMessage("m-900"));
  ASSERT_TRUE(row.proof.has_value());
  for (const seal::FaceOpening& face : row.proof->faces) {
    EXPECT_TRUE(seal::VerifyFace(row.record, face, *row.proof).ok());
  }
}

TEST(HeldFile, StillOpensWhenTheWindowsArePurged) {
  World world;
  const auto reads = ReadPlatformDay(world);
  const SealedHold sealed =
      SealIn(world, {{RecordClass::kActivity, Content(reads.at(RecordClass::kActivity))}}).value();
  world.box.values.clear();
  world.directory.segments.front().state = seal::SegmentState::kPurged;
  EXPECT_TRUE(world.Read({test::ForMessage()}).value().rows.empty());
  const HeldFile held = ParseHeld(sealed.file, kOrder).value();
  const Key key = UnwrapKey(held.sections[2].wrapped, HeldContext(kOrder, RecordClass::kActivity),
                            world.custodians.present)
                      .value();
  const Secret content = OpenHeldSection(held, RecordClass::kActivity, key).value();
  EXPECT_EQ(HeldReadsFromJson(AsText(content.reveal())).value()[0].found.rows.size(), 1U);
}

TEST(HeldFile, IsNoOtherOrdersAndNoOtherClass) {
  World world;
  const SealedHold sealed = SealIn(world, {}).value();
  const auto refused = ParseHeld(sealed.file, kOther);
  EXPECT_EQ(CodeOf(refused), ErrorCode::kInvalid);
  EXPECT_EQ(refused.error().what(), "hold's file: is of order example-1, not of example-2");
  const HeldFile held = ParseHeld(sealed.file, kOrder).value();
  const Bytes wrapped = held.sections[0].wrapped;
  EXPECT_FALSE(
      UnwrapKey(wrapped, HeldContext(kOther, RecordClass::kIdentity), world.custodians.present).ok());
  EXPECT_FALSE(UnwrapKey(wrapped, HeldContext(kOrder, RecordClass::kNetwork), world.custodians.present).ok());
  const Key& identity = sealed.keys.at(RecordClass::kIdentity);
  EXPECT_TRUE(OpenHeldSection(held, RecordClass::kIdentity, identity).ok());
  EXPECT_EQ(OpenHeldSection(held, RecordClass::kAccount, identity).error().code(), ErrorCode::kCrypto);
}

TEST(HeldFile, DoesNotTellInWhichClassSomethingWasFound) {
  World world;
  const SealedHold nothing = SealIn(world, {}).value();
  const SealedHold a_row = SealIn(world, {{RecordClass::kIdentity, Buffer(5'000, 'x')}}).value();
  const HeldFile with_nothing = ParseHeld(nothing.file, kOrder).value();
  const HeldFile with_a_row = ParseHeld(a_row.file, kOrder).value();
  ASSERT_EQ(with_nothing.sections.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(with_nothing.sections[i].chunks.size(), with_a_row.sections[i].chunks.size());
  }
}

TEST(HeldFile, RefusesByName) {
  World world;
  const SealedHold sealed = SealIn(world, {}).value();
  Buffer newer = sealed.file;
  newer[11] = 2;
  EXPECT_EQ(ParseHeld(newer, kOrder).error().what(),
            "hold's file: version 2, newer than 1: use a newer probatio");
  const auto cut = ParseHeld(Bytes(sealed.file).first(sealed.file.size() - 1), kOrder);
  EXPECT_NE(cut.error().what().find("truncated"), std::string::npos) << cut.error().what();
  Buffer altered = sealed.file;
  altered[altered.size() - 100] ^= 1;
  EXPECT_EQ(CodeOf(ParseHeld(altered, kOrder)), ErrorCode::kCrypto);
  Redigest(&altered);  // whoever alters it can make the digest again, but not what the key seals
  const HeldFile held = ParseHeld(altered, kOrder).value();
  EXPECT_FALSE(OpenHeldSection(held, RecordClass::kNetwork, sealed.keys.at(RecordClass::kNetwork)).ok());
  Buffer fact = sealed.file;
  fact[8 + 4 + 4 + kOrder.text().size() + 7] ^= 1;  // the instant of the extraction
  Redigest(&fact);
  const HeldFile lying = ParseHeld(fact, kOrder).value();
  EXPECT_FALSE(OpenHeldSection(lying, RecordClass::kIdentity, sealed.keys.at(RecordClass::kIdentity)).ok());
  EXPECT_EQ(ParseHeld(AsBytes("PROBSEALxxxx"), kOrder).error().what(), "hold's file: no hold's file");
}

TEST(HeldFile, HasLimits) {
  World world;
  HeldFacts facts = Facts();
  facts.lines.assign(kHeldLinesMax, "L1");
  EXPECT_TRUE(SealIn(world, {}, facts).ok());
  facts.lines.push_back("L1");
  EXPECT_EQ(SealIn(world, {}, facts).error().code(), ErrorCode::kInvalid);
  std::map<RecordClass, Buffer> contents{{RecordClass::kNetwork, Buffer(kHeldSectionBytesMax)}};
  {
    const SealedHold largest = SealIn(world, contents).value();
    EXPECT_TRUE(ParseHeld(largest.file, kOrder).ok());
  }
  contents[RecordClass::kNetwork].push_back(0);
  EXPECT_EQ(SealIn(world, contents).error().code(), ErrorCode::kInvalid);
  std::vector<HeldRead> reads(kHeldReadsMax);
  const std::string most = HeldReadsToJson(reads).value();
  EXPECT_TRUE(HeldReadsFromJson(most).ok());
  reads.emplace_back();
  EXPECT_FALSE(HeldReadsToJson(reads).ok());
  const std::string one_more = most.substr(0, most.find('[') + 1) +
                               R"({"gaps":[],"look_ups":[],"rows":[],"segments":0},)" +
                               most.substr(most.find('[') + 1);
  EXPECT_FALSE(HeldReadsFromJson(one_more).ok());
}

TEST(HeldRows, KeepWhatWasAskedAndNotFound) {
  World world;
  const auto reads = ReadPlatformDay(world);
  HeldRead nothing = reads.at(RecordClass::kActivity)[0];
  nothing.found.rows.clear();
  nothing.found.gaps = {{resolve::GapKind::kLostRecords, test::kMonth, "activity: records lost"}};
  const auto back = HeldReadsFromJson(HeldReadsToJson({nothing}).value()).value();
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].look_ups[0].line, "L1");
  ASSERT_EQ(back[0].found.gaps.size(), 1U);
  EXPECT_EQ(back[0].found.gaps[0].kind, resolve::GapKind::kLostRecords);
  EXPECT_FALSE(HeldReadsFromJson(R"({"schema":"probatio-held-rows/2","reads":[],"more":1})").ok());
}

}  // namespace
}  // namespace probatio::custody
