// CHECK states what only our own mistake could break. It stays on in release: on this product a wrong
// answer is worse than a stopped program. What the outside world can cause is a Result, never a CHECK.
#pragma once

namespace probatio::base {

// Prints the expression and its place on standard error, then aborts. Thread-safe.
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

}  // namespace probatio::base

#define CHECK(condition)                               \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::probatio::base::CheckFailed(#condition, __FILE__, __LINE__))
