// disclosure.json: what is disclosed, in canonical JSON (docs/formats/evidence.md). Pure; thread-safe.
#include <nlohmann/json.hpp>

#include "evidence/disclosure_document.h"
#include "record/json.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

json OffsetJson(const std::optional<std::int64_t>& offset) {
  return offset.has_value() ? json(*offset) : json(nullptr);
}

json GapsJson(const std::vector<resolve::Gap>& gaps) {
  json out = json::array();
  for (const resolve::Gap& gap : gaps) {
    out.push_back({{"kind", resolve::ToText(gap.kind)},
                   {"from", gap.period.begin.ToRfc3339()},
                   {"to", gap.period.end.ToRfc3339()},
                   {"note", gap.note}});
  }
  return out;
}

// `next` counts the supports over the whole disclosure.
json CandidateJson(const resolve::Candidate& candidate, const std::vector<std::size_t>& row_of,
                   std::size_t* next) {
  json supports = json::array();
  for (const resolve::Support& support : candidate.supports) {
    supports.push_back({{"row", "R" + std::to_string(row_of[(*next)++] + 1)}, {"why", support.why}});
  }
  return {{"name", candidate.name}, {"rules", candidate.rules}, {"supports", std::move(supports)}};
}

json AnswersJson(const Disclosure& disclosure) {
  const std::vector<std::size_t> row_of = RowOfEachSupport(disclosure);
  std::size_t next = 0;
  json answers = json::array();
  for (const resolve::LineAnswer& answer : disclosure.answers) {
    json candidates = json::array();
    for (const resolve::Candidate& candidate : answer.candidates) {
      candidates.push_back(CandidateJson(candidate, row_of, &next));
    }
    answers.push_back({{"line", answer.line},
                       {"certainty", resolve::ToText(answer.certainty)},
                       {"explanation", answer.explanation},
                       {"candidates", std::move(candidates)},
                       {"gaps", GapsJson(answer.gaps)},
                       {"offsets",
                        {{"unchanged_from_ns", OffsetJson(answer.offsets.unchanged_from_ns)},
                         {"unchanged_to_ns", OffsetJson(answer.offsets.unchanged_to_ns)}}}});
  }
  return answers;
}

json RowJson(const DisclosedRow& row) {
  json faces = json::array();
  for (const record::Face face : record::FacesOf(record::KindOf(row.row->record))) {
    if (row.faces.contains(face)) faces.push_back(record::ToText(face));
  }
  return {{"id", row.id},
          {"segment", row.row->segment.text()},
          {"grade", ToText(row.grade)},
          {"faces", std::move(faces)},
          {"record", json::parse(record::ToJson(row.row->record, row.faces))}};
}

}  // namespace

std::string DisclosureJson(const Disclosure& disclosure) {
  json rows = json::array();
  for (const DisclosedRow& row : RowsOf(disclosure)) rows.push_back(RowJson(row));
  json out{{"schema", "probatio-disclosure/1"},
           {"provider", disclosure.provider},
           {"order", disclosure.scope.order.text()},
           {"made_at", disclosure.made_at.ToRfc3339()},
           {"demonstration_clock", disclosure.demonstration_clock},
           {"answers", AnswersJson(disclosure)},
           {"left_out", disclosure.scope.left_out},
           {"rows", std::move(rows)}};
  if (!disclosure.supersedes.empty()) out["supersedes"] = disclosure.supersedes;
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::evidence
