// Any bytes as a regime: read or refused with a reason; every item of what is read can be judged.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "law/evaluate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const auto regime = law::ParseRegime(AsText({data, size}), "fuzz.toml");
  if (!regime.ok()) {
    CHECK(regime.error().what().starts_with("fuzz.toml:"));
    return 0;
  }
  const law::Facts facts{
      "fr.cpc145.refere",   "criminal_proceedings", "ecs_operator", {2024, 11, 12}, 3, true,
      law::Answer::kUnknown};
  for (const auto& [id, item] : regime.value().items) {
    const law::LineVerdict verdict = law::EvaluateItem(regime.value(), facts, id);
    CHECK(verdict.verdict == law::Verdict::kHuman || !verdict.rule.empty());
  }
  for (const law::RetentionRule& rule : regime.value().retention) {
    const Instant start = Instant::FromUnixSeconds(1'731'484'800);
    CHECK(law::RetentionEnd(rule, start) > start);
  }
  return 0;
}
