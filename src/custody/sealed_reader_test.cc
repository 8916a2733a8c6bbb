#include "custody/sealed_reader.h"

#include <gtest/gtest.h>

#include "custody/test_world.h"

namespace probatio::custody::test {
namespace {

using record::ActivityKind;
using resolve::GapKind;
using seal::Stream;

std::string ErrorOf(const Result<resolve::Found>& found) {
  return found.ok() ? "found" : found.error().what();
}
ErrorCode CodeOf(const Result<resolve::Found>& found) {
  return found.error().code();
}

bool HasGap(const resolve::Found& found, GapKind kind, const Period& period) {
  return std::any_of(found.gaps.begin(), found.gaps.end(),
                     [&](const resolve::Gap& gap) { return gap.kind == kind && gap.period == period; });
}

void ExpectProved(const resolve::Found& found) {
  for (const seal::ProvenRow& row : found.rows) {
    ASSERT_TRUE(row.proof.has_value());
    for (const seal::FaceOpening& face : row.proof->faces) {
      EXPECT_TRUE(seal::VerifyFace(row.record, face, *row.proof).ok());
    }
  }
}

TEST(SealedReader, GoesFromAMessageToItsAccountAndThatAccountsEvents) {
  World world;
  const SegmentId segment = world.Add(PlatformDay());
  const Result<resolve::Found> message = world.Read({ForMessage()});
  ASSERT_EQ(ErrorOf(message), "found");
  ASSERT_EQ(message.value().rows.size(), 1U);
  const seal::ProvenRow& light = message.value().rows[0];
  EXPECT_EQ(std::get<record::Activity>(light.record).account, "u-77");
  EXPECT_FALSE(std::get<record::Activity>(light.record).source_ip.has_value());
  EXPECT_EQ(light.segment, segment);

  const Result<resolve::Found> events = world.Read({ForAccount(light)});
  ASSERT_EQ(ErrorOf(events), "found");
  ASSERT_EQ(events.value().rows.size(), 2U);
  EXPECT_EQ(std::get<record::Activity>(events.value().rows[0].record).event, ActivityKind::kAccountCreated);
  EXPECT_EQ(std::get<record::Activity>(events.value().rows[1].record).source_port, 51'234);
  EXPECT_EQ(events.value().rows[0].proof->segment_root, world.directory.segments[0].root);
  EXPECT_TRUE(events.value().gaps.empty());
  EXPECT_EQ(events.value().segments_searched, 1U);
  ExpectProved(message.value());
  ExpectProved(events.value());
}

TEST(SealedReader, OfABucketOfPortsReturnsTheOrderedPortOnly) {
  World world;
  const auto create = record::NatEventKind::kNat44SessionCreate;
  world.Add({NatAt("2024-10-21T08:01:00Z", create, 51'234), NatAt("2024-10-21T08:02:00Z", create, 51'235),
             NatAt("2024-10-21T08:03:00Z", record::NatEventKind::kNat44SessionDelete, 51'234)});
  world.Add({NatAt("2024-10-21T08:16:00Z", create, 51'234)});
  const Result<resolve::Found> found = world.Read({ForTuple()});
  ASSERT_EQ(ErrorOf(found), "found");
  EXPECT_EQ(found.value().rows.size(), 3U);
  for (const seal::ProvenRow& row : found.value().rows) {
    EXPECT_EQ(std::get<record::NatEvent>(row.record).public_port, 51'234);
  }
  EXPECT_EQ(found.value().segments_searched, 2U);
  ExpectProved(found.value());
}

record::NatEvent OfAddress(const char* address) {
  record::NatEvent event = NatAt("2024-10-21T08:01:00Z", record::NatEventKind::kNat44SessionCreate, 51'234);
  event.public_ip = IpAddress::Parse(address).value();
  return event;
}

// The question is for 203.0.113.7. Only what lies outside the prefixes of a segment's addresses is passed
// over.
TEST(SealedReader, PassesOverSegmentsWhosePublicRangeExcludesTheAddress) {
  const auto searched = [](const std::vector<record::Record>& records, const SegmentOptions& options) {
    World world;
    world.Add(records, options);
    const Result<resolve::Found> found = world.Read({ForTuple()});
    EXPECT_EQ(ErrorOf(found), "found");
    return found.value().segments_searched;
  };
  EXPECT_EQ(searched({OfAddress("203.0.112.255")}, {}), 0U);
  EXPECT_EQ(searched({OfAddress("203.0.114.0")}, {}), 0U);
  EXPECT_EQ(searched({OfAddress("2001:db8::7")}, {}), 0U);
  EXPECT_EQ(searched({OfAddress("203.0.113.0")}, {}), 1U);
  EXPECT_EQ(searched({OfAddress("203.0.113.255")}, {}), 1U);
  EXPECT_EQ(searched({OfAddress("198.51.100.1"), OfAddress("2001:db8::7")}, {}), 1U);
  SegmentOptions crashed;
  crashed.crash = true;
  EXPECT_EQ(searched({OfAddress("198.51.100.1")}, crashed), 1U);  // a dead segment says no range
}

TEST(SealedReader, SaysWhatWasLostOnTheWayToASegmentThatItPassesOver) {
  World world;
  SegmentOptions lossy;
  lossy.lost_before = 3;
  world.Add({OfAddress("198.51.100.1")}, lossy);
  const resolve::Found found = world.Read({ForTuple()}).value();
  EXPECT_EQ(found.segments_searched, 0U);
  EXPECT_TRUE(HasGap(found, GapKind::kLostRecords, world.directory.segments[0].window.period));
  EXPECT_EQ(world.custodians.exchanges, 0);
}

// Two hundred accounts take more than one page of leaves.
TEST(SealedReader, FindsAMessageAmongManyPagesOfLeavesAndNamesThePageThatIsMissing) {
  World world;
  std::vector<record::Record> day = PlatformDay();
  for (int i = 0; i < 200; ++i) {
    day.push_back(ActivityAt("2024-10-21T10:00:00Z", "u-" + std::to_string(1'000 + i), ActivityKind::kLogin));
  }
  const SegmentId segment = world.Add(day);
  const Result<resolve::Found> found = world.Read({ForMessage()});
  ASSERT_EQ(ErrorOf(found), "found");
  ASSERT_EQ(found.value().rows.size(), 1U);
  ExpectProved(found.value());
  const std::size_t page = found.value().rows[0].proof->leaf_index / seal::kLeavesPerPage;
  world.box.values.erase(seal::LeafPageKey(segment, page));
  EXPECT_EQ(ErrorOf(world.Read({ForMessage()})), "store incomplete: segment " + segment.text() +
                                                     ": leaf page " + std::to_string(page) + " is missing");
}

// A subject whose wrapped key the box hides is noticed by the leaves alone, and a true absence believed.
TEST(SealedReader, NoticesByTheLeavesThatASubjectsKeyIsHidden) {
  World world;
  const SegmentId segment = world.Add({IdentityOf("u-77", "Lefèvre")});
  const auto subject = world.SubjectOf(seal::Stream::kIdentity, "u-77");
  world.box.values.erase(seal::SubjectKey(record::RecordClass::kIdentity, subject.handle));
  EXPECT_EQ(
      ErrorOf(world.Read({ForNamedAccount({Stream::kIdentity})})),
      "store incomplete: segment " + segment.text() + ": the wrapped key of one of its subjects is missing");
}

TEST(SealedReader, FindsTheVersionsOfOneSubjectAmongAll) {
  World world;
  record::Account account;
  account.origin.at.at = At("2023-05-02T12:00:00Z");
  account.account = "u-77";
  account.identifier_used = "ana.l";
  world.Add({IdentityOf("u-77", "Lefèvre"), IdentityOf("u-12", "Martin")});
  world.Add({IdentityOf("u-12", "Durand")}, {"00000002"});
  world.Add({account});
  const Result<resolve::Found> found = world.Read({ForNamedAccount({Stream::kIdentity, Stream::kAccount})});
  ASSERT_EQ(ErrorOf(found), "found");
  ASSERT_EQ(found.value().rows.size(), 2U);
  EXPECT_EQ(found.value().segments_searched, 3U);
  ExpectProved(found.value());
  // One request for both streams, and only the two subject keys in it.
  EXPECT_EQ(world.custodians.exchanges, 1);
  const Request request =
      RequestFromJson(SentRequestFromJson(world.custodians.last_sent).value().request_json).value();
  ASSERT_EQ(request.questions.size(), 2U);
  EXPECT_TRUE(request.questions[0].segments.empty());
}

TEST(SealedReader, SaysNothingOfAHolderWhoIsNotKnown) {
  World world;
  world.Add({IdentityOf("u-12", "Martin")});
  const Result<resolve::Found> found = world.Read({ForNamedAccount({Stream::kIdentity})});
  ASSERT_EQ(ErrorOf(found), "found");
  EXPECT_TRUE(found.value().rows.empty());
  EXPECT_EQ(world.custodians.exchanges, 0);
}

TEST(SealedReader, BelievesAMissOnlyFromTheSpanningLeaf) {
  World world;
  world.Add({ActivityAt("2024-10-21T09:30:00Z", "u-13", ActivityKind::kLogin)});
  const Result<resolve::Found> found = world.Read({ForMessage()});
  ASSERT_EQ(ErrorOf(found), "found");
  EXPECT_TRUE(found.value().rows.empty());
  EXPECT_EQ(found.value().segments_searched, 1U);
}

// Whatever value of the box is hidden, altered or swapped for another: the answer is whole or it is an error.
TEST(SealedReader, NoticesEveryValueThatTheBoxHidesReplacesOrSwaps) {
  World world;
  world.Add(PlatformDay());
  world.Add({IdentityOf("u-77", "Lefèvre"), IdentityOf("u-12", "Martin")});
  const std::vector<resolve::LookUp> asked{ForMessage(), ForNamedAccount({Stream::kIdentity})};
  ASSERT_EQ(world.Read(asked).value().rows.size(), 2U);
  const std::map<std::string, Buffer> honest = world.box.values;
  std::size_t noticed = 0;
  const auto expect_whole_or_error = [&](const std::string& what) {
    const Result<resolve::Found> found = world.Read(asked);
    EXPECT_TRUE(!found.ok() || found.value().rows.size() == 2U) << what;
    if (!found.ok()) ++noticed;
    world.box.values = honest;
  };
  for (const auto& [key, value] : honest) {
    world.box.values.erase(key);
    expect_whole_or_error("hidden " + seal::DescribeKey(key));
    world.box.values[key].back() ^= 1;
    expect_whole_or_error("altered " + seal::DescribeKey(key));
    for (const auto& [other, other_value] : honest) {
      if (other == key) continue;
      world.box.values[key] = other_value;
      expect_whole_or_error("replaced by another value: " + seal::DescribeKey(key));
    }
  }
  EXPECT_GT(noticed, 20U);
}

TEST(SealedReader, NamesTheSegmentAndBlockThatIsMissingAndNeverTheSelector) {
  World world;
  const SegmentId segment = world.Add(PlatformDay());
  const std::string& id = segment.text();
  const std::map<std::string, Buffer> honest = world.box.values;
  const auto error_without = [&](const std::string& prefix) {
    std::string error;
    for (const auto& [key, value] : honest) {
      if (key.compare(0, prefix.size(), prefix) != 0) continue;
      world.box.values.erase(key);
      const Result<resolve::Found> found = world.Read({ForMessage()});
      if (!found.ok()) {
        EXPECT_EQ(CodeOf(found), ErrorCode::kStorage);
        error = found.error().what();
      }
      world.box.values = honest;
    }
    return error;
  };
  EXPECT_EQ(error_without(seal::BlocksPrefix(segment)),
            "store incomplete: segment " + id + ": block 0 of its token is missing");
  EXPECT_EQ(error_without(seal::LeafIndexKey(segment)),
            "store incomplete: segment " + id + ": its leaf index is missing");
  EXPECT_EQ(error_without(seal::WrappedKey(segment)),
            "store incomplete: segment " + id + ": its wrapped key is missing");
}

TEST(SealedReader, WorksWithAnyTwoOfThreeCustodiansAndNotWithOne) {
  World world;
  world.Add(PlatformDay());
  for (const auto& [a, b] : {std::pair(0U, 1U), std::pair(1U, 2U), std::pair(0U, 2U)}) {
    world.custodians.present = {world.custodian_keys[a], world.custodian_keys[b]};
    EXPECT_EQ(world.Read({ForMessage()}).value().rows.size(), 1U);
  }
  world.custodians.present = {world.custodian_keys[1]};
  const Result<resolve::Found> one = world.Read({ForMessage()});
  EXPECT_EQ(ErrorOf(one), "station: question 0: custody: 1 of 2 needed custodians present");
  EXPECT_EQ(CodeOf(one), ErrorCode::kDenied);
}

TEST(SealedReader, FindsLateSegmentsTogetherWithTheFirst) {
  World world;
  world.Add(PlatformDay());
  SegmentOptions late;
  late.run = "0000000a";
  late.late = true;
  const SegmentId second =
      world.Add({ActivityAt("2024-10-21T08:15:00Z", "u-77", ActivityKind::kMessageSent, "m-900")}, late);
  const Result<resolve::Found> found = world.Read({ForMessage()});
  ASSERT_EQ(found.value().rows.size(), 2U);
  EXPECT_EQ(found.value().rows[1].segment, second);
}

SegmentOptions Crashed() {
  SegmentOptions options;
  options.crash = true;
  return options;
}

TEST(SealedReader, SearchesADeadSegmentThroughItsJournalAndGoesOnFromThere) {
  World world;
  const SegmentId segment = world.Add(PlatformDay(), Crashed());
  const Result<resolve::Found> message = world.Read({ForMessage()});
  ASSERT_EQ(ErrorOf(message), "found");
  ASSERT_EQ(message.value().rows.size(), 1U);
  const seal::ProvenRow& light = message.value().rows[0];
  EXPECT_FALSE(light.proof.has_value());
  EXPECT_EQ(light.journal_batch, world.journals.batches[segment][0]);
  const Result<resolve::Found> events = world.Read({ForAccount(light)});
  ASSERT_EQ(ErrorOf(events), "found");
  EXPECT_EQ(events.value().rows.size(), 2U);
}

TEST(SealedReader, SearchesTheJournalOfADeadSegmentForASubject) {
  World world;
  world.Add({IdentityOf("u-12", "Martin"), IdentityOf("u-77", "Lefèvre")}, Crashed());
  const Result<resolve::Found> found = world.Read({ForNamedAccount({Stream::kIdentity})});
  ASSERT_EQ(ErrorOf(found), "found");
  ASSERT_EQ(found.value().rows.size(), 1U);
  EXPECT_EQ(std::get<record::Identity>(found.value().rows[0].record).surname, "Lefèvre");
}

TEST(SealedReader, NoticesAJournalBatchThatIsMissingOrAltered) {
  World world;
  const SegmentId segment = world.Add(PlatformDay(), Crashed());
  std::vector<Buffer>& batches = world.journals.batches[segment];
  const std::vector<Buffer> honest = batches;
  batches.pop_back();
  EXPECT_EQ(ErrorOf(world.Read({ForMessage()})),
            "store incomplete: segment " + segment.text() + ": journal: batch 1 is missing");
  batches = honest;
  batches[0].back() ^= 1;
  EXPECT_EQ(CodeOf(world.Read({ForMessage()})), ErrorCode::kStorage);
  batches = {honest[1], honest[0]};
  EXPECT_EQ(CodeOf(world.Read({ForMessage()})), ErrorCode::kStorage);
}

TEST(SealedReader, StopsWhenTheOrderIsStayedBetweenTwoReads) {
  World world;
  world.Add(PlatformDay());
  ASSERT_TRUE(world.Read({ForMessage()}).ok());
  world.life.stayed = true;
  EXPECT_EQ(ErrorOf(world.Read({ForMessage()})), "grant: the order is stayed");
  EXPECT_EQ(world.custodians.exchanges, 1);
}

TEST(SealedReader, OpensNothingWhenTheOrderWasStayedWhileCustodiansDeliberated) {
  World world;
  world.Add(PlatformDay());
  world.custodians.meanwhile = [&] { world.life.stayed = true; };
  EXPECT_EQ(ErrorOf(world.Read({ForMessage()})), "grant: the order is stayed");
}

TEST(SealedReader, StopsWhenTheGrantHasExpired) {
  World world;
  world.Add(PlatformDay());
  const order::Grant grant = world.approved.Grant();
  world.clock.Set(kNow + kNsPerDay - 1);
  EXPECT_TRUE(world.Reader().Read(grant, {ForMessage()}).ok());
  world.clock.Set(kNow + kNsPerDay);
  EXPECT_EQ(ErrorOf(world.Reader().Read(grant, {ForMessage()})), "grant: expired");
}

TEST(SealedReader, RefusesWhatTheScopeDoesNotNameBeforeAnybodyIsAsked) {
  World world;
  world.Add(PlatformDay());
  resolve::LookUp other = ForMessage();
  other.selector = seal::ForMessage("m-901");
  EXPECT_EQ(CodeOf(world.Read({ForMessage(), other})), ErrorCode::kDenied);
  EXPECT_EQ(world.custodians.exchanges, 0);
}

TEST(SealedReader, EntersTheRequestInTheLedgerBeforeTheCustodiansSeeIt) {
  World world;
  world.Add(PlatformDay());
  ASSERT_TRUE(world.Read({ForMessage()}).ok());
  const SentRequest sent = SentRequestFromJson(world.custodians.last_sent).value();
  const ledger::Entry& entry = world.custodians.last_entry_was;
  EXPECT_EQ(entry.type, "custody_request");
  EXPECT_EQ(entry.fields.at("digest"), ToHex(crypto::Sha256(AsBytes(sent.request_json))));
  EXPECT_EQ(entry.fields.at("order"), "example-1");
  EXPECT_EQ(entry.fields.at("questions"), "1");
  EXPECT_EQ(entry.fields.at("segments"), "1");
}

TEST(SealedReader, SendsNothingWhenTheLedgerCannotBeWritten) {
  World world;
  world.Add(PlatformDay());
  world.storage.next_append_fails = StorageError("disk full");
  EXPECT_EQ(ErrorOf(world.Read({ForMessage()})), "disk full");
  EXPECT_EQ(world.custodians.exchanges, 0);
}

TEST(SealedReader, EntersAndSendsNothingOverALimit) {
  World world;
  world.Add(PlatformDay());
  const std::uint64_t size = world.ledger.size();
  const Result<resolve::Found> found =
      world.Read(std::vector<resolve::LookUp>(kQuestionsMax + 1, ForMessage()));
  EXPECT_EQ(ErrorOf(found), "custody: 10001 questions, more than 10000");
  EXPECT_EQ(world.ledger.size(), size);
  EXPECT_EQ(world.custodians.exchanges, 0);
}

TEST(SealedReader, SeesWhatAnotherProcessAppendedToTheLedger) {
  World world;
  world.Add(PlatformDay());
  ledger::Ledger other =
      ledger::Ledger::Open(world.storage, "probatio.example/test", crypto::PrivateKey::GenerateEd25519())
          .value();
  ASSERT_TRUE(other.Append({"order_received", kNow, {{"order", "example-2"}}}).ok());
  EXPECT_EQ(world.Read({ForMessage()}).value().rows.size(), 1U);
}

TEST(SealedReader, DropsRowsOlderThanRetentionAndSaysSo) {
  World world;
  const seal::ProvenRow light = [&] {
    world.Add(PlatformDay());
    return world.Read({ForMessage()}).value().rows[0];
  }();
  world.retention.oldest = At("2024-10-21T08:00:00Z");  // between the two events of the account
  const resolve::Found found = world.Read({ForAccount(light)}).value();
  ASSERT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(std::get<record::Activity>(found.rows[0].record).event, ActivityKind::kMessageSent);
  EXPECT_TRUE(HasGap(found, GapKind::kOutsideRetention, {kMonth.begin, world.retention.oldest}));
  const Period day = seal::WindowOf(Stream::kActivity, world.retention.oldest).period;
  EXPECT_TRUE(HasGap(found, GapKind::kOutsideRetention, day));
}

TEST(SealedReader, DoesNotOpenSegmentsThatEndedBeforeRetention) {
  World world;
  world.Add(PlatformDay());
  world.retention.oldest = At("2024-10-22T00:00:00Z");
  const resolve::Found found = world.Read({ForMessage()}).value();
  EXPECT_TRUE(found.rows.empty());
  EXPECT_TRUE(HasGap(found, GapKind::kOutsideRetention, {kMonth.begin, world.retention.oldest}));
  EXPECT_EQ(world.custodians.exchanges, 0);
}

TEST(SealedReader, JudgesTheRetentionOfAVersionByAllVersionsOfItsSubject) {
  World world;
  record::Identity ended = IdentityOf("u-77", "Lefèvre");
  ended.origin.at.at = At("2024-11-05T12:00:00Z");  // after the period, yet it starts the clock of all
  ended.contract_end = ended.origin.at.at;
  world.Add({IdentityOf("u-77", "Lefèvre"), ended});
  EXPECT_EQ(world.Read({ForNamedAccount({Stream::kIdentity})}).value().rows.size(), 1U);
  EXPECT_EQ(world.retention.versions_seen, 2U);
  world.retention.subjects_until = kNow;
  const resolve::Found found = world.Read({ForNamedAccount({Stream::kIdentity})}).value();
  EXPECT_TRUE(found.rows.empty());
  EXPECT_EQ(found.gaps.size(), 1U);
}

TEST(SealedReader, SaysWhatItCannotSee) {
  World world;
  SegmentOptions lossy;
  lossy.lost_before = 3;
  world.Add(PlatformDay(), lossy);
  seal::SegmentInfo open = world.directory.segments[0];
  open.state = seal::SegmentState::kOpen;
  open.id = seal::MakeSegmentId(open.window, "0000000b");
  open.lost_before = 0;
  world.directory.segments.push_back(open);
  const resolve::Found found = world.Read({ForMessage()}).value();
  EXPECT_EQ(found.rows.size(), 1U);
  EXPECT_TRUE(HasGap(found, GapKind::kLostRecords, open.window.period));
  EXPECT_TRUE(HasGap(found, GapKind::kStillOpen, open.window.period));

  const resolve::Found nothing = world.Read({ForTuple()}).value();
  EXPECT_TRUE(HasGap(nothing, GapKind::kNoWindow, ForTuple().period));
}

TEST(SealedReader, ReturnsOneRowOnceForTwoLookUps) {
  World world;
  world.Add(PlatformDay());
  EXPECT_EQ(world.Read({ForMessage(), ForMessage()}).value().rows.size(), 1U);
}

// What the reader holds of an answer exists once, and its memory says nothing after it.
TEST(SealedReader, WipesTheKeysOfAnAnswerWithIt) {
  static_assert(!std::is_copy_constructible_v<Opened> && !std::is_copy_assignable_v<Opened>);
  const Buffer secret(Key::kSize, 0xA5);
  alignas(Opened) std::array<std::uint8_t, sizeof(Opened)> memory{};
  auto* const opened = new (memory.data()) Opened();
  for (Key* key : {&opened->keys.block, &opened->keys.salt, &opened->journal_index, &opened->subject_private})
    *key = Key(secret);
  const auto octets_left = [&] { return std::count(memory.begin(), memory.end(), 0xA5); };
  EXPECT_GE(octets_left(), 4 * static_cast<std::ptrdiff_t>(Key::kSize));
  std::vector<Opened> all;
  all.push_back(std::move(*opened));
  EXPECT_LT(octets_left(), static_cast<std::ptrdiff_t>(Key::kSize));
  opened->~Opened();
  EXPECT_LT(octets_left(), static_cast<std::ptrdiff_t>(Key::kSize));
}

TEST(SealedReader, LeavesNothingReadableInTheBox) {
  World world;
  world.Add(PlatformDay());
  world.Add({IdentityOf("u-77", "Lefèvre"), IdentityOf("u-12", "Martin")});
  const std::string ip_octets("\xCB\x00\x71\x07", 4);
  for (const auto& [key, value] : world.box.values) {
    for (const std::string plain : {"u-77", "m-900", "Lefèvre", "ana.lefevre", "front-1"}) {
      EXPECT_EQ(AsText(value).find(plain), std::string_view::npos)
          << plain << " in " << seal::DescribeKey(key);
      EXPECT_EQ(key.find(plain), std::string::npos);
    }
    EXPECT_EQ(AsText(value).find(ip_octets + "\xC8\x22"), std::string_view::npos) << key;
  }
}

}  // namespace
}  // namespace probatio::custody::test
