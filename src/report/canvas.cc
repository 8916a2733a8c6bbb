// Pango lays out, cairo writes. Every text is drawn line by line, so whoever measures knows what will stand
// on the page.
#include "report/canvas.h"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <array>

namespace probatio::report {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(PangoAttrList* list) const { pango_attr_list_unref(list); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct StyleFacts {
  Style style;
  const char* font;
  double leading;  // line height, points
};

constexpr std::array<StyleFacts, 11> kStyles{{
    {Style::kTitle, "DejaVu Serif Bold 17", 22.5},
    {Style::kHeading, "DejaVu Serif Bold 11.5", 16.0},
    {Style::kSubheading, "DejaVu Serif Bold 9.5", 13.5},
    {Style::kBody, "DejaVu Serif 8.5", 12.4},
    {Style::kBold, "DejaVu Serif Bold 8.5", 12.4},
    {Style::kNote, "DejaVu Serif Italic 7.8", 11.2},
    {Style::kHead, "DejaVu Sans Bold 6.8", 9.6},
    {Style::kCell, "DejaVu Sans 7.4", 10.4},
    {Style::kMono, "DejaVu Sans Mono 7", 10.4},
    {Style::kBanner, "DejaVu Sans Bold 8.5", 12.4},
    {Style::kFooter, "DejaVu Sans 6.8", 9.6},
}};

const StyleFacts& FactsOf(Style style) {
  const auto facts =
      std::find_if(kStyles.begin(), kStyles.end(), [&](const StyleFacts& row) { return row.style == style; });
  CHECK(facts != kStyles.end());
  return *facts;
}

struct Colour {
  double red, green, blue;
};

Colour ColourOf(Tone tone) {
  switch (tone) {
    case Tone::kInk:
      return {0.10, 0.10, 0.12};
    case Tone::kGrey:
      return {0.38, 0.38, 0.42};
    case Tone::kRule:
      return {0.72, 0.72, 0.75};
    case Tone::kShade:
      return {0.935, 0.94, 0.95};
    case Tone::kAccent:
      return {0.10, 0.22, 0.42};
    case Tone::kAlert:
      return {0.62, 0.10, 0.10};
    case Tone::kPaper:
      return {1.0, 1.0, 1.0};
  }
  return {0, 0, 0};
}

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int size) {
  auto* bytes = static_cast<Buffer*>(closure);
  bytes->insert(bytes->end(), data, data + size);
  return CAIRO_STATUS_SUCCESS;
}

bool HasFamily(PangoFontMap* map, std::string_view wanted) {
  PangoFontFamily** families = nullptr;
  int count = 0;
  pango_font_map_list_families(map, &families, &count);
  const auto* const end = families + count;
  const bool found = std::any_of(families, const_cast<PangoFontFamily**>(end), [&](PangoFontFamily* family) {
    return pango_font_family_get_name(family) == wanted;
  });
  g_free(families);
  return found;
}

void SetInfo(cairo_surface_t* surface, const DocumentInfo& info) {
  // Cairo reads whole seconds only.
  const Instant second =
      info.made_at - ((info.made_at.unix_ns() % kNsPerSecond) + kNsPerSecond) % kNsPerSecond;
  const std::string date = second.ToRfc3339();
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, info.title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, info.author.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, info.subject.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Probatio");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date.c_str());
}

}  // namespace

struct Canvas::Parts {
  Buffer bytes;
  Owned<PangoFontMap> fonts;
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> cairo;
  Owned<PangoContext> context;
  Owned<PangoLayout> layout;

  void SetTone(Tone tone) const {
    const Colour colour = ColourOf(tone);
    cairo_set_source_rgb(cairo.get(), colour.red, colour.green, colour.blue);
  }

  // Sets the shared layout; a width below zero means: one line.
  PangoLayout* Lay(std::string_view text, Style style, double width) const {
    const Owned<PangoFontDescription> font(pango_font_description_from_string(FactsOf(style).font));
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), width < 0 ? -1 : static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return layout.get();
  }
};

Canvas::Canvas(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Canvas::~Canvas() = default;

Result<std::unique_ptr<Canvas>> Canvas::Open(const DocumentInfo& info) {
  auto parts = std::make_unique<Parts>();
  parts->fonts.reset(pango_cairo_font_map_new());
  for (const std::string_view family : {"DejaVu Serif", "DejaVu Sans", "DejaVu Sans Mono"}) {
    if (!HasFamily(parts->fonts.get(), family)) {
      return StorageError(fmt::format("report: no font {}; install fonts-dejavu-core", family));
    }
  }
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(parts->fonts.get()), 72.0);
  parts->surface.reset(cairo_pdf_surface_create_for_stream(&Append, &parts->bytes, kPageWidth, kPageHeight));
  SetInfo(parts->surface.get(), info);
  parts->cairo.reset(cairo_create(parts->surface.get()));
  parts->context.reset(pango_font_map_create_context(parts->fonts.get()));
  // Screen hints would make widths depend on the machine's settings.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(parts->context.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(parts->context.get(), FALSE);
  parts->layout.reset(pango_layout_new(parts->context.get()));
  pango_layout_set_wrap(parts->layout.get(), PANGO_WRAP_WORD_CHAR);
  // A digest broken over two lines gets no hyphen that it does not have, and no ligature joins its letters.
  const Owned<PangoAttrList> attributes(pango_attr_list_new());
  pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
  pango_attr_list_insert(attributes.get(), pango_attr_font_features_new("liga 0, clig 0"));
  pango_layout_set_attributes(parts->layout.get(), attributes.get());
  return std::unique_ptr<Canvas>(new Canvas(std::move(parts)));
}

double Canvas::LineHeight(Style style) const {
  return FactsOf(style).leading;
}

double Canvas::Width(std::string_view text, Style style) const {
  int width = 0;
  pango_layout_get_size(parts_->Lay(Printable(text), style, -1), &width, nullptr);
  return static_cast<double>(width) / PANGO_SCALE;
}

std::vector<std::string> Canvas::Break(std::string_view text, Style style, double width) const {
  CHECK(width > 0);
  const std::string clean = Printable(text);
  PangoLayout* layout = parts_->Lay(clean, style, width);
  std::vector<std::string> lines;
  for (GSList* link = pango_layout_get_lines_readonly(layout); link != nullptr; link = link->next) {
    const auto* line = static_cast<const PangoLayoutLine*>(link->data);
    std::string part =
        clean.substr(static_cast<std::size_t>(line->start_index), static_cast<std::size_t>(line->length));
    while (!part.empty() && part.back() == ' ') part.pop_back();
    lines.push_back(std::move(part));
  }
  return lines;
}

void Canvas::Text(std::string_view line, Style style, double x, double y, Tone tone) {
  PangoLayout* layout = parts_->Lay(Printable(line), style, -1);
  int height = 0;
  pango_layout_get_size(layout, nullptr, &height);
  const double lead = FactsOf(style).leading - static_cast<double>(height) / PANGO_SCALE;
  parts_->SetTone(tone);
  cairo_move_to(parts_->cairo.get(), x, y + lead / 2);
  pango_cairo_show_layout(parts_->cairo.get(), layout);
}

void Canvas::TextRight(std::string_view line, Style style, double right, double y, Tone tone) {
  Text(line, style, right - Width(line, style), y, tone);
}

void Canvas::Line(double x1, double y1, double x2, double y2, double thickness, Tone tone) {
  parts_->SetTone(tone);
  cairo_set_line_width(parts_->cairo.get(), thickness);
  cairo_move_to(parts_->cairo.get(), x1, y1);
  cairo_line_to(parts_->cairo.get(), x2, y2);
  cairo_stroke(parts_->cairo.get());
}

void Canvas::Fill(double x, double y, double width, double height, Tone tone) {
  parts_->SetTone(tone);
  cairo_rectangle(parts_->cairo.get(), x, y, width, height);
  cairo_fill(parts_->cairo.get());
}

void Canvas::Bookmark(std::string_view title, int page, double y) {
  const std::string place = fmt::format("page={} pos=[0 {:.1f}]", page, y);
  cairo_pdf_surface_add_outline(parts_->surface.get(), CAIRO_PDF_OUTLINE_ROOT, Printable(title).c_str(),
                                place.c_str(), static_cast<cairo_pdf_outline_flags_t>(0));
}

void Canvas::EndPage() {
  cairo_show_page(parts_->cairo.get());
}

Result<Buffer> Canvas::Finish() {
  cairo_surface_finish(parts_->surface.get());
  const cairo_status_t state = cairo_surface_status(parts_->surface.get());
  if (state != CAIRO_STATUS_SUCCESS || cairo_status(parts_->cairo.get()) != CAIRO_STATUS_SUCCESS) {
    return StorageError(fmt::format("report: pdf not written: {}", cairo_status_to_string(state)));
  }
  return std::move(parts_->bytes);
}

}  // namespace probatio::report
