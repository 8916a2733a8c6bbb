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

constexpr std::size_t kPartRows = 256U << 10;  // rows of one part, but for a token that has more

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

std::uint64_t KeyOf(const NatRow& row, Stream stream) {
  return seal::GroupsOf({&row, 1}, stream).front().key();
}

std::size_t CarriedMax(Stream stream) {
  return stream == Stream::kNatSession ? kCarriedWindowsMax : kCarriedBlockDaysMax;
}

}  // namespace

NatRows::NatRows(std::string spill_path, Disk& disk, Random& random, Limits limits)
    : spill_(std::move(spill_path), disk, random), limits_(limits) {}

Window NatRows::WindowOf(const NatRow& row) const {
  return seal::WindowOf(seal::StreamOf(tables_.shapes()[row.shape]), seal::FiledAt(row));
}

void NatRows::File(const NatRow& row, const Window& window, bool loose) {
  Filed& filed = windows_[window];
  filed.in_memory.push_back(row);
  ++filed.rows;
  filed.loose += loose ? 1 : 0;
  ++in_memory_;
}

// Into each window that lies whole between the row's own window and `until`.
void NatRows::Carry(NatRow begin, Stream stream, Instant until) {
  Window window = seal::WindowOf(stream, Instant::FromUnixNs(begin.at_ns));
  for (std::size_t i = 0; i < CarriedMax(stream); ++i) {
    window = seal::WindowOf(stream, window.period.end);
    if (until < window.period.end) return;
    File(begin, window, false);
  }
}

Status NatRows::MakeRoom(std::size_t count) {
  // A row is filed once when it ends, and perhaps carried; creates are waiting in a table of their own.
  if (in_memory_ + count > limits_.rows_in_memory) TRY(SpillAll());
  return Done{};
}

void NatRows::Add(const NatRow& row) {
  const seal::NatShape shape = tables_.shapes()[row.shape];
  const record::Nature nature = record::NatureOf(shape.event);
  if (nature == record::Nature::kBegins && !shape.session) {
    if (open_.size() >= limits_.open_sessions) {
      for (const NatRow& waiting : open_.TakeEarliest(limits_.open_sessions / 8 + 1))
        File(waiting, WindowOf(waiting), true);
    }
    if (!open_.Begin(row)) File(row, WindowOf(row), true);
    return;
  }
  if (nature == record::Nature::kNeither) return File(row, WindowOf(row), false);
  std::optional<NatRow> session = row;
  if (nature == record::Nature::kEnds) session = open_.End(row);
  if (!session.has_value()) return File(row, WindowOf(row), true);
  File(*session, WindowOf(*session), false);
  const Stream stream = seal::StreamOf(shape);
  const Instant end = seal::FiledAt(*session);
  if (end.unix_ns() - session->at_ns < seal::WindowLengthNs(stream)) return;  // the usual: no whole window
  seal::NatShape begin_shape = tables_.shapes()[session->shape];
  begin_shape.session = false;
  begin_shape.has_end_seq = false;
  NatRow begin = *session;
  begin.shape = tables_.ShapeOf(begin_shape);
  begin.end_ns = begin.at_ns;
  begin.end_seq = 0;
  Carry(begin, stream, end);
}

Status NatRows::FileOpen() {
  for (const NatRow& begin : open_.TakeAll()) {
    if (in_memory_ >= limits_.rows_in_memory) TRY(SpillAll());
    File(begin, WindowOf(begin), true);
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

Status NatRows::SpillAll() {
  for (auto& [window, filed] : windows_) {
    if (filed.in_memory.empty()) continue;
    seal::SortNatRows(&filed.in_memory);
    const SpilledRun run = TRY(spill_.Append(filed.in_memory));
    filed.spilled.push_back(run);
    const std::vector<NatGroup> groups = seal::GroupsOf(filed.in_memory, window.stream);
    filed.spilled_groups.insert(filed.spilled_groups.end(), groups.begin(), groups.end());
    in_memory_ -= filed.in_memory.size();
    std::vector<NatRow>().swap(filed.in_memory);
  }
  return Done{};
}

std::vector<NatGroup> NatRows::Groups(const Window& window) {
  Filed& filed = windows_.at(window);
  seal::SortNatRows(&filed.in_memory);
  std::vector<NatGroup> groups = seal::GroupsOf(filed.in_memory, window.stream);
  if (filed.spilled.empty()) return groups;
  groups.insert(groups.end(), filed.spilled_groups.begin(), filed.spilled_groups.end());
  std::sort(groups.begin(), groups.end(),
            [](const NatGroup& a, const NatGroup& b) { return a.key() < b.key(); });
  const auto same = [](const NatGroup& a, const NatGroup& b) { return a.key() == b.key(); };
  groups.erase(std::unique(groups.begin(), groups.end(), same), groups.end());
  return groups;
}

Status NatRows::Sorted(const Window& window, const Part& part) {
  Filed& filed = windows_.at(window);
  std::vector<Source> sources;
  for (const SpilledRun& run : filed.spilled) {
    Source& source = sources.emplace_back();
    source.more.emplace(spill_, run);
    source.rows = TRY(source.more->Next());
  }
  seal::SortNatRows(&filed.in_memory);
  in_memory_ -= filed.in_memory.size();
  std::vector<NatRow> in_memory = std::exchange(filed.in_memory, {});
  if (sources.empty()) return part(in_memory);
  if (!in_memory.empty()) sources.push_back({std::move(in_memory), 0, std::nullopt});

  const auto later = [&](std::size_t a, std::size_t b) {
    return seal::NatRowBefore(sources[b].front(), sources[a].front());
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> next(later);
  for (std::size_t i = 0; i < sources.size(); ++i) next.push(i);
  std::vector<NatRow> rows;
  while (!next.empty()) {
    const std::size_t source = next.top();
    next.pop();
    const NatRow row = sources[source].front();
    const bool full = rows.size() >= kPartRows;
    if (full && KeyOf(row, window.stream) != KeyOf(rows.back(), window.stream)) {
      TRY(part(rows));
      rows.clear();
    }
    rows.push_back(row);
    TRY(sources[source].Advance());
    if (!sources[source].done()) next.push(source);
  }
  return part(rows);
}

}  // namespace probatio::keep
