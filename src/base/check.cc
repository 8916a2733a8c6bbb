#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace probatio::base {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "probatio: bug: %s does not hold (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace probatio::base
