#include "report/sheet.h"

#include <algorithm>

namespace probatio::report {
namespace {

constexpr double kHangingIndent = 15.0;
constexpr double kBannerPadding = 6.0;
constexpr double kHeadingKeep = 60.0;  // a heading does not stand alone at the foot of a page

}  // namespace

Sheet::Sheet(Canvas& canvas, std::string foot, std::function<std::string(int page)> page_label)
    : canvas_(canvas), foot_(std::move(foot)), page_label_(std::move(page_label)) {}

double Sheet::Left() const {
  return kPageHeight - kMarginBottom - y_;
}

void Sheet::EndPage() {
  const double y = kPageHeight - kMarginBottom + 14;
  const std::string label = page_label_(page_);
  canvas_.Line(left(), y, right(), y, 0.5, Tone::kRule);
  const double room = kTextWidth - canvas_.Width(label, Style::kFooter) - 12;
  canvas_.Text(canvas_.Break(foot_, Style::kFooter, room).front(), Style::kFooter, left(), y + 4,
               Tone::kGrey);
  canvas_.TextRight(label, Style::kFooter, right(), y + 4, Tone::kGrey);
  canvas_.EndPage();
}

void Sheet::NewPage() {
  EndPage();
  ++page_;
  y_ = kMarginTop;
}

void Sheet::Close() {
  EndPage();
}

void Sheet::Space(double points) {
  if (y_ > kMarginTop) y_ += points;
}

void Sheet::Need(double points) {
  if (Left() < points && y_ > kMarginTop) NewPage();
}

void Sheet::Paragraph(std::string_view text, Style style, Tone tone, double indent) {
  const double height = canvas_.LineHeight(style);
  for (const std::string& line : canvas_.Break(text, style, kTextWidth - indent)) {
    Need(height);
    canvas_.Text(line, style, left() + indent, y_, tone);
    y_ += height;
  }
}

void Sheet::Bullet(std::string_view mark, std::string_view text, Style style) {
  Need(canvas_.LineHeight(style));
  canvas_.Text(mark, style, left() + 2, y_, Tone::kGrey);
  Paragraph(text, style, Tone::kInk, kHangingIndent);
}

void Sheet::Heading(std::string_view text) {
  Space(13);
  Need(kHeadingKeep);
  canvas_.Bookmark(text, page_, y_);
  Paragraph(text, Style::kHeading, Tone::kAccent);
  canvas_.Line(left(), y_ + 1, right(), y_ + 1, 0.8, Tone::kAccent);
  y_ += 6;
}

void Sheet::Subheading(std::string_view text) {
  Space(7);
  Need(kHeadingKeep);
  Paragraph(text, Style::kSubheading);
  y_ += 2;
}

void Sheet::Banner(std::string_view text) {
  const double height = canvas_.LineHeight(Style::kBanner);
  const std::vector<std::string> lines = canvas_.Break(text, Style::kBanner, kTextWidth - 2 * kBannerPadding);
  const double box = height * static_cast<double>(lines.size()) + 2 * kBannerPadding;
  Need(box);
  canvas_.Fill(left(), y_, kTextWidth, box, Tone::kAlert);
  double line_y = y_ + kBannerPadding;
  for (const std::string& line : lines) {
    canvas_.Text(line, Style::kBanner, left() + kBannerPadding, line_y, Tone::kPaper);
    line_y += height;
  }
  y_ += box + 8;
}

}  // namespace probatio::report
