// Reads disclosure.json. What nobody asked for is refused, so nothing can stand in it unseen. Thread-safe.
#include "evidence/disclosure_reader.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "evidence/strict_json.h"

namespace probatio::evidence {
namespace {

constexpr std::size_t kTextsMax = 10'000;

Result<std::string> Word(JsonObject* in, const std::string& key,
                         std::initializer_list<std::string_view> words) {
  std::string text = TRY(in->Text(key));
  for (const std::string_view word : words) {
    if (text == word) return text;
  }
  return in->Wrong(key, "not one of the words of the format");
}

Status ReadGap(JsonObject in) {
  TRY(Word(&in, "kind", {"outside_retention", "lost_records", "still_open", "no_window"}));
  TRY(in.At("from"));
  TRY(in.At("to"));
  TRY(in.Text("note"));
  return in.End();
}

Status ReadOffsets(JsonObject in) {
  for (const char* key : {"unchanged_from_ns", "unchanged_to_ns"}) {
    const bool open = TRY(in.Null(key));
    if (!open) TRY(in.SignedNumber(key));
  }
  return in.End();
}

Result<ReadCandidate> ReadOne(JsonObject in) {
  ReadCandidate candidate;
  candidate.name = TRY(in.Text("name"));
  TRY(in.Texts("rules", kTextsMax));
  const std::vector<JsonObject> supports = TRY(in.Objects("supports", kDisclosedRowsMax));
  for (JsonObject support : supports) {
    std::string row = TRY(support.Text("row"));
    candidate.rows.push_back(std::move(row));
    TRY(support.Text("why"));
    TRY(support.End());
  }
  TRY(in.End());
  return candidate;
}

Result<ReadAnswer> ReadOneAnswer(JsonObject in) {
  ReadAnswer answer;
  answer.line = TRY(in.Text("line"));
  answer.certainty =
      TRY(Word(&in, "certainty", {"unique", "ambiguous", "none", "outside_retention", "log_gap"}));
  answer.explanation = TRY(in.Text("explanation"));
  const std::vector<JsonObject> candidates = TRY(in.Objects("candidates", kCandidatesMax));
  for (const JsonObject& each : candidates) {
    ReadCandidate candidate = TRY(ReadOne(each));
    answer.candidates.push_back(std::move(candidate));
  }
  const std::vector<JsonObject> gaps = TRY(in.Objects("gaps", kTextsMax));
  for (const JsonObject& gap : gaps) TRY(ReadGap(gap));
  const JsonObject offsets = TRY(in.Object("offsets"));
  TRY(ReadOffsets(offsets));
  TRY(in.End());
  return answer;
}

Result<ReadRow> ReadOneRow(JsonObject in, std::size_t number) {
  ReadRow row;
  row.id = TRY(in.Text("id"));
  if (row.id != "R" + std::to_string(number)) return in.Wrong("id", "not the number of its place");
  row.segment = TRY(in.Text("segment"));
  row.grade =
      TRY(Word(&in, "grade", {"committed_before_order", "journal_before_order", "committed_after_order"}));
  row.faces = TRY(in.Texts("faces", 32));
  row.record = TRY(in.ObjectText("record"));
  TRY(in.End());
  return row;
}

}  // namespace

Result<ReadDisclosure> ParseDisclosure(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "disclosure", kDisclosureBytesMax));
  ReadDisclosure disclosure;
  TRY(Word(&in, "schema", {"probatio-disclosure/1"}));
  disclosure.provider = TRY(in.Text("provider"));
  disclosure.order = TRY(in.Text("order"));
  disclosure.made_at = TRY(in.At("made_at"));
  disclosure.demonstration_clock = TRY(in.Flag("demonstration_clock"));
  if (in.Has("supersedes")) {
    disclosure.supersedes = TRY(in.Text("supersedes"));
    constexpr std::string_view kHex = "0123456789abcdef";
    if (disclosure.supersedes.size() != 64 ||
        disclosure.supersedes.find_first_not_of(kHex) != std::string::npos)
      return in.Wrong("supersedes", "not a digest");
  }
  const std::vector<JsonObject> answers = TRY(in.Objects("answers", kAnswersMax));
  for (const JsonObject& each : answers) {
    ReadAnswer answer = TRY(ReadOneAnswer(each));
    disclosure.answers.push_back(std::move(answer));
  }
  disclosure.left_out = TRY(in.Texts("left_out", order::kScopeLeftOutMax));
  const std::vector<JsonObject> rows = TRY(in.Objects("rows", kDisclosedRowsMax));
  for (const JsonObject& each : rows) {
    ReadRow row = TRY(ReadOneRow(each, disclosure.rows.size() + 1));
    disclosure.rows.push_back(std::move(row));
  }
  TRY(in.End());
  // The strict reader has seen that this is JSON without doubled keys; here, that it is the one way to write
  // it.
  if (nlohmann::json::parse(text.begin(), text.end()).dump() != text) {
    return Invalid("disclosure: not in canonical form");
  }
  return disclosure;
}

}  // namespace probatio::evidence
