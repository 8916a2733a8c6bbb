#include "measure.h"

#include <fmt/format.h>

#include <algorithm>

#include "precedence.h"

namespace probatio::bench {
namespace {

// At a resolution of a second two holders of one second are both right; the truth must be among them.
Status Check(const Question& question, const std::vector<std::uint32_t>& found, std::int64_t resolution_ms) {
  const bool right = question.holder.has_value()
                         ? std::find(found.begin(), found.end(), *question.holder) != found.end() &&
                               (found.size() == 1 || resolution_ms > 1)
                         : found.empty();
  if (right) return Done{};
  return Invalid(fmt::format("wrong answer: question {}: {} holders found, {} expected{}", question.number,
                             found.size(), question.holder.has_value() ? 1 : 0,
                             found.empty() ? "" : " or another one"));
}

class LookUps {
 public:
  LookUps(Engine& engine, std::int64_t resolution_ms) : engine_(engine), resolution_ms_(resolution_ms) {}

  // `before` makes the state in which each question is asked.
  Result<LookUpTimes> Time(std::span<const Question> questions, const std::function<Status()>& before = {}) {
    std::vector<double> times_us;
    const double first = WallSeconds();
    for (const Question& question : questions) {
      if (WallSeconds() - first > kSecondsPerKindMax) break;
      if (before) TRY(before());
      const double begin = WallSeconds();
      const std::vector<std::uint32_t> found = TRY(engine_.Find(question));
      times_us.push_back((WallSeconds() - begin) * 1e6);
      TRY(Check(question, found, resolution_ms_));
    }
    if (times_us.empty()) return LookUpTimes{};
    return LookUpTimes{Percentile(times_us, 0.5), Percentile(times_us, 0.99), times_us.size()};
  }

 private:
  Engine& engine_;
  std::int64_t resolution_ms_;
};

Status TimeLookUps(Engine& engine, const Trace& trace, const Questions& questions, const Counts& counts,
                   const std::string& folder, Figures* figures) {
  const std::span<const Question> hits(questions.hits);
  const std::span<const Question> warm_up = hits.first(std::min(hits.size(), counts.warm_up));
  const std::span<const Question> cold = warm_up.first(std::min(warm_up.size(), counts.cold));
  LookUps look_ups(engine, trace.options().resolution_ms);

  TRY_IN("reopen", engine.Reopen());
  std::vector<Question> all(hits.begin(), hits.end());
  all.insert(all.end(), questions.misses.begin(), questions.misses.end());
  TRY_IN("prepare", engine.Prepare(all));
  const Precedence precedence(counts.ahead_of_others);
  figures->ahead_of_others = precedence.taken();
  TRY_IN("warm-up", look_ups.Time(warm_up));
  figures->warm = TRY_IN("warm look-up", look_ups.Time(hits.subspan(warm_up.size())));
  figures->miss = TRY_IN("miss", look_ups.Time(questions.misses));
  figures->cold = TRY_IN("cold look-up", look_ups.Time(cold, [&]() -> Status {
    DropCaches(folder);
    return engine.Reopen();
  }));
  return Done{};
}

}  // namespace

Result<Figures> Measure(Engine& engine, const Trace& trace, const Questions& questions, const Counts& counts,
                        const std::string& folder) {
  Figures figures;
  figures.layout = engine.layout();
  const LoadCost cost = TRY_IN("load", engine.Load(trace));
  const double rows = static_cast<double>(trace.options().rows);
  figures.bytes_per_session = static_cast<double>(engine.BytesOnDisk()) / rows;
  figures.cpu_s_per_million = cost.cpu_seconds / rows * 1e6;
  figures.rows_per_s = rows / cost.wall_seconds;
  figures.rows_per_s_per_core = rows / cost.cpu_seconds;
  for (const auto& [stage, seconds] : cost.stage_cpu_seconds) figures.stages[stage] = seconds / rows * 1e6;
  TRY(TimeLookUps(engine, trace, questions, counts, folder, &figures));
  figures.extras = engine.Extras();
  return figures;
}

}  // namespace probatio::bench
