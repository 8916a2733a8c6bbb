// Measures one engine on a trace: load, size, then look-ups warm, missed and cold. Every answer is held
// against the truth.
#pragma once

#include <vector>

#include "engines/engine.h"

namespace probatio::bench {

struct LookUpTimes {
  double p50_us = 0;
  double p99_us = 0;
  std::size_t count = 0;
};

struct Figures {
  std::string layout;
  double bytes_per_session = 0;
  double cpu_s_per_million = 0;
  double rows_per_s = 0;           // on the wall clock
  double rows_per_s_per_core = 0;  // by processor time
  LookUpTimes warm;
  LookUpTimes cold;
  LookUpTimes miss;
  std::map<std::string, double> stages;  // processor seconds per million rows
  std::map<std::string, double> extras;
  bool ahead_of_others = false;  // the look-ups ran so
};

// How many look-ups of each kind. The warm ones are asked once, after others have warmed the caches.
struct Counts {
  explicit Counts(std::size_t look_ups)
      : warm_up(look_ups / 5 + 1), warm(look_ups), miss(look_ups / 2 + 1), cold(look_ups / 25 + 1) {}
  bool ahead_of_others = false;  // Precedence, while look-ups are timed
  std::size_t warm_up;
  std::size_t warm;
  std::size_t miss;
  std::size_t cold;
};

// kInvalid "wrong answer: ..." when the engine and the truth differ. `folder` is where the engine keeps its
// files.
Result<Figures> Measure(Engine& engine, const Trace& trace, const Questions& questions, const Counts& counts,
                        const std::string& folder);

// A scan has no patience for a thousand look-ups: after so long no more are asked, and the count says so.
inline constexpr double kSecondsPerKindMax = 15;

}  // namespace probatio::bench
