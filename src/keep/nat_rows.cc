#include "keep/nat_rows.h"

#include <algorithm>
#include <queue>

#include "seal/nat_sort.h"

namespace probatio::keep {
namespace {

using seal::NatGroup;
using seal::NatRow;
using seal::Stream;
using seal::Window;

// Rows of one part, but for a token that has more: enough for all cores, few enough to stay near them.
constexpr std::size_t kPartRows = 128U << 10;

// One sorted source of a merge: a piece of a spilled run at a time, or what was in memory.
struct Source {
  std::vector<NatRow> rows;
  std::size_t at = 0;
  std::optional<NatSpill::Reader> more;

  bool done() const { return at == rows.size(); }
  const NatRow& front() const { return rows[at]; }
  Status Advance() {
    if (++at < rows.size() || !more.has_value()) return Done{};
    rows = TRY(more->Next());
    at = 0;
    return Done{};
  }
};

// Room grows by half: twice would leave a third of the memory unused on average.
void Push(const NatRow& row, std::vector<NatRow>* rows) {
  if (rows->size() == rows->capacity()) rows->reserve(rows->size() + rows->size() / 2 + 4);
  rows->push_back(row);
}

std::size_t CarriedMax(Stream stream) {
  return stream == Stream::kNatSession ? kCarriedWindowsMax : kCarriedBlockDaysMax;
}

}  // namespace

NatRows::NatRows(std::string spill_path, Disk& disk, Random& random, Limits limits)
    : spill_(std::move(spill_path), disk, random), limits_(limits) {}

NatRows::TokenRows& NatRows::Filed::RowsOf(std::uint64_t key) {
  if (last_ == nullptr || key != last_key_) {
    last_ = &in_memory[key];  // entries of such a map never move
    last_key_ = key;
  }
  return *last_;
}

const NatRows::ShapeFacts& NatRows::FactsOf(std::uint32_t number) {
  if (facts_.size() <= number) facts_.resize(tables_.shapes().size());
  ShapeFacts& facts = facts_[number];
  if (!facts.known) {
    const seal::NatShape& shape = tables_.shapes()[number];
    facts = {true, shape.session, seal::StreamOf(shape), record::NatureOf(shape.event)};
  }
  return facts;
}

void NatRows::FileIn(const Window& window, const NatRow& row, bool loose) {
  if (last_filed_ == nullptr || last_window_ != window) {
    last_filed_ = &windows_[window];
    last_window_ = window;
  }
  Push(row, &last_filed_->RowsOf(seal::GroupKeyOf(row, window.stream)));
  ++last_filed_->rows;
  last_filed_->loose += loose ? 1 : 0;
  ++in_memory_;
}

void NatRows::File(const NatRow& row, Stream stream, bool loose) {
  const Instant at = seal::FiledAt(row);
  const bool same =
      last_filed_ != nullptr && last_window_.stream == stream && last_window_.period.Contains(at);
  FileIn(same ? last_window_ : seal::WindowOf(stream, at), row, loose);
}

// Into each window that lies whole between the row's own window and `until`, but for those into which the run
// that handed it over has carried it.
void NatRows::Carry(const NatRow& begin, std::uint32_t tag, Stream stream, Instant until) {
  Window window = seal::WindowOf(stream, Instant::FromUnixNs(begin.at_ns));
  const Window first = tag == 0 ? window : handed_into_[tag - 1];
  for (std::size_t i = 0; i < CarriedMax(stream); ++i) {
    window = seal::WindowOf(stream, window.period.end);
    if (until < window.period.end) return;
    if (first <= window) FileIn(window, begin, false);
  }
}

std::uint32_t NatRows::TagOf(const Window& handed_into) {
  const auto known = std::find(handed_into_.begin(), handed_into_.end(), handed_into);
  const auto index = known - handed_into_.begin();
  if (known == handed_into_.end()) handed_into_.push_back(handed_into);
  return static_cast<std::uint32_t>(index) + 1;
}

void NatRows::PutBack(std::span<const seal::WaitingNat> waiting) {
  for (const seal::WaitingNat& begin : waiting) {
    if (!open_.Begin(begin, begin.tag)) FileLoose(begin);
  }
}

void NatRows::FileHandedOver(const seal::WaitingNat& begin, const Window& next) {
  Carry(begin, begin.tag, next.stream, next.period.begin);
}

void NatRows::FileLoose(const seal::WaitingNat& begin) {
  File(begin, FactsOf(begin.shape).stream, true);
}

Status NatRows::MakeRoom(std::size_t count) {
  // A row is filed once when it ends, and perhaps carried; creates are waiting in a table of their own.
  if (in_memory_ + count > limits_.rows_in_memory) TRY(SpillAll());
  return Done{};
}

void NatRows::Add(std::span<const NatRow> rows, const Window* handed_into) {
  if (handed_into == nullptr) {
    for (const NatRow& row : rows) AddOne(row, FactsOf(row.shape), 0);
    return;
  }
  const std::uint32_t tag = TagOf(*handed_into);
  const std::int64_t begin = handed_into->period.begin.unix_ns();
  for (const NatRow& row : rows) AddOne(row, FactsOf(row.shape), row.at_ns < begin ? tag : 0);
}

void NatRows::AddOne(const NatRow& row, ShapeFacts facts, std::uint32_t tag) {
  const Stream stream = facts.stream;
  if (facts.nature == record::Nature::kBegins && !facts.session) {
    if (open_.size() >= limits_.open_sessions) {
      for (const seal::WaitingNat& waiting : open_.TakeEarliest(limits_.open_sessions / 8 + 1))
        FileLoose(waiting);
    }
    if (!open_.Begin(row, tag)) File(row, stream, true);
    return;
  }
  if (facts.nature == record::Nature::kNeither) return File(row, stream, false);
  std::optional<NatRow> session = row;
  if (facts.nature == record::Nature::kEnds) session = open_.End(row, &tag);
  if (!session.has_value()) return File(row, stream, true);
  File(*session, stream, false);
  const Instant end = seal::FiledAt(*session);
  if (end.unix_ns() - session->at_ns < seal::WindowLengthNs(stream)) return;  // the usual: no whole window
  seal::NatShape begin_shape = tables_.shapes()[session->shape];
  begin_shape.session = false;
  begin_shape.has_end_seq = false;
  NatRow begin = *session;
  begin.shape = tables_.ShapeOf(begin_shape);
  begin.end_ns = begin.at_ns;
  begin.end_seq = 0;
  Carry(begin, tag, stream, end);
}

Status NatRows::FileOpen() {
  for (const seal::WaitingNat& begin : open_.TakeAll()) {
    if (in_memory_ >= limits_.rows_in_memory) TRY(SpillAll());
    FileLoose(begin);
  }
  return Done{};
}

std::vector<Window> NatRows::windows() const {
  std::vector<Window> windows;
  for (const auto& [window, filed] : windows_) windows.push_back(window);
  return windows;
}

std::uint64_t NatRows::rows(const Window& window) const {
  return windows_.at(window).rows;
}
std::uint64_t NatRows::loose(const Window& window) const {
  return windows_.at(window).loose;
}

std::vector<std::uint64_t> NatRows::Filed::KeysInMemory() const {
  std::vector<std::uint64_t> keys;
  keys.reserve(in_memory.size());
  for (const auto& [key, token] : in_memory) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

void NatRows::Filed::ClearMemory() {
  in_memory.clear();
  last_ = nullptr;
}

std::vector<NatRow> NatRows::Filed::SortedInMemory() const {
  std::vector<NatRow> sorted;
  for (const std::uint64_t key : KeysInMemory()) {
    TokenRows token = in_memory.at(key);
    seal::SortNatRows(&token);
    sorted.insert(sorted.end(), token.begin(), token.end());
  }
  return sorted;
}

Status NatRows::SpillAll() {
  for (auto& [window, filed] : windows_) {
    if (filed.in_memory.empty()) continue;
    const std::vector<NatRow> sorted = filed.SortedInMemory();
    const SpilledRun run = TRY(spill_.Append(sorted));
    filed.spilled.push_back(run);
    const std::vector<NatGroup> groups = seal::GroupsOf(sorted, window.stream);
    filed.spilled_groups.insert(filed.spilled_groups.end(), groups.begin(), groups.end());
    in_memory_ -= sorted.size();
    filed.ClearMemory();
  }
  return Done{};
}

std::vector<NatGroup> NatRows::Groups(const Window& window) const {
  const Filed& filed = windows_.at(window);
  std::vector<NatGroup> groups = filed.spilled_groups;
  for (const std::uint64_t key : filed.KeysInMemory()) {
    groups.push_back({static_cast<std::uint32_t>(key >> 16), static_cast<std::uint16_t>(key), 0, 0});
  }
  if (filed.spilled.empty()) return groups;
  std::sort(groups.begin(), groups.end(),
            [](const NatGroup& a, const NatGroup& b) { return a.key() < b.key(); });
  const auto same = [](const NatGroup& a, const NatGroup& b) { return a.key() == b.key(); };
  groups.erase(std::unique(groups.begin(), groups.end(), same), groups.end());
  return groups;
}

Status NatRows::ByToken(const Window& window, const Part& part) {
  Filed& filed = windows_.at(window);
  return filed.spilled.empty() ? PartsInMemory(&filed, part) : PartsMerged(window, part);
}

Status NatRows::PartsInMemory(Filed* filed, const Part& part) {
  std::vector<TokenRows> tokens;
  std::size_t rows = 0;
  for (const std::uint64_t key : filed->KeysInMemory()) {
    tokens.push_back(std::move(filed->in_memory.at(key)));
    rows += tokens.back().size();
    in_memory_ -= tokens.back().size();
    if (rows < kPartRows) continue;
    TRY(part(tokens));
    tokens.clear();
    rows = 0;
  }
  filed->ClearMemory();
  return tokens.empty() ? Status(Done{}) : part(tokens);
}

Status NatRows::PartsMerged(const Window& window, const Part& part) {
  Filed& filed = windows_.at(window);
  std::vector<Source> sources;
  for (const SpilledRun& run : filed.spilled) {
    Source& source = sources.emplace_back();
    source.more.emplace(spill_, run);
    source.rows = TRY(source.more->Next());
  }
  std::vector<NatRow> in_memory = filed.SortedInMemory();
  in_memory_ -= in_memory.size();
  filed.ClearMemory();
  if (!in_memory.empty()) sources.push_back({std::move(in_memory), 0, std::nullopt});

  const auto key_of = [&](const NatRow& row) { return seal::GroupKeyOf(row, window.stream); };
  const auto later = [&](std::size_t a, std::size_t b) {
    return key_of(sources[b].front()) < key_of(sources[a].front());
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> next(later);
  for (std::size_t i = 0; i < sources.size(); ++i) next.push(i);
  std::vector<TokenRows> tokens;
  std::size_t rows = 0;
  std::uint64_t last_key = 0;
  while (!next.empty()) {
    const std::size_t source = next.top();
    next.pop();
    const std::uint64_t key = key_of(sources[source].front());
    if (tokens.empty() || key != last_key) {
      if (rows >= kPartRows) {
        TRY(part(tokens));
        tokens.clear();
        rows = 0;
      }
      tokens.emplace_back();
      last_key = key;
    }
    while (!sources[source].done() && key_of(sources[source].front()) == key) {
      tokens.back().push_back(sources[source].front());
      ++rows;
      TRY(sources[source].Advance());
    }
    if (!sources[source].done()) next.push(source);
  }
  return tokens.empty() ? Status(Done{}) : part(tokens);
}

}  // namespace probatio::keep
