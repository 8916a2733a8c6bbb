#include "keep/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "keep/run_state.h"

namespace probatio::keep {
namespace {

constexpr int kNameTriesMax = 16;

bool IsTaken(const std::string& name, const ledger::Ledger& ledger) {
  const std::string tail = "-" + name;
  const auto names_it = [&](const ledger::Entry& entry) {
    const auto segment = entry.fields.find("segment");
    const auto run = entry.fields.find("run");  // that the custodians were asked to seal as
    return (segment != entry.fields.end() && segment->second.ends_with(tail)) ||
           (run != entry.fields.end() && run->second == name);
  };
  return std::any_of(ledger.entries().begin(), ledger.entries().end(), names_it);
}

std::vector<seal::Window> WindowsOf(const Intake& intake) {
  std::vector<seal::Window> windows;
  for (const auto& [window, records] : intake.by_window) windows.push_back(window);
  for (const auto& [window, rows] : intake.nat_by_window) windows.push_back(window);
  return windows;
}

// The keys of subjects and the ends that their versions state lie in the box.
bool NeedStore(std::span<const record::Record> records, const StreamSet& streams) {
  return std::any_of(records.begin(), records.end(), [&](const record::Record& record) {
    const seal::Stream stream = seal::StreamOf(record);
    return seal::IsSubjectStream(stream) && streams.contains(stream);
  });
}

}  // namespace

void AddCounts(const RunCounts& counts, RunCounts* sum) {
  sum->accepted += counts.accepted;
  sum->outside_retention += counts.outside_retention;
  sum->unfindable += counts.unfindable;
  sum->from_future += counts.from_future;
  sum->taken_over += counts.taken_over;
  sum->passwords += counts.passwords;
  sum->late += counts.late;
  sum->spilled += counts.spilled;
  sum->segments += counts.segments;
}

Result<std::string> FreshRunName(const ledger::Ledger& ledger, Random& random) {
  for (int tries = 0; tries < kNameTriesMax; ++tries) {
    std::array<std::uint8_t, 4> bytes{};
    random.Fill(bytes);
    const std::string name = ToHex(bytes);
    if (!IsTaken(name, ledger)) return name;
  }
  return StorageError(fmt::format("run: no free name in {} tries", kNameTriesMax));
}

Run::Run(std::unique_ptr<State> state) : state_(std::move(state)) {}
Run::~Run() = default;

const std::string& Run::name() const {
  return state_->name;
}
const RunCounts& Run::counts() const {
  return state_->counts;
}

Result<std::unique_ptr<Run>> Run::Open(Parts parts) {
  TRY(parts.ledger.Refresh());
  std::string name = TRY(FreshRunName(parts.ledger, parts.random));
  auto state = std::make_unique<State>(std::move(parts), std::move(name));
  state->journal = TRY(state->parts.journals.Create(state->name));
  state->heads_entered_at = state->parts.clock.Now();
  return std::unique_ptr<Run>(new Run(std::move(state)));
}

Status Run::Append(std::span<const record::Record> records) {
  State& state = *state_;
  const Instant now = TRY(state.Begin());
  const Instant latest = state.LatestTaken(now);
  const HeldTurn turn =
      TRY(NeedStore(records, state.parts.streams) ? HeldTurn::Take(state.parts.turn) : HeldTurn());
  Intake intake = TRY(TakeIn(records, state.parts.streams, state.parts.retention, now, latest,
                             &state.nat.maker(), &state.row_spare));
  // Also those of versions that are refused as outside retention.
  if (NeedStore(records, state.parts.streams)) TRY(state.parts.subjects.NoteEnds(records, latest));
  TRY(state.Accept(&intake, now));
  state.SettlePasswords(now);
  return Done{};
}

Status Run::AppendEvents(const record::NatEventBatch& events) {
  State& state = *state_;
  const Instant now = TRY(state.Begin());
  Intake intake = TRY(TakeIn(events, state.parts.streams, state.parts.retention, now, state.LatestTaken(now),
                             &state.nat.batch_maker(), &state.row_spare));
  return state.Accept(&intake, now);
}

// Of earlier batches the heads are entered first: once this batch is on disk nothing may fail any more.
Result<Instant> Run::State::Begin() {
  TRY(CheckLives());
  const Instant now = parts.clock.Now();
  TRY(EnterJournalHeads(now));
  return now;
}

Status Run::State::Accept(Intake* intake, Instant now) {
  TRY(CheckRoomFor(*intake));
  TRY(nat.MakeRoom(intake->nat_rows));
  TRY(OpenSegments(WindowsOf(*intake), now));
  std::vector<PendingBatch> batches = TRY(Journal(intake, now));
  Keep(std::move(batches));
  for (auto& [window, rows] : intake->nat_by_window) {
    nat.Add(rows, intake->handed_over ? &window : nullptr);
    rows.clear();
    if (rows.capacity() > row_spare.capacity()) row_spare.swap(rows);
  }
  AddCounts(intake->counts, &counts);
  return Done{};
}

Status Run::EnterHeads() {
  State& state = *state_;
  TRY(state.CheckLives());
  const Instant now = state.parts.clock.Now();
  if (!state.AreHeadsDue(now)) return Done{};
  const Status opened = state.OpenSegments(state.LostWindows(now), now);  // or at the close
  TRY(state.CheckLives());
  TRY(state.EnterJournalHeads(now));
  return opened;
}

Status Run::OpenAhead(Instant at) {
  State& state = *state_;
  TRY(state.CheckLives());
  std::set<seal::Window> windows;
  for (const auto& [window, segment] : state.segments) {
    if (!seal::IsSubjectStream(window.stream)) windows.insert(seal::WindowOf(window.stream, at));
  }
  const std::vector<seal::Window> ahead(windows.begin(), windows.end());
  return state.OpenSegments(ahead, state.parts.clock.Now());
}

void Run::NoteLost(seal::Stream stream, const Period& period, std::uint64_t records) {
  if (records == 0 || period.end < period.begin) return;
  // A gap without length still lies in a window.
  seal::Window window = seal::WindowOf(stream, period.begin < period.end ? period.end - 1 : period.begin);
  for (std::size_t count = 0; count < kLostWindowsMax; ++count) {
    const bool room = state_->lost.size() < kOpenSegmentsMax;
    if (room || state_->lost.count(window) > 0) state_->lost[window] += records;
    if (window.period.begin <= period.begin) return;
    window = seal::WindowOf(stream, window.period.begin - 1);
  }
}

bool Run::lives() const {
  return state_->ended.empty();
}

Result<RunCounts> Run::Close(Run* next) {
  State& state = *state_;
  TRY(state.CheckLives());
  const HeldTurn turn = TRY(HeldTurn::Take(state.parts.turn));
  const Instant now = state.parts.clock.Now();
  if (next != nullptr) TRY(state.HandOver(next->state_.get(), now));
  state.ended = "an error at its close; its journal is kept for recovery";
  TRY(state.nat.FileOpen());
  TRY(state.OpenOtherWindows(now));
  std::vector<ledger::Entry> closed;
  TRY(state.WriteSegments(now, &closed));
  // Newest first: a session lies in the window of its end alone. Should only some of these be entered, the
  // windows left open are earlier ones, which are closed by crash and have its create in their journal.
  std::reverse(closed.begin(), closed.end());
  TRY(Enter(state.parts.ledger, closed).status);
  state.counts.spilled = state.nat.spilled();
  state.segments.clear();  // the window keys go
  state.journal.reset();
  TRY(state.parts.journals.Remove(state.name));
  state.ended = "it is closed";
  return state.counts;
}

}  // namespace probatio::keep
