// probatio.toml: what a deployment is (docs/operate/configure.md). Immutable once read.
#pragma once

#include <string>
#include <vector>

#include "casebook/duty.h"
#include "cli/notices_config.h"
#include "cli/time_stamping.h"
#include "order/enforceability.h"

namespace probatio::cli {

struct Config {
  std::string folder;                    // where the file lies; other paths are relative to it
  std::string provider;                  // the name that stands in every scope and package
  std::string profile;                   // "ecs_operator", "access_provider", "host_platform", "public_wifi"
  std::string register_number;           // of the provider's company; may be empty
  std::vector<std::string> other_names;  // former and trading names that an order may address
  std::string origin;                    // of the ledger
  std::string published = "published";   // the folder in which the ledger is published
  std::vector<std::string> witnesses;    // keys whose cosignatures are taken
  std::vector<TimestampService> timestamps;  // none: the local one
  std::vector<std::string> seal_revocation;  // files of revocation lists that go into each package
  std::string regime;                        // file
  unsigned custodians_needed = 2;
  int grant_hours = 72;  // how long a signed scope may be executed
  casebook::DutyRules duties;
  std::vector<std::string> vault_replicas;  // folders beside vault/ that hold every erasure key
  bool pad_network_blocks = false;          // docs/threat-model.md
  bool demonstration_clock = false;
  NoticesConfig notices;

  std::string Path(const std::string& relative) const { return folder + "/" + relative; }
  // A file that the configuration names: relative to the folder unless it begins with '/'.
  std::string File(const std::string& name) const { return name.starts_with("/") ? name : Path(name); }
};

// `path` is the file, or the folder that holds probatio.toml. kInvalid names file, line or key, and reason.
Result<Config> ReadConfig(const std::string& path);
std::string ConfigText(const Config& config);

// Whom an order must address.
order::Entity EntityOf(const Config& config);

}  // namespace probatio::cli
