#include "keep/enter.h"

#include <algorithm>

namespace probatio::keep {
namespace {

bool HoldsSince(const ledger::Ledger& ledger, std::uint64_t size_before,
                std::span<const ledger::Entry> entries) {
  const std::vector<ledger::Entry>& all = ledger.entries();
  const auto from = all.begin() + static_cast<std::ptrdiff_t>(size_before);
  return std::search(from, all.end(), entries.begin(), entries.end()) != all.end();
}

EnterResult EnterOnce(ledger::Ledger& ledger, std::span<const ledger::Entry> entries) {
  const std::uint64_t size_at_start = ledger.size();
  for (int tries = 1;; ++tries) {
    const std::uint64_t size_before = ledger.size();
    const Status appended = ledger.AppendAll(entries);
    if (appended.ok()) return {Entered::kYes, Done{}};
    if (!ledger.Refresh().ok()) return {Entered::kUnknown, appended};
    if (HoldsSince(ledger, size_at_start, entries)) return {Entered::kYes, Done{}};
    const bool lost_a_race = ledger.size() > size_before;
    if (!lost_a_race || tries == kEnterTriesMax) return {Entered::kNo, appended};
  }
}

}  // namespace

EnterResult Enter(ledger::Ledger& ledger, std::span<const ledger::Entry> entries) {
  bool in_part = false;
  while (!entries.empty()) {
    const std::size_t count = std::min<std::size_t>(entries.size(), ledger::kEntriesPerAppendMax);
    EnterResult result = EnterOnce(ledger, entries.first(count));
    if (result.entered == Entered::kNo && in_part) result.entered = Entered::kUnknown;
    if (result.entered != Entered::kYes) return result;
    in_part = true;
    entries = entries.subspan(count);
  }
  return {Entered::kYes, Done{}};
}

}  // namespace probatio::keep
