#include "order/duplicate.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/words.h"

namespace probatio::order {
namespace {

std::string Bare(const std::string& text) {
  std::string bare = law::Folded(text);
  bare.erase(
      std::remove_if(bare.begin(), bare.end(), [](char c) { return c == ' ' || c == '/' || c == '-'; }),
      bare.end());
  return bare;
}

// A request or a letter may rightly come with several decisions; the decision itself may not.
bool SharesDecisionPaper(const Order& a, const Order& b) {
  return std::any_of(a.papers.begin(), a.papers.end(), [&](const Paper& paper) {
    return paper.kind == "decision" && std::any_of(b.papers.begin(), b.papers.end(), [&](const Paper& other) {
             return other.sha256 == paper.sha256;
           });
  });
}

}  // namespace

bool SameDecision(const Order& a, const Order& b) {
  const bool same_number = Bare(a.register_number) == Bare(b.register_number);
  return (same_number && Bare(a.court) == Bare(b.court) && a.date == b.date) || SharesDecisionPaper(a, b);
}

Status CheckNotReceived(const Order& incoming, const Order& known, const Life& life_of_known,
                        const std::string& again) {
  if (!SameDecision(incoming, known)) return Done{};
  const std::string words = fmt::format(
      "order {}: the same decision (court, register number and date, or paper) was received as {}, which is "
      "{}",
      incoming.id.text(), known.id.text(), ToText(life_of_known.state));
  const bool ended = life_of_known.state == State::kRefused || life_of_known.state == State::kWithdrawn;
  if (!ended) return Denied(words + ": a copy or a replay gets nothing");
  if (again.empty()) return Denied(words + ": to receive it once more, say why with --again");
  return Done{};
}

}  // namespace probatio::order
