// A report that flows over as many pages as it needs: paragraphs, tables whose heads repeat, a foot with the
// page's number. Measures before it draws; nothing crosses a margin. Not thread-safe.
#pragma once

#include <functional>

#include "report/canvas.h"

namespace probatio::report {

inline constexpr double kMarginLeft = 56.0;
inline constexpr double kMarginRight = 56.0;
inline constexpr double kMarginTop = 54.0;
inline constexpr double kMarginBottom = 62.0;
inline constexpr double kTextWidth = kPageWidth - kMarginLeft - kMarginRight;

struct Cell {
  std::vector<std::string> paragraphs;  // each starts a new line
  Style style = Style::kCell;
};
using Row = std::vector<Cell>;

struct Table {
  std::vector<std::string> head;  // may be empty: a list of labels and values
  std::vector<Row> rows;          // each as long as the others
};

class Sheet {
 public:
  // `foot` stands left at the foot of each page; `pages` counts them all (0 while it is not known).
  Sheet(Canvas& canvas, std::string foot, std::function<std::string(int page)> page_label);

  double left() const { return kMarginLeft; }
  double right() const { return kPageWidth - kMarginRight; }
  double y() const { return y_; }
  int page() const { return page_; }
  Canvas& canvas() { return canvas_; }

  void Space(double points);  // dropped at the top of a page
  void Need(double points);   // starts a page when less is left
  void Advance(double points) { y_ += points; }
  void Paragraph(std::string_view text, Style style, Tone tone = Tone::kInk, double indent = 0);
  // "1." or "•" hanging left of the text.
  void Bullet(std::string_view mark, std::string_view text, Style style);
  void Heading(std::string_view text);  // with a bookmark and a rule
  void Subheading(std::string_view text);
  void Banner(std::string_view text);
  void Add(const Table& table);
  void Close();  // ends the last page

 private:
  void NewPage();
  void EndPage();
  double Left() const;  // points to the bottom margin

  Canvas& canvas_;
  std::string foot_;
  std::function<std::string(int)> page_label_;
  int page_ = 1;
  double y_ = kMarginTop;
};

// Widths for the columns of a table: what each would like, cut down where all together do not fit, never
// below its longest word while that is possible.
std::vector<double> ColumnWidths(const Canvas& canvas, const Table& table, double width);

}  // namespace probatio::report
