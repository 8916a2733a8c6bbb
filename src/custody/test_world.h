// A whole small provider in memory, for the tests of this folder: custodians with their station, an order
// with its approvals, a ledger, a box that can be made to lie, and segments filled as a collector fills them.
#pragma once

#include <map>
#include <optional>

#include "custody/sealed_reader.h"
#include "custody/station.h"
#include "custody/test_order.h"
#include "ledger/memory_storage.h"
#include "seal/box_key.h"
#include "seal/leaf_page.h"

namespace probatio::custody::test {

// Keeps what it is given; a test takes values away, replaces or swaps them in `values`.
class OpenBox : public seal::Box {
 public:
  Status Write(std::span<const seal::BoxEntry> entries) override {
    for (const seal::BoxEntry& entry : entries) values[entry.key] = entry.value;
    return Done{};
  }
  Result<std::optional<Buffer>> Read(const std::string& key) const override {
    const auto found = values.find(key);
    return found == values.end() ? std::optional<Buffer>() : found->second;
  }
  Status Stage(std::vector<seal::BoxEntry> entries) override { return Write(entries); }
  Status Settle() override { return Done{}; }
  Status Erase(std::span<const std::string>) override { return Done{}; }
  Status EraseAll(const std::string&) override { return Done{}; }
  Result<std::vector<std::string>> List(const std::string&) const override {
    return std::vector<std::string>();
  }

  std::map<std::string, Buffer> values;
};

class TestDirectory : public seal::SegmentDirectory {
 public:
  std::vector<seal::SegmentInfo> Find(seal::Stream stream, const Period& period) const override {
    std::vector<seal::SegmentInfo> found;
    for (const seal::SegmentInfo& info : segments) {
      if (info.window.stream == stream && info.window.period.Overlaps(period)) found.push_back(info);
    }
    return found;
  }
  std::optional<seal::SegmentInfo> Get(const SegmentId& segment) const override {
    for (const seal::SegmentInfo& info : segments) {
      if (info.id == segment) return info;
    }
    return std::nullopt;
  }
  std::vector<seal::SegmentInfo> segments;
};

class TestJournals : public seal::JournalArchive {
 public:
  Result<std::vector<Buffer>> Batches(const SegmentId& segment) const override { return batches.at(segment); }
  std::map<SegmentId, std::vector<Buffer>> batches;
};

class TestRetention : public resolve::Retention {
 public:
  Instant OldestKept(seal::Stream stream, Instant) const override {
    return seal::IsSubjectStream(stream) ? Instant() : oldest;
  }
  bool Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row, Instant now) const override {
    versions_seen = all.size();
    return !seal::IsSubjectStream(row.window.stream) ? record::OriginOf(row.record).at.at >= oldest
                                                     : now < subjects_until;
  }
  Instant oldest;
  Instant subjects_until = At("2100-01-01T00:00:00Z");
  mutable std::size_t versions_seen = 0;
};

// The custodians at their station, with the keys of those who came.
class TestCustodians : public Custodians {
 public:
  TestCustodians(ledger::Ledger& ledger, const Clock& clock) : ledger_(ledger), clock_(clock) {}
  Result<Buffer> Exchange(std::string_view sent_request_json, const std::string&) override {
    ++exchanges;
    last_sent = sent_request_json;
    last_entry_was = ledger_.entries().back();
    if (meanwhile) meanwhile();
    return AnswerRequest(sent_request_json, anchors, present, clock_.Now(), random_);
  }

  Anchors anchors;
  std::vector<CustodianKey> present;
  std::function<void()> meanwhile;  // what happens while people deliberate
  int exchanges = 0;
  std::string last_sent;
  ledger::Entry last_entry_was;

 private:
  ledger::Ledger& ledger_;
  const Clock& clock_;
  crypto::SystemRandom random_;
};

struct SegmentOptions {
  std::string run = "00000001";
  bool crash = false;
  bool late = false;
  std::uint64_t lost_before = 0;
};

class World {
 public:
  World()
      : custodian_keys(MakeCustodians(3)), approvers{MakeApprover("counsel-1"), MakeApprover("counsel-2")} {
    approved = MakeApprovedOrder(approvers);
    life = approved.life;
    custodians.anchors = {approved.pinned, ledger.verifier_key(), kProvider};
    custodians.present = {custodian_keys[0], custodian_keys[1]};
    for (const CustodianKey& key : custodian_keys) set.custodians.push_back(key.certificate);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Files the records, all of one window, as a collector run does, and closes the segment; or lets the
  // collector die.
  SegmentId Add(const std::vector<record::Record>& records, const SegmentOptions& options = {}) {
    const seal::Stream stream = seal::StreamOf(records.front());
    const bool subject = seal::IsSubjectStream(stream);
    const Instant at = subject ? kNow : record::OriginOf(records.front()).at.at;
    seal::SegmentInfo info;
    info.window = seal::WindowOf(stream, at);
    info.id = seal::MakeSegmentId(info.window, options.run);
    info.late = options.late;
    info.lost_before = options.lost_before;
    const Key key = crypto::RandomKey(random);
    const Buffer wrapped = WrapKey(key, set, SegmentContext(info.id)).value();
    info.wrapped_digest = crypto::Sha256(wrapped);
    box.values[seal::WrappedKey(info.id)] = wrapped;
    if (options.crash) {
      Crash(key, records, &info);
    } else {
      Close(key, records, &info);
    }
    directory.segments.push_back(info);
    return info.id;
  }

  seal::SubjectPublic SubjectOf(seal::Stream stream, const std::string& holder) {
    const auto name = std::pair(stream, holder);
    const auto known = subjects.find(name);
    if (known != subjects.end()) return known->second;
    const crypto::BoxKeyPair pair = crypto::MakeBoxKeyPair(random);
    seal::SubjectPublic subject{{}, pair.public_key};
    random.Fill(subject.handle);
    const Buffer context = SubjectContext(stream, subject.handle, holder);
    box.values[seal::SubjectKey(seal::ClassOf(stream), subject.handle)] =
        WrapKey(pair.private_key, set, context).value();
    return subjects[name] = subject;
  }

  SealedReader Reader() { return SealedReader(Parts()); }
  SealedReader::Parts Parts() {
    const auto find_subject = [this](seal::Stream stream, std::string_view holder) {
      KnownSubject known;
      const auto found = subjects.find({stream, std::string(holder)});
      if (found == subjects.end()) return Result<KnownSubject>(known);
      known.handle = found->second.handle;
      const auto entry = box.values.find(seal::SubjectKey(seal::ClassOf(stream), known.handle));
      if (entry != box.values.end()) known.wrapped = entry->second;
      return Result<KnownSubject>(std::move(known));
    };
    const auto life_of = [this](const OrderId&) { return Result<order::Life>(life); };
    return {box, directory, journals, retention, ledger, custodians, clock, random, find_subject, life_of};
  }
  Result<resolve::Found> Read(const std::vector<resolve::LookUp>& look_ups) {
    return Reader().Read(approved.Grant(), look_ups);
  }

  std::vector<CustodianKey> custodian_keys;
  std::vector<Approver> approvers;
  CustodianSet set{{}, 2};
  ApprovedOrder approved;
  order::Life life;
  ledger::MemoryStorage storage;
  ledger::Ledger ledger =
      ledger::Ledger::Open(storage, "probatio.example/test", crypto::PrivateKey::GenerateEd25519()).value();
  FixedClock clock{kNow};
  TestCustodians custodians{ledger, clock};
  OpenBox box;
  TestDirectory directory;
  TestJournals journals;
  TestRetention retention;
  crypto::SystemRandom random;
  std::map<std::pair<seal::Stream, std::string>, seal::SubjectPublic> subjects;

 private:
  static std::string HolderOf(const record::Record& record) {
    if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
    return std::get<record::Identity>(record).holder;
  }
  std::vector<seal::SubjectPublic> SubjectsOf(const std::vector<record::Record>& records) {
    std::vector<seal::SubjectPublic> all;
    for (const record::Record& record : records) {
      if (!seal::IsSubjectStream(seal::StreamOf(record))) continue;
      all.push_back(SubjectOf(seal::StreamOf(record), HolderOf(record)));
    }
    return all;
  }

  void Close(const Key& key, const std::vector<record::Record>& records, seal::SegmentInfo* info) {
    seal::SegmentBuilder builder(info->id, info->window, key);
    const std::vector<seal::SubjectPublic> all = SubjectsOf(records);
    for (std::size_t i = 0; i < records.size(); ++i) {
      CHECK(all.empty() ? builder.Add(records[i]).ok() : builder.AddFor(all[i], records[i]).ok());
    }
    const seal::SegmentImage image = builder.Build(random);
    const seal::LeafPages leaves = seal::PagesOf(image.leaves);
    box.values[seal::LeafIndexKey(info->id)] = leaves.index;
    for (std::size_t i = 0; i < leaves.pages.size(); ++i) {
      box.values[seal::LeafPageKey(info->id, i)] = leaves.pages[i];
    }
    for (std::size_t i = 1; i < image.leaves.size(); ++i) {
      const seal::BlockLeaf& leaf = image.leaves[i];
      box.values[seal::BlockKey(info->id, leaf.token, leaf.position)] = image.blocks[i - 1];
    }
    info->state = seal::SegmentState::kClosed;
    info->root = image.root;
    info->leaf_count = image.leaves.size();
    info->rows = image.rows;
    info->public_range = image.public_range;
    Enter("segment_closed", {{"root", ToHex(info->root)}}, info);
  }

  // Two batches, so that a chain can break.
  void Crash(const Key& key, const std::vector<record::Record>& records, seal::SegmentInfo* info) {
    seal::WindowKeys keys(key);
    const std::vector<seal::SubjectPublic> all = SubjectsOf(records);
    const std::size_t half = (records.size() + 1) / 2;
    for (const auto& [from, count] :
         {std::pair(std::size_t{0}, half), std::pair(half, records.size() - half)}) {
      if (count == 0) continue;
      const auto subjects_of =
          all.empty() ? std::span<const seal::SubjectPublic>() : std::span(all).subspan(from, count);
      journals.batches[info->id].push_back(seal::SealBatch(info->id, keys,
                                                           std::span(records).subspan(from, count),
                                                           subjects_of, &info->journal, random)
                                               .value());
    }
    info->state = seal::SegmentState::kClosedByCrash;
    Enter("segment_closed_by_crash", {{"journal_digest", ToHex(info->journal.digest)}}, info);
  }

  void Enter(const std::string& type, std::map<std::string, std::string> fields, seal::SegmentInfo* info) {
    fields["segment"] = info->id.text();
    info->closed_index = ledger.Append({type, kNow, std::move(fields)}).value();
  }
};

// Activities of one platform day.
inline record::Activity ActivityAt(std::string_view at, const std::string& account,
                                   record::ActivityKind event,
                                   std::optional<std::string> message = std::nullopt) {
  record::Activity activity;
  activity.origin.at.at = At(at);
  activity.origin.exporter = "front-1.example";
  activity.event = event;
  activity.source_ip = IpAddress::Parse("203.0.113.7").value();
  activity.source_port = 51'234;
  activity.account = account;
  activity.message = std::move(message);
  return activity;
}
inline std::vector<record::Record> PlatformDay() {
  return {ActivityAt("2024-10-21T07:55:00Z", "u-77", record::ActivityKind::kAccountCreated),
          ActivityAt("2024-10-21T08:14:03Z", "u-77", record::ActivityKind::kMessageSent, "m-900"),
          ActivityAt("2024-10-21T09:00:00Z", "u-12", record::ActivityKind::kMessageSent, "m-901"),
          ActivityAt("2024-10-21T09:30:00Z", "u-13", record::ActivityKind::kLogin)};
}

inline record::NatEvent NatAt(std::string_view at, record::NatEventKind event, std::uint16_t port) {
  record::NatEvent nat;
  nat.origin.at.at = At(at);
  nat.event = event;
  nat.proto = 6;
  nat.inside_ip = IpAddress::Parse("10.0.0.1").value();
  nat.inside_port = 40'000;
  nat.public_ip = IpAddress::Parse("203.0.113.7").value();
  nat.public_port = port;
  return nat;
}

inline record::Identity IdentityOf(const std::string& holder, const std::string& surname) {
  record::Identity identity;
  identity.origin.at.at = At("2023-05-02T12:00:00Z");
  identity.holder = holder;
  identity.surname = surname;
  identity.emails = {"ana.lefevre@mail.example"};
  return identity;
}

inline const Period kMonth{At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};
inline resolve::LookUp ForMessage(std::optional<seal::ProvenRow> because = std::nullopt) {
  return {"L1", seal::ForMessage("m-900"), {seal::Stream::kActivity}, kMonth, std::move(because)};
}
inline resolve::LookUp ForAccount(const seal::ProvenRow& because) {
  return {"L1", seal::ForAccount("u-77"), {seal::Stream::kActivity}, kMonth, because};
}
inline resolve::LookUp ForNamedAccount(std::vector<seal::Stream> streams) {
  const Period ever{Instant::FromUnixSeconds(0), kMonth.end};
  return {"L3", seal::ForSubject("u-77"), std::move(streams), ever, std::nullopt};
}
inline resolve::LookUp ForTuple() {
  const Instant at = At("2024-10-21T08:14:03Z");
  return {"L2",
          seal::ForPublicTuple(IpAddress::Parse("203.0.113.7").value(), 51'234),
          {seal::Stream::kNatSession},
          {at - kNsPerHour, at + kNsPerHour},
          std::nullopt};
}

}  // namespace probatio::custody::test
