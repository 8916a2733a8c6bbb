// Stands in for postgresql.cc where libpq's headers are not installed.
#include "engines/engine.h"

namespace probatio::bench {

Result<std::unique_ptr<Engine>> MakePostgresql(const std::string&) {
  return NotFound("not installed: libpq-dev, when this was built");
}

}  // namespace probatio::bench
