// The parts of the report, in the order in which they stand on the page. For the .cc files of this folder.
#pragma once

#include "report/report.h"
#include "report/sheet.h"
#include "report/words.h"

namespace probatio::report {

// Rows of answers that are printed; the others are counted and stand in disclosure.csv.
inline constexpr std::size_t kReportRowsMax = 2000;
// Lines and instants that the timeline draws.
inline constexpr std::size_t kTimelineLinesMax = 12;
inline constexpr std::size_t kTimelineInstantsMax = 400;

void AddTitle(Sheet& sheet, const ReportInput& input);
void AddScope(Sheet& sheet, const ReportInput& input);
void AddAnswers(Sheet& sheet, const ReportInput& input);
void AddTimeline(Sheet& sheet, const ReportInput& input);  // nothing when no instant is disclosed
void AddApprovals(Sheet& sheet, const ReportInput& input);
void AddProof(Sheet& sheet, const ReportInput& input);
void AddVerification(Sheet& sheet, const ReportInput& input);

}  // namespace probatio::report
