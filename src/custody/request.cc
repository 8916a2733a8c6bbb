// Writes requests as JSON (docs/formats/custody.md). Thread-safe.
#include "custody/request.h"

#include <nlohmann/json.hpp>

#include "evidence/proof_json.h"

namespace probatio::custody {
namespace {

using nlohmann::json;

json ApprovalJson(const order::Approval& approval) {
  return {{"person", approval.person.text()},
          {"at", approval.at.ToRfc3339()},
          {"certificate", approval.certificate.ToPem()},
          {"signature", ToBase64(approval.signature)}};
}

json PeriodJson(const Period& period) {
  return {{"begin", period.begin.ToRfc3339()}, {"end", period.end.ToRfc3339()}};
}

json SegmentJson(const SegmentAsked& asked) {
  json out = PeriodJson(asked.window.period);
  out["segment"] = asked.segment.text();
  out["stream"] = seal::ToText(asked.window.stream);
  out["crashed"] = asked.crashed;
  out["wrapped"] = ToBase64(asked.wrapped);
  return out;
}

// All faces: the station checks every one, so a row cannot rest on a part that nobody proved.
json BecauseJson(const seal::ProvenRow& row) {
  const std::vector<record::Face>& faces = record::FacesOf(record::KindOf(row.record));
  return json::parse(evidence::ProvenRowToJson(row, {faces.begin(), faces.end()}));
}

json QuestionJson(const Question& question) {
  const resolve::LookUp& look_up = question.look_up;
  json streams = json::array();
  for (const seal::Stream stream : look_up.streams) streams.push_back(seal::ToText(stream));
  json segments = json::array();
  for (const SegmentAsked& asked : question.segments) segments.push_back(SegmentJson(asked));
  json out{{"line", look_up.line},
           {"selector", ToHex(seal::SelectorBytes(look_up.selector))},
           {"streams", std::move(streams)},
           {"period", PeriodJson(look_up.period)},
           {"segments", std::move(segments)}};
  if (look_up.because.has_value()) out["because"] = BecauseJson(*look_up.because);
  if (question.because_closed.has_value()) {
    out["because_closed"] = json::parse(evidence::EntryProofToJson(*question.because_closed));
  }
  if (question.because_segment.has_value()) out["because_segment"] = SegmentJson(*question.because_segment);
  if (question.subject.has_value()) {
    out["subject"] = ToHex(*question.subject);
    out["subject_wrapped"] = ToBase64(question.subject_wrapped);
  }
  if (question.held.has_value()) {
    out["held"] = record::ToText(question.held->record_class);
    out["held_wrapped"] = ToBase64(question.held->wrapped);
  }
  return out;
}

std::string Dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string RequestToJson(const Request& request) {
  json approvals = json::array();
  for (const order::Approval& approval : request.signed_scope.approvals)
    approvals.push_back(ApprovalJson(approval));
  json questions = json::array();
  for (const Question& question : request.questions) questions.push_back(QuestionJson(question));
  return Dumped({{"schema", kRequestSchema},
                 {"id", request.id},
                 {"made_at", request.made_at.ToRfc3339()},
                 {"scope", request.signed_scope.scope_json},
                 {"approvals", std::move(approvals)},
                 {"reply_key", ToHex(request.reply_key)},
                 {"questions", std::move(questions)}});
}

std::string SentRequestToJson(const SentRequest& sent) {
  return Dumped({{"schema", kSentRequestSchema},
                 {"request", sent.request_json},
                 {"entry", json::parse(evidence::EntryProofToJson(sent.entry))}});
}

}  // namespace probatio::custody
