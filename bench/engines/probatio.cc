// Our own store, through the door that a collector uses: durable journal, sealed and committed blocks in
// RocksDB on disk, window keys shared out to three custodians. Look-ups are made under a grant with keys that
// two custodians opened; a look-up's time runs from their answer to the subscriber.
#include <filesystem>

#include "court.h"
#include "custody/custody_request.h"
#include "custody/found_rows.h"
#include "custody/segment_search.h"
#include "engines/engine.h"
#include "keep/run.h"
#include "ledger/memory_storage.h"
#include "resolve/resolver.h"
#include "seal/box_key.h"
#include "seal/segment_leaves.h"
#include "store/rocksdb/rocks_box.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kLinesPerGrant = 100;  // a request of more lines over many windows would be too large

class OneYear : public resolve::Retention {
 public:
  Instant OldestKept(seal::Stream, Instant now) const override { return now - 365 * kNsPerDay; }
  bool Kept(std::span<const seal::ProvenRow>, const seal::ProvenRow&, Instant) const override { return true; }
};

class NoDeadJournals : public seal::JournalArchive {
 public:
  Result<std::vector<Buffer>> Batches(const SegmentId& segment) const override {
    return StorageError("bench: no run died, yet a journal is asked for: " + segment.text());
  }
};

// A question with the keys of every segment in which its answer may lie.
struct Prepared {
  const resolve::LookUp* look_up = nullptr;
  custody::Wanted wanted;
  struct Place {
    seal::SegmentInfo segment;
    const custody::Opened* opened = nullptr;
  };
  std::vector<Place> places;
};

// One grant's reading: what the plan points to lives here.
struct Reading {
  order::Grant grant;
  std::vector<resolve::LookUp> look_ups;
  custody::ReadPlan plan;
  std::vector<custody::Opened> opened;
};

// Room for the leaves of 10^8 rows: tokens and digests, which no key protects.
constexpr std::size_t kCacheBytes = 256U << 20;

class Probatio : public Engine {
 public:
  Probatio(const std::string& folder, const Conditions& conditions)
      : box_folder_(folder + "/store"), journal_folder_(folder + "/journal"), conditions_(conditions) {}

  std::string layout() const override {
    return "sealed blocks by (address, 2048 ports) and window, journal fsynced, keys 2 of 3";
  }

  Status Open() {
    std::filesystem::create_directories(box_folder_);
    std::filesystem::create_directories(journal_folder_);
    court_.Pin(ledger_.verifier_key());
    return Reopen();
  }

  Result<LoadCost> Load(const Trace& trace) override {
    const std::unique_ptr<EventStream> events = trace.Events();
    const std::unique_ptr<keep::Journals> journals = keep::DiskJournals(journal_folder_);
    clock_.Set(trace.period().begin);
    record::NatEventBatch batch;
    LoadMeter meter;
    std::unique_ptr<keep::Run> run = TRY(OpenRun(*journals));
    const std::size_t at_once = EventsAtOnce();
    while (meter.Feeding([&] { return events->Next(at_once, &batch); })) {
      clock_.Set(Instant::FromUnixNs(batch.rows.back().at_ns));
      const Status appended = IsOver(*run) ? StorageError("bench: the run is as long as was asked for")
                                           : run->AppendEvents(batch);
      if (appended.ok()) continue;
      // A full run is closed and the next one takes over, as a collector's supervisor would do.
      if (appended.error().code() != ErrorCode::kStorage) return appended.error();
      TRY(CloseRun(run.get()));
      run = TRY(OpenRun(*journals));
      TRY(run->AppendEvents(batch));
    }
    meter.EndStage("append");
    TRY(CloseRun(run.get()));
    box_.reset();  // what the box still does behind our back is part of the price
    meter.EndStage("close");
    const LoadCost cost = meter.Stop();
    clock_.Set(trace.period().end + kNsPerHour);
    bytes_ = BytesUnder(box_folder_) + BytesUnder(journal_folder_);
    return cost;
  }

  std::uint64_t BytesOnDisk() const override { return bytes_; }

  Status Reopen() override {
    leaves_.clear();
    cache_ = std::make_unique<seal::LeafCache>(kCacheBytes);
    box_.reset();
    box_ = TRY(store::RocksBox::Open(box_folder_, store::Access::kReadWrite));
    subjects_ = std::make_unique<keep::Subjects>(*box_, crypto::RandomKey(random_), WrapNobody, random_);
    return Done{};
  }

  Status Prepare(std::span<const Question> questions) override {
    const double begin = WallSeconds();
    const keep::Manifest manifest = TRY(keep::Manifest::FromLedger(ledger_));
    for (std::size_t at = 0; at < questions.size(); at += kLinesPerGrant) {
      TRY(PrepareUnderOneGrant(manifest,
                               questions.subspan(at, std::min(kLinesPerGrant, questions.size() - at))));
    }
    custody_ms_ = (WallSeconds() - begin) * 1000 / static_cast<double>(questions.size());
    return Done{};
  }

  Result<std::vector<std::uint32_t>> Find(const Question& question) override {
    const Prepared& prepared = prepared_.at(question.number);
    std::vector<record::NatEvent> events;
    for (const Prepared::Place& place : prepared.places) {
      box_->Announce(custody::FirstReads(place.segment, place.opened->token, cache_.get()));
    }
    for (const Prepared::Place& place : prepared.places) TRY(FindIn(place, prepared.wanted, &events));
    const resolve::Holders holders = resolve::HoldersAt(events, Court::TupleOf(question), resolve::Limits{});
    std::vector<std::uint32_t> subscribers;
    for (const resolve::Holder& holder : holders.at_instant) {
      subscribers.push_back(events[holder.events.front()].inside_ip->v4() - kInsideBase);
    }
    return subscribers;
  }

  std::map<std::string, double> Extras() const override {
    std::size_t ledger_bytes = 0;
    for (const std::string& entry : storage_.entries) ledger_bytes += entry.size();
    return {{"custody_ms_per_line", custody_ms_},
            {"ledger_bytes", static_cast<double>(ledger_bytes)},
            {"segments", static_cast<double>(segments_)},
            {"rows_spilled", static_cast<double>(rows_spilled_)},
            {"segments_per_look_up", static_cast<double>(places_) / static_cast<double>(prepared_.size())}};
  }

 private:
  Result<std::unique_ptr<keep::Run>> OpenRun(keep::Journals& journals) {
    const auto wrap = [this](const Key& key, const SegmentId& segment) {
      return custody::WrapKey(key, court_.custodians(), custody::SegmentContext(segment));
    };
    keep::Run::Parts parts{*box_,  ledger_, journals, *subjects_,     retention_,
                           clock_, random_, wrap,     journal_folder_};
    if (conditions_.rows_in_memory > 0) parts.nat_limits.rows_in_memory = conditions_.rows_in_memory;
    return keep::Run::Open(parts);
  }

  // Of a session, two events.
  // A batch is not divided: where a run is to be short, or to have little memory, they are small.
  std::size_t EventsAtOnce() const {
    std::size_t most = keep::kBatchEventsMax;
    if (conditions_.rows_in_memory > 0) most = std::min<std::size_t>(most, conditions_.rows_in_memory);
    if (conditions_.rows_per_run > 0) most = std::min<std::size_t>(most, conditions_.rows_per_run);
    return most;
  }

  bool IsOver(const keep::Run& run) const {
    return conditions_.rows_per_run > 0 && run.counts().accepted >= 2 * conditions_.rows_per_run;
  }

  Status CloseRun(keep::Run* run) {
    const keep::RunCounts counts = TRY(run->Close());
    segments_ += counts.segments;
    rows_spilled_ += counts.spilled;
    return Done{};
  }

  Status PrepareUnderOneGrant(const keep::Manifest& manifest, std::span<const Question> questions) {
    order::Grant grant = TRY(court_.GrantFor(questions));
    readings_.push_back(std::make_unique<Reading>(Reading{std::move(grant), {}, {}, {}}));
    Reading& reading = *readings_.back();
    for (const Question& question : questions) reading.look_ups.push_back(LookUpOf(question));
    for (const resolve::LookUp& look_up : reading.look_ups) {
      TRY(resolve::CheckLookUp(reading.grant.scope(), look_up));
    }
    const custody::SealedReader::Parts parts{
        *box_,
        manifest,
        no_journals_,
        retention_,
        ledger_,
        court_,
        clock_,
        random_,
        [](seal::Stream, std::string_view) { return Result<custody::KnownSubject>(custody::KnownSubject{}); },
        [this](const OrderId&) { return Result<order::Life>(court_.life()); }};
    reading.plan = TRY(custody::PlanRead(parts, reading.look_ups, clock_.Now(), cache_.get()));
    reading.opened = TRY(custody::AskCustodians(parts, reading.grant, reading.plan));
    std::map<std::pair<std::size_t, SegmentId>, const custody::Opened*> opened;
    for (const custody::Opened& one : reading.opened) opened[{one.question, one.segment}] = &one;
    for (std::size_t i = 0; i < reading.plan.questions.size(); ++i) {
      const custody::PlannedQuestion& planned = reading.plan.questions[i];
      const auto line = static_cast<std::size_t>(planned.look_up - reading.look_ups.data());
      Prepared& prepared = prepared_[questions[line].number];
      prepared = {planned.look_up, custody::WantedBy(reading.grant.scope(), *planned.look_up), {}};
      places_ += planned.search.size();
      for (const seal::SegmentInfo& info : planned.search) {
        prepared.places.push_back({info, opened.at({i, info.id})});
      }
    }
    return Done{};
  }

  static Result<Buffer> WrapNobody(const Key&, seal::Stream, const seal::SubjectHandle&, std::string_view) {
    return Invalid("bench: a trace has no identities");
  }

  // As the resolver asks for a tuple (resolve/operator_plan.cc).
  static resolve::LookUp LookUpOf(const Question& question) {
    const order::Tuple tuple = Court::TupleOf(question);
    const bool session = question.proto != 0;
    const std::int64_t reach = session ? resolve::kSessionLookBackMaxNs : resolve::kBlockLookBackMaxNs;
    resolve::LookUp look_up;
    look_up.line = Court::LineOf(question);
    look_up.selector = session ? seal::ForPublicTuple(tuple.ip, tuple.port) : seal::ForPublicIp(tuple.ip);
    look_up.streams = {session ? seal::Stream::kNatSession : seal::Stream::kNatBlock};
    look_up.period = {tuple.at - reach, tuple.at + reach};
    look_up.asked = Period{tuple.at, tuple.at + 1};
    return look_up;
  }

  // What custody::SegmentSearch does before it proves the rows found: leaves held against the ledger's root,
  // the sealed digest, the seal, the rows of the port. Nothing is believed that the ledger does not vouch
  // for.
  Status FindIn(const Prepared::Place& place, const custody::Wanted& wanted,
                std::vector<record::NatEvent>* events) {
    auto known = leaves_.find(place.segment.id);
    if (known == leaves_.end()) {
      seal::SegmentLeaves opened = TRY(seal::SegmentLeaves::Open(*box_, place.segment, cache_.get()));
      known = leaves_.emplace(place.segment.id, std::move(opened)).first;
    }
    const std::vector<seal::FoundLeaf> found = TRY(known->second.Find(place.opened->token));
    for (const seal::FoundLeaf& leaf : found) {
      const std::string key = seal::BlockKey(place.segment.id, leaf.leaf.token, leaf.leaf.position);
      const std::optional<Buffer> sealed = TRY(box_->Read(key));
      if (!sealed.has_value()) return StorageError("bench: a block is missing");
      const seal::UnsealedBlock block =
          TRY(seal::UnsealBlock(place.segment.id, leaf.leaf, place.opened->keys, *sealed));
      const std::vector<seal::PlacedRow> rows = TRY(block.Find(wanted.hint));
      for (const seal::PlacedRow& row : rows) {
        if (wanted.test(row.record)) events->push_back(std::get<record::NatEvent>(row.record));
      }
    }
    return Done{};
  }

  std::string box_folder_;
  std::string journal_folder_;
  FixedClock clock_{Instant()};
  crypto::SystemRandom random_;
  Court court_{clock_};
  OneYear retention_;
  NoDeadJournals no_journals_;
  ledger::MemoryStorage storage_;
  ledger::Ledger ledger_ =
      ledger::Ledger::Open(storage_, "probatio.example/bench", crypto::PrivateKey::GenerateEd25519()).value();
  std::unique_ptr<store::RocksBox> box_;
  std::unique_ptr<keep::Subjects> subjects_;  // the run wants them; events have none
  Conditions conditions_;
  std::uint64_t bytes_ = 0;
  std::uint64_t segments_ = 0;
  std::uint64_t rows_spilled_ = 0;
  std::uint64_t places_ = 0;  // segments to be opened, over all questions
  double custody_ms_ = 0;
  std::vector<std::unique_ptr<Reading>> readings_;
  std::map<std::size_t, Prepared> prepared_;  // by the question's number
  std::unique_ptr<seal::LeafCache> cache_ = std::make_unique<seal::LeafCache>(kCacheBytes);
  std::map<SegmentId, seal::SegmentLeaves> leaves_;
};

}  // namespace

Result<std::unique_ptr<Engine>> MakeProbatio(const std::string& folder, const Conditions& conditions) {
  auto engine = std::make_unique<Probatio>(folder, conditions);
  TRY(engine->Open());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace probatio::bench
