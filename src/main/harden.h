// What a process that holds keys asks of the system: no core dumps, no debugger of another user, memory kept
// out of swap.
#pragma once

namespace probatio::program {

// Best effort, once, at the start of main: a machine that refuses (a low RLIMIT_MEMLOCK) still runs, and
// docs/trust.md says that swap must then be off or encrypted.
void Harden();

}  // namespace probatio::program
