// The founding case, played end to end with the commands a user would type, each shown before it runs.
#pragma once

#include <string>

#include "base/result.h"

namespace probatio::cli {
struct Session;
}

namespace probatio::cli::demo {

struct PlayOptions {
  std::string out = "demo";
  std::string case_folder = "examples/rg-24-57625";
  std::string regime = "regimes/fr.toml";
  int scale = 1;
  std::uint64_t seed = 20241112;
};

// kRefused when an act did not end as it must: the demonstration is a test of the whole house.
Status Play(Session& session, const PlayOptions& options);

}  // namespace probatio::cli::demo
