// Every word the report prints by itself, in the two languages it speaks. A phrase with {} takes one fact.
// Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace probatio::report {

struct Words {
  std::string_view title, subject, demonstration;
  std::string_view court, register_number, date, provider, addressee, applicants, service, invented,
      not_served, recipients, regime, made_at;
  std::string_view scope_heading, scope_intro, line, asked, granted, basis, left_out_heading,
      nothing_left_out, not_granted, none_asked, by_rule, by_person, period, events, tuple_at;
  std::string_view answers_heading, no_answers, line_answer, candidate, candidate_named, supports, rules,
      gaps, offsets, offset_open, rows_omitted;
  std::string_view instant_utc, instant_paris, event, address, port, protocol, details, data, value,
      resolution, account_row, identity_row;
  std::string_view timeline_heading, timeline_note, timeline_more;
  std::string_view approvals_heading, approved_by, no_approver, custodians, custodians_unknown;
  std::string_view proof_heading, proved, declared;
  std::string_view verify_heading;
  std::vector<std::string_view> verify_steps;
  std::string_view files_heading, file, digest, no_files;
  std::string_view page_of, foot, none_stated, colon, and_word;
};
const Words& WordsOf(Language language);

// The names of things that records, orders and answers call by an id. An id without a name is returned as it
// is.
std::string ItemName(std::string_view item, Language language);
std::string FieldName(record::FieldId field, Language language);
std::string EventName(std::string_view event, Language language);
std::string SubjectName(order::SubjectKind kind, Language language);
std::string CertaintyName(resolve::Certainty certainty, Language language);
std::string ClockName(ClockSource source, Language language);
std::string GapName(resolve::GapKind kind, Language language);
// Sentences of the resolver and of the scope, which speak English; one that is not known stays as it is.
std::string Sentence(std::string_view sentence, Language language);

std::string DateText(const law::CivilDate& date, Language language);  // "12 novembre 2024"
std::string DurationText(std::int64_t ns, Language language);         // "250 ms", "−41 s"

}  // namespace probatio::report
