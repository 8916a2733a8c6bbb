// A PDF of A4 pages and the few marks this house puts on them. The only door to pango and cairo. Lengths are
// points (1/72 inch) from the page's upper left corner. Not thread-safe (font maps).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace probatio::report {

inline constexpr double kPageWidth = 595.28;  // ISO 216 A4
inline constexpr double kPageHeight = 841.89;

enum class Style : std::uint8_t {
  kTitle,
  kHeading,
  kSubheading,
  kBody,
  kBold,
  kNote,
  kHead,  // of a table
  kCell,
  kMono,
  kBanner,
  kFooter,
};

enum class Tone : std::uint8_t { kInk, kGrey, kRule, kShade, kAccent, kAlert, kPaper };

// What the PDF says about itself. Times are fixed by the caller, so that one input gives one file.
struct DocumentInfo {
  std::string title;
  std::string author;
  std::string subject;
  Instant made_at;
};

class Canvas {
 public:
  // kStorage when the fonts are missing.
  static Result<std::unique_ptr<Canvas>> Open(const DocumentInfo& info);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  double LineHeight(Style style) const;
  double Width(std::string_view text, Style style) const;
  // The lines of `text` no wider than `width`; a word that is wider alone is broken, never cut off.
  std::vector<std::string> Break(std::string_view text, Style style, double width) const;

  // One line; `y` is its upper edge.
  void Text(std::string_view line, Style style, double x, double y, Tone tone = Tone::kInk);
  void TextRight(std::string_view line, Style style, double right, double y, Tone tone = Tone::kInk);
  void Line(double x1, double y1, double x2, double y2, double thickness, Tone tone);
  void Fill(double x, double y, double width, double height, Tone tone);
  // An entry of the reader's table of contents, pointing at the current page.
  void Bookmark(std::string_view title, int page, double y);
  void EndPage();

  // The file. Nothing may be drawn after it. kStorage when the library failed.
  Result<Buffer> Finish();

 private:
  struct Parts;
  explicit Canvas(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Control characters become a space; marks that turn the reading direction, or show nothing, become U+FFFD: a
// text from outside cannot make this page read otherwise than it is stored.
std::string Printable(std::string_view text);

}  // namespace probatio::report
