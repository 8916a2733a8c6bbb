#include "custody/held_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "custody/held_file.h"
#include "custody/request.h"
#include "evidence/proof_json.h"
#include "evidence/strict_json.h"

namespace probatio::custody {
namespace {

using evidence::JsonObject;
using nlohmann::json;
using record::RecordClass;

constexpr std::size_t kElementsMax = kHeldSectionBytesMax;  // each takes a byte at least
constexpr resolve::GapKind kGapKinds[] = {resolve::GapKind::kOutsideRetention, resolve::GapKind::kLostRecords,
                                          resolve::GapKind::kStillOpen, resolve::GapKind::kNoWindow};

json PeriodJson(const Period& period) {
  return {{"begin", period.begin.ToRfc3339()}, {"end", period.end.ToRfc3339()}};
}

json LookUpJson(const resolve::LookUp& look_up) {
  json streams = json::array();
  for (const seal::Stream stream : look_up.streams) streams.push_back(seal::ToText(stream));
  json out{{"line", look_up.line},
           {"selector", ToHex(seal::SelectorBytes(look_up.selector))},
           {"streams", std::move(streams)},
           {"period", PeriodJson(look_up.period)}};
  if (look_up.asked) out["asked"] = PeriodJson(*look_up.asked);
  return out;
}

json GapJson(const resolve::Gap& gap) {
  json out{{"kind", resolve::ToText(gap.kind)}, {"period", PeriodJson(gap.period)}, {"note", gap.note}};
  if (gap.stream) out["stream"] = seal::ToText(*gap.stream);
  return out;
}

json RowJson(const seal::ProvenRow& row) {
  const std::vector<record::Face>& faces = record::FacesOf(record::KindOf(row.record));
  return json::parse(evidence::ProvenRowToJson(row, {faces.begin(), faces.end()}));
}

json ReadJson(const HeldRead& read) {
  json look_ups = json::array();
  for (const resolve::LookUp& look_up : read.look_ups) look_ups.push_back(LookUpJson(look_up));
  json gaps = json::array();
  for (const resolve::Gap& gap : read.found.gaps) gaps.push_back(GapJson(gap));
  json rows = json::array();
  for (const seal::ProvenRow& row : read.found.rows) rows.push_back({{"row", RowJson(row)}});
  return {{"look_ups", std::move(look_ups)},
          {"segments", read.found.segments_searched},
          {"gaps", std::move(gaps)},
          {"rows", std::move(rows)}};
}

Result<Period> ReadPeriod(JsonObject* in, const std::string& key = "period") {
  JsonObject object = TRY(in->Object(key));
  Period period;
  period.begin = TRY(object.At("begin"));
  period.end = TRY(object.At("end"));
  TRY(object.End());
  return period;
}

Result<seal::Stream> ReadStream(const JsonObject& in, const std::string& key, const std::string& name) {
  const Result<seal::Stream> stream = seal::ParseStream(name);
  if (!stream.ok()) return in.Wrong(key, "no such stream");
  return stream.value();
}

Result<resolve::LookUp> ReadLookUp(JsonObject in) {
  resolve::LookUp look_up;
  look_up.line = TRY(in.Text("line"));
  const std::string hex = TRY(in.Text("selector"));
  const Result<Buffer> bytes = FromHex(hex);
  if (!bytes.ok()) return in.Wrong("selector", "not hexadecimal");
  Result<seal::Selector> selector = seal::ParseSelector(bytes.value());
  if (!selector.ok()) return in.Wrong("selector", selector.error().what());
  look_up.selector = std::move(selector).value();
  const std::vector<std::string> streams = TRY(in.Texts("streams", kStreamsMax));
  for (const std::string& name : streams) {
    const seal::Stream stream = TRY(ReadStream(in, "streams", name));
    look_up.streams.push_back(stream);
  }
  look_up.period = TRY(ReadPeriod(&in));
  if (in.Has("asked")) look_up.asked = TRY(ReadPeriod(&in, "asked"));
  TRY(in.End());
  return look_up;
}

Result<resolve::Gap> ReadGap(JsonObject in) {
  resolve::Gap gap;
  const std::string kind = TRY(in.Text("kind"));
  const auto* const known =
      std::find_if(std::begin(kGapKinds), std::end(kGapKinds),
                   [&](resolve::GapKind candidate) { return resolve::ToText(candidate) == kind; });
  if (known == std::end(kGapKinds)) return in.Wrong("kind", "no such gap");
  gap.kind = *known;
  gap.period = TRY(ReadPeriod(&in));
  gap.note = TRY(in.Text("note"));
  if (in.Has("stream")) {
    const std::string stream = TRY(in.Text("stream"));
    gap.stream = TRY(ReadStream(in, "stream", stream));
  }
  TRY(in.End());
  return gap;
}

Result<HeldRead> ReadRead(JsonObject in) {
  HeldRead read;
  const std::vector<JsonObject> look_ups = TRY(in.Objects("look_ups", kElementsMax));
  for (const JsonObject& object : look_ups) {
    resolve::LookUp look_up = TRY(ReadLookUp(object));
    read.look_ups.push_back(std::move(look_up));
  }
  read.found.segments_searched = TRY(in.Number("segments", kQuestionsMax * kSegmentsPerQuestionMax));
  const std::vector<JsonObject> gaps = TRY(in.Objects("gaps", kElementsMax));
  for (const JsonObject& object : gaps) {
    resolve::Gap gap = TRY(ReadGap(object));
    read.found.gaps.push_back(std::move(gap));
  }
  std::vector<JsonObject> rows = TRY(in.Objects("rows", kElementsMax));
  for (JsonObject& object : rows) {
    const std::string text = TRY(object.ObjectText("row"));
    TRY(object.End());
    Result<seal::ProvenRow> row = evidence::ProvenRowFromJson(text);
    if (!row.ok()) return in.Wrong("rows", row.error().what());
    read.found.rows.push_back(std::move(row).value());
  }
  TRY(in.End());
  return read;
}

HeldRead PartOf(const HeldRead& read, RecordClass record_class) {
  HeldRead part;
  for (const resolve::LookUp& look_up : read.look_ups) {
    resolve::LookUp own = look_up;
    own.because.reset();
    std::erase_if(own.streams, [&](seal::Stream stream) { return seal::ClassOf(stream) != record_class; });
    if (!own.streams.empty()) part.look_ups.push_back(std::move(own));
  }
  for (const seal::ProvenRow& row : read.found.rows) {
    if (seal::ClassOf(row.window.stream) == record_class) part.found.rows.push_back(row);
  }
  for (const resolve::Gap& gap : read.found.gaps) {
    if (!gap.stream || seal::ClassOf(*gap.stream) == record_class) part.found.gaps.push_back(gap);
  }
  part.found.segments_searched = read.found.segments_searched;
  return part;
}

}  // namespace

std::map<RecordClass, std::vector<HeldRead>> ByClass(const std::vector<HeldRead>& reads) {
  std::map<RecordClass, std::vector<HeldRead>> parts;
  for (const RecordClass record_class :
       {RecordClass::kIdentity, RecordClass::kAccount, RecordClass::kActivity, RecordClass::kNetwork}) {
    for (const HeldRead& read : reads) {
      HeldRead part = PartOf(read, record_class);
      if (!part.look_ups.empty()) parts[record_class].push_back(std::move(part));
    }
  }
  return parts;
}

Result<std::string> HeldReadsToJson(const std::vector<HeldRead>& reads) {
  if (reads.size() > kHeldReadsMax) {
    return Invalid(fmt::format("hold: {} reads, more than {}", reads.size(), kHeldReadsMax));
  }
  json all = json::array();
  for (const HeldRead& read : reads) all.push_back(ReadJson(read));
  const json whole{{"schema", kHeldRowsSchema}, {"reads", std::move(all)}};
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::vector<HeldRead>> HeldReadsFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "held rows", kHeldSectionBytesMax));
  const std::string schema = TRY(in.Text("schema"));
  if (schema != kHeldRowsSchema) return in.Wrong("schema", fmt::format("not {}", kHeldRowsSchema));
  std::vector<HeldRead> reads;
  const std::vector<JsonObject> objects = TRY(in.Objects("reads", kHeldReadsMax));
  for (const JsonObject& object : objects) {
    HeldRead read = TRY(ReadRead(object));
    reads.push_back(std::move(read));
  }
  TRY(in.End());
  return reads;
}

}  // namespace probatio::custody
