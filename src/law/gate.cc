#include "law/gate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "law/needs.h"

namespace probatio::law {
namespace {

// Depth is bounded by the file: a gate asks only gates that stand above it. Its width is not, so what a chain
// of gates may ask in all is.
constexpr int kGatesAskedMax = 10'000;

void Note(std::vector<std::string>& facts, std::string_view fact) {
  while (!fact.empty()) {
    const std::size_t end = fact.find('\n');
    const std::string one(fact.substr(0, end));
    if (std::find(facts.begin(), facts.end(), one) == facts.end()) facts.push_back(one);
    fact = end == std::string_view::npos ? std::string_view() : fact.substr(end + 1);
  }
}

class Asker {
 public:
  Asker(const Regime& regime, const Facts& facts) : regime_(regime), facts_(facts) {}

  LineVerdict Ask(const Gate& gate) {
    LineVerdict result;
    result.verdict = Verdict::kRelease;
    result.reference = gate.reference;
    if (++asked_ > kGatesAskedMax) {
      result.verdict = Verdict::kHuman;
      result.missing = "a regime with fewer gates in gates";
      return result;
    }
    AskNeeds(gate, &result);
    if (!gate.any_gate.empty()) AskOthers(gate, &result);
    if (result.verdict == Verdict::kHuman && !gate.open.id.empty()) result.open = gate.open;
    return result;
  }

 private:
  static void Close(const Gate& gate, Answer holds, const std::string& missing, LineVerdict* result) {
    const Verdict closed = holds == Answer::kNo ? gate.otherwise : Verdict::kHuman;
    // A need that fails weighs more than one of which nothing is known.
    const bool first = result->verdict == Verdict::kRelease;
    if (first || (result->verdict == Verdict::kHuman && closed == Verdict::kRefuse)) {
      result->verdict = closed;
      result->missing = missing;
    }
  }

  void AskNeeds(const Gate& gate, LineVerdict* result) {
    for (const std::string& need : gate.needs) {
      const NeedResult answer = EvaluateNeed(need, gate, regime_, facts_);
      Note(result->facts_used, answer.fact);
      if (answer.holds != Answer::kYes) Close(gate, answer.holds, answer.missing, result);
    }
  }

  void AskOthers(const Gate& gate, LineVerdict* result) {
    std::vector<std::string> missing;
    bool unknown = false;
    for (const std::string& id : gate.any_gate) {
      const LineVerdict other = Ask(regime_.gates.at(id));
      for (const std::string& fact : other.facts_used) Note(result->facts_used, fact);
      if (other.verdict == Verdict::kRelease) {
        result->reference += "; " + other.reference;
        return;
      }
      unknown = unknown || other.verdict == Verdict::kHuman;
      if (std::find(missing.begin(), missing.end(), other.missing) == missing.end())
        missing.push_back(other.missing);
    }
    Close(gate, unknown ? Answer::kUnknown : Answer::kNo,
          fmt::format("one of: {}", fmt::join(missing, "; or ")), result);
  }

  const Regime& regime_;
  const Facts& facts_;
  int asked_ = 0;
};

}  // namespace

LineVerdict EvaluateGate(const Gate& gate, const Regime& regime, const Facts& facts) {
  return Asker(regime, facts).Ask(gate);
}

}  // namespace probatio::law
