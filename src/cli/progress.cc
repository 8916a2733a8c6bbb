#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace probatio::cli {
namespace {

// To the line's begin, and what is there is erased (ECMA-48, EL).
constexpr char kOverwrite[] = "\r\x1b[K";
constexpr char kCutMark[] = "...";
constexpr std::size_t kCutMarkColumns = 3;

// The figures of one moment; those that cannot be known are absent.
struct Figures {
  std::optional<std::uint64_t> percent;
  std::optional<std::uint64_t> records_per_s;
  std::optional<std::uint64_t> seconds_left;
};

std::optional<std::uint64_t> SecondsLeft(const ProgressPoint& point, double elapsed_s) {
  if (!point.of_bytes.has_value()) return std::nullopt;
  if (point.bytes >= *point.of_bytes) return 0;
  if (point.bytes == 0 || elapsed_s <= 0) return std::nullopt;
  const double rest = static_cast<double>(*point.of_bytes - point.bytes);
  const double left = rest / static_cast<double>(point.bytes) * elapsed_s;
  if (left > static_cast<double>(kSecondsLeftMax)) return std::nullopt;
  return static_cast<std::uint64_t>(left + 0.5);
}

Figures FiguresOf(const ProgressPoint& point, Progress::Time begun, Progress::Time now) {
  const double elapsed_s = std::chrono::duration<double>(now - begun).count();
  Figures figures;
  // A file that grows while it is read is at most whole; of an empty one there is no share.
  if (point.of_bytes.value_or(0) != 0) {
    const double share = static_cast<double>(point.bytes) / static_cast<double>(*point.of_bytes);
    figures.percent =
        point.bytes >= *point.of_bytes ? 100 : static_cast<std::uint64_t>(std::min(share * 100, 99.0));
  }
  if (elapsed_s > 0) {
    figures.records_per_s = static_cast<std::uint64_t>(static_cast<double>(point.records) / elapsed_s);
  }
  figures.seconds_left = SecondsLeft(point, elapsed_s);
  return figures;
}

std::string ForPerson(std::uint64_t seconds) {
  if (seconds >= 3600) return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
  if (seconds >= 60) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} s", seconds);
}

bool Continues(char octet) {
  return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U;
}

// A file's name is its giver's: nothing in it may steer the terminal (C0, DEL, and C1 as UTF-8 and alone).
std::string Printable(const std::string& name) {
  std::string printable;
  bool in_character = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto octet = static_cast<unsigned char>(name[i]);
    const bool c1 = octet == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0 &&
                    Continues(name[i + 1]);
    if (c1) ++i;
    const bool stray = Continues(name[i]) && !in_character && !c1;
    in_character = !c1 && (octet >= 0xC2 || (in_character && Continues(name[i])));
    printable += c1 || stray || octet < 0x20 || octet == 0x7F ? '?' : name[i];
  }
  return printable;
}

std::size_t Columns(const std::string& text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), Continues));
}

// The end of a path tells files apart, so the beginning is cut, between two characters.
std::string CutToEnd(const std::string& text, std::size_t columns) {
  std::size_t have = Columns(text);
  if (have <= columns) return text;
  if (columns <= kCutMarkColumns) return std::string(kCutMark, columns);
  std::size_t begin = 0;
  while (begin < text.size() && have > columns - kCutMarkColumns) {
    do {
      ++begin;
    } while (begin < text.size() && Continues(text[begin]));
    --have;
  }
  return kCutMark + text.substr(begin);
}

std::string Which(const ProgressFile& file) {
  return file.of > 1 ? fmt::format(" ({} of {})", file.number, file.of) : "";
}

std::string LineOf(const ProgressFile& file, const ProgressPoint& point, const Figures& figures) {
  std::string line =
      fmt::format("{}{}: {} records safe on disk", Printable(file.name), Which(file), point.records);
  if (figures.percent.has_value()) line += fmt::format(", {} % of the file", *figures.percent);
  if (figures.records_per_s.has_value()) line += fmt::format(", {} records/s", *figures.records_per_s);
  if (figures.seconds_left.value_or(0) != 0)
    line += fmt::format(", {} left", ForPerson(*figures.seconds_left));
  return line + "\n";
}

// The figures matter more than the name; what is wider than the terminal would wrap and stay. One column is
// left free: some terminals wrap when the last one is filled.
std::string TerminalOf(const ProgressStyle& style, const ProgressFile& file, const ProgressPoint& point,
                       const Figures& figures) {
  const std::size_t room = style.columns > 1 ? style.columns - 1 : 1;
  std::string rest = Which(file) + ":";
  if (figures.percent.has_value()) rest += fmt::format(" {} %,", *figures.percent);
  rest += fmt::format(" {} records safe", point.records);
  if (figures.records_per_s.has_value()) rest += fmt::format(", {}/s", *figures.records_per_s);
  if (figures.seconds_left.value_or(0) != 0)
    rest += fmt::format(", {} left", ForPerson(*figures.seconds_left));
  if (rest.size() > room) rest.resize(room);
  return kOverwrite + CutToEnd(Printable(file.name), room - rest.size()) + rest;
}

nlohmann::json OrNull(const std::optional<std::uint64_t>& value) {
  return value.has_value() ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

// A name need not be UTF-8; JSON must be.
std::string JsonOf(const ProgressFile& file, const ProgressPoint& point, const Figures& figures) {
  const nlohmann::json line = {{"file", file.name},
                               {"bytes", point.bytes},
                               {"of_bytes", OrNull(point.of_bytes)},
                               {"records", point.records},
                               {"records_per_s", OrNull(figures.records_per_s)},
                               {"seconds_left", OrNull(figures.seconds_left)}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

Progress::Progress(const ProgressStyle& style, ProgressFile file, Time begun)
    : style_(style), file_(std::move(file)), begun_(begun) {}

std::string Progress::Reached(const ProgressPoint& point, Time now) {
  const std::chrono::milliseconds step =
      style_.form == ProgressForm::kTerminal ? kTerminalStep : std::chrono::milliseconds(kLineStep);
  if (told_at_.has_value() && now - *told_at_ < step) return "";
  return Told(point, now);
}

std::string Progress::Ended(const ProgressPoint& point, Time now) {
  std::string text;
  if (!told_at_.has_value() || point != told_) text = Told(point, now);
  return text + Stopped();
}

std::string Progress::Stopped() {
  return std::exchange(line_open_, false) ? "\n" : "";
}

std::string Progress::Told(const ProgressPoint& point, Time now) {
  told_at_ = now;
  told_ = point;
  const Figures figures = FiguresOf(point, begun_, now);
  if (style_.form == ProgressForm::kJson) return JsonOf(file_, point, figures);
  if (style_.form == ProgressForm::kLines) return LineOf(file_, point, figures);
  line_open_ = true;
  return TerminalOf(style_, file_, point, figures);
}

}  // namespace probatio::cli
