// Composes the report twice: once to count its pages, once to write them.
#include "report/report.h"

#include <fmt/format.h>

#include "report/sections.h"

namespace probatio::report {
namespace {

// The order of the parts is what a judge reads first to last.
int Compose(Canvas& canvas, const ReportInput& input, int pages) {
  const Words& words = WordsOf(input.language);
  const std::string foot =
      fmt::format(fmt::runtime(words.foot), input.order.court, input.order.register_number);
  Sheet sheet(canvas, foot, [&](int page) { return fmt::format(fmt::runtime(words.page_of), page, pages); });
  AddTitle(sheet, input);
  AddScope(sheet, input);
  AddAnswers(sheet, input);
  AddTimeline(sheet, input);
  AddApprovals(sheet, input);
  AddProof(sheet, input);
  AddVerification(sheet, input);
  const int last = sheet.page();
  sheet.Close();
  return last;
}

}  // namespace

Result<Buffer> MakeReport(const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  const DocumentInfo info{Printable(words.title), Printable(input.provider), Printable(words.subject),
                          input.made_at};
  const std::unique_ptr<Canvas> draft = TRY(Canvas::Open(info));
  const int pages = Compose(*draft, input, 0);
  const std::unique_ptr<Canvas> canvas = TRY(Canvas::Open(info));
  Compose(*canvas, input, pages);
  return canvas->Finish();
}

}  // namespace probatio::report
