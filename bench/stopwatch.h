// How long something took: on the wall, and of one thread's processor time.
#pragma once

#include <chrono>
#include <ctime>

namespace probatio::bench {

class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Of the whole life of a thread; it calls Stop at its end.
class ThreadTime {
 public:
  void Stop() { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent_); }
  double Seconds() const {
    return static_cast<double>(spent_.tv_sec) + 1e-9 * static_cast<double>(spent_.tv_nsec);
  }

 private:
  timespec spent_{};
};

}  // namespace probatio::bench
