// Reads mapping files.
#include "decode/mapping/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/toml_table.h"
#include "decode/csv/csv_row.h"
#include "decode/jsonl/jsonl_decoder.h"
#include "decode/mapping/field_form.h"
#include "decode/time/civil_time.h"

namespace probatio::decode {
namespace {

constexpr std::string_view kSchema = "probatio-mapping/1";
constexpr std::int64_t kErrorMaxNs = kNsPerDay;

constexpr std::array<std::pair<std::string_view, record::RecordKind>, 5> kKinds{{
    {"nat_event", record::RecordKind::kNatEvent},
    {"access_session", record::RecordKind::kAccessSession},
    {"activity", record::RecordKind::kActivity},
    {"account", record::RecordKind::kAccount},
    {"identity", record::RecordKind::kIdentity},
}};

constexpr std::array<std::pair<std::string_view, TimeForm>, 4> kEpochs{{
    {"epoch", TimeForm::kEpochS},
    {"epoch_ms", TimeForm::kEpochMs},
    {"epoch_us", TimeForm::kEpochUs},
    {"epoch_ns", TimeForm::kEpochNs},
}};

bool IsAddressAndPort(std::string_view field) {
  return field == "source" || field == "inside" || field == "public";
}

bool Fills(std::optional<record::RecordKind> kind, const std::string& field) {
  if (IsAddressAndPort(field)) return FormOf(kind, field + "_ip").has_value();
  return FormOf(kind, field).has_value();
}

Status ReadTime(const TomlTable& in, Column* column) {
  if (!in.Has("time")) return Done{};
  const std::optional<FieldForm> form = FormOf(std::nullopt, column->field);
  if (form != FieldForm::kInstant) return in.Wrong("time", "of a field that is no instant");
  const std::string time = TRY(in.Text("time"));
  if (time == "rfc3339") return Done{};
  for (const auto& [name, epoch] : kEpochs) {
    if (name == time) {
      column->time = epoch;
      return Done{};
    }
  }
  const Status pattern = CheckTimePattern(time);
  if (!pattern.ok()) {
    return in.Wrong("time", "neither rfc3339, epoch, epoch_ms, epoch_us, epoch_ns nor a pattern: " +
                                pattern.error().what());
  }
  column->pattern = time;
  return Done{};
}

Status ReadValues(const TomlTable& in, Column* column) {
  const std::vector<std::string> from = TRY(in.Texts("from"));
  const std::vector<std::string> to = TRY(in.Texts("to"));
  if (from.size() != to.size()) return in.Wrong("to", "not as long as `from`");
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!column->values.emplace(from[i], to[i]).second) return in.Wrong("from", "one value twice");
  }
  const std::string others = TRY(in.TextOr("others", {}));
  if (others.empty()) return Done{};
  if (others != "skip" && others != "refuse") return in.Wrong("others", "one of skip, refuse");
  if (from.empty()) return in.Wrong("others", "without `from`");
  column->skip_other_values = others == "skip";
  return Done{};
}

Result<Column> ReadColumn(const TomlTable& in, std::optional<record::RecordKind> kind) {
  TRY(in.OnlyKeys({"name", "field", "optional", "time", "separator", "from", "to", "others", "no_content"}));
  Column column;
  column.name = TRY(in.Text("name"));
  column.field = TRY(in.Text("field"));
  if (!Fills(kind, column.field)) return in.Wrong("field", "no field of this kind of record");
  const bool no_content = TRY(in.FlagOr("no_content", false));
  // There is no field for content or a recipient; a column of theirs must not come in under another name.
  if (SpeaksOfContent(column.name) && !no_content) {
    return in.Wrong("name",
                    "speaks of content or of a recipient, for which there is no field; where the name "
                    "misleads, say no_content = true");
  }
  column.optional = TRY(in.FlagOr("optional", false));
  column.separator = TRY(in.TextOr("separator", {}));
  if (!column.separator.empty() && FormOf(kind, column.field) != FieldForm::kList)
    return in.Wrong("separator", "of a field that is no list");
  TRY(ReadTime(in, &column));
  TRY(ReadValues(in, &column));
  return column;
}

Status ReadColumns(const TomlTable& in, Mapping* mapping) {
  const std::vector<TomlTable> tables = TRY(in.Tables("column"));
  std::set<std::string> fields;
  for (const TomlTable& table : tables) {
    Column column = TRY(ReadColumn(table, mapping->kind));
    if (mapping->Find(column.name) != nullptr) return table.Wrong("name", "a column twice");
    const bool list = FormOf(mapping->kind, column.field) == FieldForm::kList;
    if (!fields.insert(column.field).second && !list) return table.Wrong("field", "filled by two columns");
    mapping->columns.push_back(std::move(column));
  }
  if (mapping->columns.empty()) return in.Wrong("column", "missing: nothing would be read");
  const std::vector<TomlTable> constants = TRY(in.Tables("constant"));
  for (const TomlTable& table : constants) {
    TRY(table.OnlyKeys({"field", "value"}));
    const std::string field = TRY(table.Text("field"));
    const std::string value = TRY(table.Text("value"));
    const std::optional<FieldForm> form = FormOf(mapping->kind, field);
    if (!form || form == FieldForm::kInstant || form == FieldForm::kSecret)
      return table.Wrong("field", "no field that may be the same in every row");
    if (!fields.insert(field).second) return table.Wrong("field", "filled twice");
    mapping->constants[field] = value;
  }
  return Done{};
}

Status ReadShape(const TomlTable& in, Mapping* mapping) {
  if (in.Has("delimiter")) {
    mapping->delimiter = TRY(in.TextOr("delimiter", {}));
    const Status delimiter = CheckCsvDelimiter(mapping->delimiter);
    if (!delimiter.ok()) return in.Wrong("delimiter", delimiter.error().what());
  }
  mapping->header = TRY(in.FlagOr("header", true));
  mapping->header_names = TRY(in.Texts("columns"));
  if (mapping->header == !mapping->header_names.empty())
    return in.Wrong("columns", "names the columns of a file with header = false, and of no other");
  if (in.Has("absent")) {
    const std::vector<std::string> absent = TRY(in.Texts("absent"));
    mapping->absent = {absent.begin(), absent.end()};
  }
  return Done{};
}

Status ReadLeftOut(const TomlTable& in, Mapping* mapping) {
  const std::vector<std::string> drop = TRY(in.Texts("drop"));
  mapping->drop = {drop.begin(), drop.end()};
  for (const std::string& name : mapping->drop) {
    if (mapping->Find(name) != nullptr) return in.Wrong("drop", "names a column that is read");
  }
  const std::string others = TRY(in.TextOr("others", {}));
  if (!others.empty() && others != "drop" && others != "refuse")
    return in.Wrong("others", "one of drop, refuse");
  mapping->drop_others = others == "drop";
  mapping->skip_without = TRY(in.Texts("skip_without"));
  for (const std::string& field : mapping->skip_without) {
    if (!Fills(mapping->kind, field)) return in.Wrong("skip_without", "no field of this kind of record");
  }
  return Done{};
}

Status ReadClock(const TomlTable& in, Mapping* mapping) {
  mapping->zone = TRY(in.TextOr("zone", {}));
  mapping->error_ns = TRY(in.NumberOr("error_ns", 0, kErrorMaxNs, 0));
  if (!in.Has("at_source")) return Done{};
  const std::string source = TRY(in.Text("at_source"));
  const Result<ClockSource> known = ParseClockSource(source);
  if (!known.ok()) return in.Wrong("at_source", "one of event, message, export, receipt");
  mapping->source = known.value();
  return Done{};
}

Result<Mapping> ReadMapping(const TomlTable& in) {
  TRY(in.OnlyKeys({"schema", "title", "record", "delimiter", "header", "columns", "absent", "drop", "others",
                   "skip_without", "zone", "error_ns", "at_source", "column", "constant"}));
  const std::string schema = TRY(in.Text("schema"));
  if (schema != kSchema) return in.Wrong("schema", fmt::format("not {}", kSchema));
  Mapping mapping;
  const std::string kind = TRY(in.Text("record"));
  for (const auto& [name, value] : kKinds) {
    if (name == kind) mapping.kind = value;
  }
  if (!mapping.kind)
    return in.Wrong("record", "one of nat_event, access_session, activity, account, identity");
  TRY(in.TextOr("title", {}));
  TRY(ReadShape(in, &mapping));
  TRY(ReadColumns(in, &mapping));
  TRY(ReadLeftOut(in, &mapping));
  TRY(ReadClock(in, &mapping));
  return mapping;
}

}  // namespace

const Column* Mapping::Find(const std::string& name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

Result<Mapping> ParseMapping(std::string_view toml, const std::string& file_name) {
  const TomlTable root =
      TRY(TomlTable::Parse(toml, file_name, {kMappingBytesMax, kMappingTextBytesMax, kMappedColumnsMax}));
  return ReadMapping(root);
}

Mapping NativeMapping() {
  Mapping mapping;
  mapping.drop_others = true;
  mapping.columns.push_back({});
  mapping.columns.back().name = mapping.columns.back().field = "class";
  for (unsigned id = 1; id <= static_cast<unsigned>(record::FieldId::kPasswordVerification); ++id) {
    const std::string name(record::NameOf(static_cast<record::FieldId>(id)));
    const std::optional<FieldForm> form = FormOf(std::nullopt, name);
    if (!form) continue;
    Column& column = mapping.columns.emplace_back();
    column.name = column.field = name;
    column.optional = true;
    if (form == FieldForm::kList) column.separator = ";";
  }
  return mapping;
}

}  // namespace probatio::decode
