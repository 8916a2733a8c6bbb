#include "main/harden.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace probatio::program {

void Harden() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  // On fault: only pages that are really used, so that a large store's mappings cost nothing.
  mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

}  // namespace probatio::program
