// Reads requests. Strict, because the digest in the ledger is over the text: there must be one way to read
// it. Thread-safe.
#include <fmt/format.h>

#include <algorithm>

#include "custody/request.h"
#include "evidence/proof_json.h"
#include "evidence/strict_json.h"

namespace probatio::custody {
namespace {

using evidence::JsonObject;
using record::RecordClass;

constexpr RecordClass kClasses[] = {RecordClass::kIdentity, RecordClass::kAccount, RecordClass::kActivity,
                                    RecordClass::kNetwork};

Result<order::Approval> ReadApproval(JsonObject in) {
  const std::string person_text = TRY(in.Text("person"));
  const Result<PersonId> person = PersonId::Parse(person_text);
  if (!person.ok()) return in.Wrong("person", person.error().what());
  const Instant at = TRY(in.At("at"));
  const std::string pem = TRY(in.Text("certificate"));
  Result<crypto::Certificate> certificate = crypto::Certificate::FromPem(pem);
  if (!certificate.ok()) return in.Wrong("certificate", certificate.error().what());
  Buffer signature = TRY(in.Base64("signature"));
  TRY(in.End());
  return order::Approval{person.value(), std::move(certificate).value(), std::move(signature), at};
}

Result<Period> ReadPeriod(JsonObject* in) {
  Period period;
  period.begin = TRY(in->At("begin"));
  period.end = TRY(in->At("end"));
  return period;
}

Result<seal::Stream> ReadStream(const JsonObject& in, const std::string& key, const std::string& name) {
  const Result<seal::Stream> stream = seal::ParseStream(name);
  if (!stream.ok()) return in.Wrong(key, "no such stream");
  return stream.value();
}

Result<SegmentAsked> ReadSegment(JsonObject in) {
  SegmentAsked asked;
  const std::string id = TRY(in.Text("segment"));
  const Result<SegmentId> segment = SegmentId::Parse(id);
  if (!segment.ok()) return in.Wrong("segment", segment.error().what());
  asked.segment = segment.value();
  const std::string stream = TRY(in.Text("stream"));
  asked.window.stream = TRY(ReadStream(in, "stream", stream));
  asked.window.period = TRY(ReadPeriod(&in));
  asked.crashed = TRY(in.Flag("crashed"));
  asked.wrapped = TRY(in.Base64("wrapped"));
  TRY(in.End());
  return asked;
}

Result<seal::Selector> ReadSelector(JsonObject* in) {
  const std::string hex = TRY(in->Text("selector"));
  const Result<Buffer> bytes = FromHex(hex);
  if (!bytes.ok()) return in->Wrong("selector", "not hexadecimal");
  Result<seal::Selector> selector = seal::ParseSelector(bytes.value());
  if (!selector.ok()) return in->Wrong("selector", selector.error().what());
  return selector;
}

Result<resolve::LookUp> ReadLookUp(JsonObject* in) {
  resolve::LookUp look_up;
  look_up.line = TRY(in->Text("line"));
  look_up.selector = TRY(ReadSelector(in));
  const std::vector<std::string> streams = TRY(in->Texts("streams", kStreamsMax));
  for (const std::string& name : streams) {
    const seal::Stream stream = TRY(ReadStream(*in, "streams", name));
    look_up.streams.push_back(stream);
  }
  JsonObject period = TRY(in->Object("period"));
  look_up.period = TRY(ReadPeriod(&period));
  TRY(period.End());
  if (!in->Has("because")) return look_up;
  const std::string because = TRY(in->ObjectText("because"));
  Result<seal::ProvenRow> row = evidence::ProvenRowFromJson(because);
  if (!row.ok()) return in->Wrong("because", row.error().what());
  look_up.because = std::move(row).value();
  return look_up;
}

Status ReadSubject(JsonObject* in, Question* question) {
  if (!in->Has("subject")) return Done{};
  seal::SubjectHandle handle{};
  TRY(in->Hex("subject", handle));
  question->subject = handle;
  question->subject_wrapped = TRY(in->Base64("subject_wrapped"));
  return Done{};
}

Status ReadHeld(JsonObject* in, Question* question) {
  if (!in->Has("held")) return Done{};
  const std::string name = TRY(in->Text("held"));
  const auto* const known =
      std::find_if(std::begin(kClasses), std::end(kClasses),
                   [&](RecordClass candidate) { return record::ToText(candidate) == name; });
  if (known == std::end(kClasses)) return in->Wrong("held", "no such class");
  question->held.emplace();
  question->held->record_class = *known;
  question->held->wrapped = TRY(in->Base64("held_wrapped"));
  return Done{};
}

Result<Question> ReadQuestion(JsonObject in) {
  Question question;
  question.look_up = TRY(ReadLookUp(&in));
  const std::vector<JsonObject> segments = TRY(in.Objects("segments", kSegmentsPerQuestionMax));
  for (const JsonObject& segment : segments) {
    SegmentAsked asked = TRY(ReadSegment(segment));
    question.segments.push_back(std::move(asked));
  }
  if (in.Has("because_closed")) {
    const std::string text = TRY(in.ObjectText("because_closed"));
    Result<ledger::EntryProof> proof = evidence::EntryProofFromJson(text);
    if (!proof.ok()) return in.Wrong("because_closed", proof.error().what());
    question.because_closed = std::move(proof).value();
  }
  if (in.Has("because_segment")) {
    const JsonObject segment = TRY(in.Object("because_segment"));
    question.because_segment = TRY(ReadSegment(segment));
  }
  TRY(ReadSubject(&in, &question));
  TRY(ReadHeld(&in, &question));
  TRY(in.End());
  return question;
}

Status WantSchema(JsonObject* in, std::string_view schema) {
  const std::string found = TRY(in->Text("schema"));
  if (found != schema) return in->Wrong("schema", fmt::format("not {}", schema));
  return Done{};
}

Result<std::string> ReadId(JsonObject* in) {
  std::array<std::uint8_t, 16> id{};
  TRY(in->Hex("id", id));
  return ToHex(id);
}

}  // namespace

Result<Request> RequestFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "request", kRequestBytesMax));
  TRY(WantSchema(&in, kRequestSchema));
  Request request;
  request.id = TRY(ReadId(&in));
  request.made_at = TRY(in.At("made_at"));
  request.signed_scope.scope_json = TRY(in.Text("scope"));
  const std::vector<JsonObject> approvals = TRY(in.Objects("approvals", order::kApprovalsMax));
  for (const JsonObject& approval : approvals) {
    order::Approval read = TRY(ReadApproval(approval));
    request.signed_scope.approvals.push_back(std::move(read));
  }
  TRY(in.Hex("reply_key", request.reply_key));
  const Status reply_key = crypto::CheckBoxPublicKey(request.reply_key);
  if (!reply_key.ok()) return in.Wrong("reply_key", reply_key.error().what());
  const std::vector<JsonObject> questions = TRY(in.Objects("questions", kQuestionsMax));
  for (const JsonObject& question : questions) {
    Question read = TRY(ReadQuestion(question));
    request.questions.push_back(std::move(read));
  }
  TRY(in.End());
  if (request.questions.empty()) return in.Wrong("questions", "empty");
  return request;
}

Result<SentRequest> SentRequestFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "sent request", kSentRequestBytesMax));
  TRY(WantSchema(&in, kSentRequestSchema));
  SentRequest sent;
  sent.request_json = TRY(in.Text("request"));
  const std::string entry = TRY(in.ObjectText("entry"));
  Result<ledger::EntryProof> proof = evidence::EntryProofFromJson(entry);
  if (!proof.ok()) return in.Wrong("entry", proof.error().what());
  sent.entry = std::move(proof).value();
  TRY(in.End());
  return sent;
}

}  // namespace probatio::custody
