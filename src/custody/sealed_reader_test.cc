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
  EXPECT_EQ(error_without(seal::LeavesKey(segment)),
            "store incomplete: segment " + id + ": its leaves are missing");
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
