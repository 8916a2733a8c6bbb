// What a long import says of a file while it reads it: how far it is, how many records are safe, how fast,
// and how long it will still take. On a terminal one line that is written over; else a line now and then, for
// a person or as JSON. Pure: the time comes in, the text to write goes out. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace probatio::cli {

// A terminal is written over so often at most, a log gets so many lines at most.
inline constexpr std::chrono::milliseconds kTerminalStep{250};
inline constexpr std::chrono::seconds kLineStep{2};
// Beyond 99 hours the rate of now says nothing about the end, and none is told.
inline constexpr std::uint64_t kSecondsLeftMax = 99 * 3600;

enum class ProgressForm { kTerminal, kLines, kJson };

struct ProgressStyle {
  ProgressForm form = ProgressForm::kLines;
  std::size_t columns = 80;  // of the terminal
};

// One file of those of a command, counted from 1.
struct ProgressFile {
  std::string name;
  std::size_t number = 1;
  std::size_t of = 1;
};

// How far it is.
struct ProgressPoint {
  std::uint64_t records = 0;              // safe on disk
  std::uint64_t bytes = 0;                // read, and their records safe
  std::optional<std::uint64_t> of_bytes;  // of a pipe not known

  bool operator==(const ProgressPoint&) const = default;
};

class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Progress(const ProgressStyle& style, ProgressFile file, Time begun);

  // What is to be written now: empty when the last was a moment ago. The first is always told.
  std::string Reached(const ProgressPoint& point, Time now);
  // The file was read to its end: always the last figures, once.
  std::string Ended(const ProgressPoint& point, Time now);
  // It was not: leaves the terminal's line, so that the message stands on one of its own.
  std::string Stopped();

 private:
  std::string Told(const ProgressPoint& point, Time now);

  ProgressStyle style_;
  ProgressFile file_;
  Time begun_;
  std::optional<Time> told_at_;
  ProgressPoint told_;
  bool line_open_ = false;  // the terminal's cursor stands behind what was written
};

}  // namespace probatio::cli
