// Tables: columns measured before anything is drawn, cells wrapped, heads repeated on each page.
#include <algorithm>
#include <numeric>

#include "report/sheet.h"

namespace probatio::report {
namespace {

constexpr double kPadX = 4.0;
constexpr double kPadY = 2.5;
constexpr double kColumnMin = 24.0;
constexpr double kRowWholeMax = 220.0;  // a higher row may be split over pages

struct Want {
  double least = kColumnMin;  // the longest word
  double whole = kColumnMin;  // the longest paragraph on one line
};

// Words are measured up to this many octets: what is longer is broken anyway.
constexpr std::size_t kMeasuredBytesMax = 4096;

void Measure(const Canvas& canvas, std::string_view text, Style style, Want& want) {
  text = text.substr(0, kMeasuredBytesMax);
  want.whole = std::max(want.whole, canvas.Width(text, style) + 2 * kPadX + 0.5);
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    want.least = std::max(want.least, canvas.Width(text.substr(0, space), style) + 2 * kPadX + 0.5);
    text.remove_prefix(std::min(space + 1, text.size()));
  }
}

std::vector<Want> Wants(const Canvas& canvas, const Table& table) {
  const std::size_t columns = table.head.empty() ? table.rows.front().size() : table.head.size();
  std::vector<Want> wants(columns);
  for (std::size_t i = 0; i < table.head.size(); ++i) Measure(canvas, table.head[i], Style::kHead, wants[i]);
  for (const Row& row : table.rows) {
    CHECK(row.size() == columns);
    for (std::size_t i = 0; i < columns; ++i) {
      for (const std::string& text : row[i].paragraphs) Measure(canvas, text, row[i].style, wants[i]);
    }
  }
  return wants;
}

double SumOf(const std::vector<double>& widths) {
  return std::accumulate(widths.begin(), widths.end(), 0.0);
}

// A row broken into lines that fit its columns.
struct LaidCell {
  std::vector<std::string> lines;
  Style style = Style::kCell;
};

}  // namespace

std::vector<double> ColumnWidths(const Canvas& canvas, const Table& table, double width) {
  const std::vector<Want> wants = Wants(canvas, table);
  const double fair = width / static_cast<double>(wants.size());
  std::vector<double> widths;
  // No column's longest word takes more than half of the page's fair share twice over.
  for (const Want& want : wants) widths.push_back(std::min(want.least, 2 * fair));
  if (SumOf(widths) > width) {
    for (double& column : widths) column = std::min(column, fair);
  }
  double missing = 0;
  for (std::size_t i = 0; i < wants.size(); ++i) missing += std::max(0.0, wants[i].whole - widths[i]);
  const double spare = width - SumOf(widths);
  if (missing <= 0) {
    widths.back() += spare;
    return widths;
  }
  const double share = std::min(1.0, spare / missing);
  for (std::size_t i = 0; i < wants.size(); ++i)
    widths[i] += share * std::max(0.0, wants[i].whole - widths[i]);
  widths.back() += width - SumOf(widths);
  return widths;
}

namespace {

std::vector<LaidCell> Lay(const Canvas& canvas, const Row& row, const std::vector<double>& widths) {
  std::vector<LaidCell> cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    LaidCell cell{{}, row[i].style};
    for (const std::string& text : row[i].paragraphs) {
      for (std::string& line : canvas.Break(text, row[i].style, widths[i] - 2 * kPadX)) {
        cell.lines.push_back(std::move(line));
      }
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::size_t LineCount(const std::vector<LaidCell>& cells) {
  std::size_t count = 1;
  for (const LaidCell& cell : cells) count = std::max(count, cell.lines.size());
  return count;
}

double LineHeightOf(const Canvas& canvas, const std::vector<LaidCell>& cells) {
  double height = 0;
  for (const LaidCell& cell : cells) height = std::max(height, canvas.LineHeight(cell.style));
  return height;
}

void DrawHead(Sheet& sheet, const std::vector<LaidCell>& head, const std::vector<double>& widths) {
  if (head.empty()) return;
  Canvas& canvas = sheet.canvas();
  const double line = canvas.LineHeight(Style::kHead);
  const double height = line * static_cast<double>(LineCount(head)) + 2 * kPadY;
  canvas.Fill(sheet.left(), sheet.y(), kTextWidth, height, Tone::kShade);
  double x = sheet.left();
  for (std::size_t i = 0; i < head.size(); ++i) {
    double y = sheet.y() + kPadY;
    for (const std::string& text : head[i].lines) {
      canvas.Text(text, Style::kHead, x + kPadX, y, Tone::kAccent);
      y += line;
    }
    x += widths[i];
  }
  sheet.Advance(height);
  canvas.Line(sheet.left(), sheet.y(), sheet.right(), sheet.y(), 0.7, Tone::kAccent);
}

void DrawLine(Sheet& sheet, const std::vector<LaidCell>& cells, const std::vector<double>& widths,
              std::size_t line) {
  double x = sheet.left();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (line < cells[i].lines.size()) {
      sheet.canvas().Text(cells[i].lines[line], cells[i].style, x + kPadX, sheet.y());
    }
    x += widths[i];
  }
}

// Starts a page when `points` are not left, and repeats the head there.
void NeedUnderHead(Sheet& sheet, double points, const std::vector<LaidCell>& head,
                   const std::vector<double>& widths) {
  const int page = sheet.page();
  sheet.Need(points);
  if (sheet.page() != page) DrawHead(sheet, head, widths);
}

void DrawRow(Sheet& sheet, const std::vector<LaidCell>& cells, const std::vector<LaidCell>& head,
             const std::vector<double>& widths) {
  const double line = LineHeightOf(sheet.canvas(), cells);
  const double height = line * static_cast<double>(LineCount(cells)) + 2 * kPadY;
  NeedUnderHead(sheet, std::min(height, kRowWholeMax), head, widths);
  sheet.Advance(kPadY);
  for (std::size_t i = 0; i < LineCount(cells); ++i) {
    NeedUnderHead(sheet, line, head, widths);
    DrawLine(sheet, cells, widths, i);
    sheet.Advance(line);
  }
  sheet.Advance(kPadY);
  sheet.canvas().Line(sheet.left(), sheet.y(), sheet.right(), sheet.y(), 0.35, Tone::kRule);
}

}  // namespace

void Sheet::Add(const Table& table) {
  if (table.rows.empty()) return;
  const std::vector<double> widths = ColumnWidths(canvas_, table, kTextWidth);
  Row head_row;
  for (const std::string& title : table.head) head_row.push_back({{title}, Style::kHead});
  const std::vector<LaidCell> head = Lay(canvas_, head_row, widths);
  Need(46);  // the head and a row
  DrawHead(*this, head, widths);
  for (const Row& row : table.rows) DrawRow(*this, Lay(canvas_, row, widths), head, widths);
  y_ += 5;
}

}  // namespace probatio::report
