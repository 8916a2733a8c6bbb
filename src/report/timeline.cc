// The timeline: one lane for each answered line, one mark for each disclosed instant, its uncertainty as a
// bar.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "report/facts.h"
#include "report/sections.h"

namespace probatio::report {
namespace {

constexpr double kLaneHeight = 17.0;
constexpr double kLabelWidth = 46.0;
constexpr double kEdge = 34.0;  // room for half of an axis label
constexpr int kAxisMarksMax = 6;

struct Lane {
  std::string line;
  std::set<Timestamp> instants;
};

std::vector<Lane> LanesOf(const ReportInput& input) {
  std::vector<Lane> lanes;
  for (const resolve::LineAnswer& answer : input.answers) {
    Lane lane{answer.line, {}};
    for (const resolve::Candidate& candidate : answer.candidates) {
      for (const resolve::Support& support : candidate.supports) {
        const Facts facts = FactsOf(support, input.language);
        const bool wanted = facts.is_event() && facts.at.has_value();
        if (wanted && lane.instants.size() < kTimelineInstantsMax) lane.instants.insert(*facts.at);
      }
    }
    if (!lane.instants.empty()) lanes.push_back(std::move(lane));
  }
  return lanes;
}

// In seconds, as doubles: an instant near the ends of its range must not overflow here.
struct Axis {
  double begin = 0;
  double end = 1;
  double left = 0;
  double width = 1;
  double X(double seconds) const { return left + (seconds - begin) / (end - begin) * width; }
};

double Seconds(std::int64_t ns) {
  return static_cast<double>(ns) / static_cast<double>(kNsPerSecond);
}
double First(const Timestamp& at) {
  return Seconds(at.at.unix_ns()) - Seconds(at.error_ns);
}
double Last(const Timestamp& at) {
  return Seconds(at.at.unix_ns()) + Seconds(at.error_ns) + Seconds(at.resolution_ns);
}

Axis AxisOver(const std::vector<Lane>& lanes) {
  Axis axis;
  axis.begin = First(*lanes.front().instants.begin());
  axis.end = axis.begin;
  for (const Lane& lane : lanes) {
    for (const Timestamp& at : lane.instants) {
      axis.begin = std::min(axis.begin, First(at));
      axis.end = std::max(axis.end, Last(at));
    }
  }
  const double margin = std::max(1.0, (axis.end - axis.begin) * 0.04);
  axis.begin -= margin;
  axis.end += margin;
  return axis;
}

double StepFor(const Axis& axis) {
  constexpr std::array<double, 22> kSteps{1,     2,      5,      10,     15,      30,     60,    120,
                                          300,   600,    1800,   3600,   7200,    14400,  21600, 43200,
                                          86400, 172800, 432000, 864000, 2592000, 7776000};
  for (const double step : kSteps) {
    if ((axis.end - axis.begin) / step <= kAxisMarksMax) return step;
  }
  return (axis.end - axis.begin) / kAxisMarksMax;
}

void DrawAxis(Sheet& sheet, const Axis& axis, double top) {
  Canvas& canvas = sheet.canvas();
  canvas.Line(axis.left, sheet.y(), axis.left + axis.width, sheet.y(), 0.8, Tone::kInk);
  const double step = StepFor(axis);
  const double height = canvas.LineHeight(Style::kFooter);
  const double end = axis.left + axis.width + kEdge;
  double free_from = 0;
  for (double at = std::ceil(axis.begin / step) * step; at <= axis.end; at += step) {
    const double x = axis.X(at);
    canvas.Line(x, top, x, sheet.y() + 3, 0.3, Tone::kRule);
    const std::string text = UtcText(Instant::FromUnixSeconds(static_cast<std::int64_t>(std::llround(at))));
    const double wide = std::max(canvas.Width(text.substr(0, 10), Style::kFooter),
                                 canvas.Width(text.substr(11), Style::kFooter));
    if (x - wide / 2 < free_from || x + wide / 2 > end) continue;
    free_from = x + wide / 2 + 6;
    canvas.Text(text.substr(0, 10), Style::kFooter, x - wide / 2, sheet.y() + 4, Tone::kGrey);
    canvas.Text(text.substr(11), Style::kFooter, x - wide / 2, sheet.y() + 4 + height, Tone::kGrey);
  }
  sheet.Advance(6 + 2 * height);
}

void DrawLane(Sheet& sheet, const Axis& axis, const Lane& lane) {
  Canvas& canvas = sheet.canvas();
  const std::string label = canvas.Break(lane.line, Style::kHead, kLabelWidth - 4).front();
  canvas.Text(label, Style::kHead, sheet.left(), sheet.y() + 4);
  const double middle = sheet.y() + kLaneHeight / 2;
  canvas.Line(axis.left, middle, axis.left + axis.width, middle, 0.3, Tone::kRule);
  for (const Timestamp& at : lane.instants) {
    const double from = axis.X(First(at));
    const double to = std::max(axis.X(Last(at)), from + 1.5);
    canvas.Fill(from, middle - 2, to - from, 4, Tone::kRule);
    canvas.Line(axis.X(Seconds(at.at.unix_ns())), middle - 5, axis.X(Seconds(at.at.unix_ns())), middle + 5,
                1.2, Tone::kAccent);
  }
  sheet.Advance(kLaneHeight);
}

}  // namespace

void AddTimeline(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  std::vector<Lane> lanes = LanesOf(input);
  if (lanes.empty()) return;
  const std::size_t omitted = lanes.size() > kTimelineLinesMax ? lanes.size() - kTimelineLinesMax : 0;
  lanes.resize(lanes.size() - omitted);
  sheet.Space(4);
  sheet.Need(kLaneHeight * static_cast<double>(lanes.size()) + 90);
  sheet.Subheading(words.timeline_heading);
  sheet.Paragraph(words.timeline_note, Style::kNote, Tone::kGrey);
  sheet.Space(4);
  Axis axis = AxisOver(lanes);
  axis.left = sheet.left() + kLabelWidth;
  axis.width = kTextWidth - kLabelWidth - kEdge;
  const double top = sheet.y();
  for (const Lane& lane : lanes) DrawLane(sheet, axis, lane);
  DrawAxis(sheet, axis, top);
  if (omitted != 0) {
    sheet.Paragraph(fmt::format(fmt::runtime(words.timeline_more), omitted), Style::kNote, Tone::kGrey);
  }
}

}  // namespace probatio::report
