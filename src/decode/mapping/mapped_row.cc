// The row is put together as a line of JSON with the names of fields, so that one reader (record/json.h)
// keeps the rules of every field.
#include "decode/mapping/mapped_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "decode/jsonl/jsonl_decoder.h"
#include "decode/mapping/field_form.h"
#include "decode/time/civil_time.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

using nlohmann::json;

constexpr std::size_t kShownBytesMax = 60;
constexpr std::size_t kEpochDigitsMax = 32;

std::string Shown(const std::string& text) {
  if (!CheckText(text).ok()) return "(not a text)";
  if (text.size() <= kShownBytesMax) return text;
  std::size_t end = kShownBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Moves the point of a count of milliseconds, microseconds or nanoseconds, and leaves out what is finer than
// a nanosecond.
Result<std::string> AsSeconds(std::string text, std::size_t places) {
  if (text.size() > kEpochDigitsMax) return Invalid("not a count since 1970");
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string whole = text.substr(0, point);
  std::string fraction = point < text.size() ? text.substr(point + 1) : "";
  if (!std::all_of(whole.begin(), whole.end(), IsDigit) || whole.empty())
    return Invalid("not a count since 1970");
  if (whole.size() <= places) whole.insert(0, places + 1 - whole.size(), '0');
  fraction = whole.substr(whole.size() - places) + fraction;
  whole.resize(whole.size() - places);
  if (fraction.size() > 9) fraction.resize(9);
  return fraction.empty() ? whole : whole + "." + fraction;
}

std::size_t PlacesOf(TimeForm form) {
  switch (form) {
    case TimeForm::kEpochMs:
      return 3;
    case TimeForm::kEpochUs:
      return 6;
    case TimeForm::kEpochNs:
      return 9;
    case TimeForm::kEpochS:
    case TimeForm::kPattern:
      break;
  }
  return 0;
}

class RowMaker {
 public:
  RowMaker(const Mapping& mapping, const SourceClock& clock) : mapping_(mapping), clock_(clock) {}

  Status Take(const Column& column, const std::vector<std::string>& values) {
    const std::string& field = column.field;
    if (field == "source" || field == "inside" || field == "public")
      return TakeAddressAndPort(column, values);
    const FieldForm form = FormOf(mapping_.kind, field).value_or(FieldForm::kText);
    if (form == FieldForm::kList) return TakeList(column, values);
    if (values.size() != 1) return Invalid("a list, of a field that is none");
    if (form == FieldForm::kInstant) return TakeInstant(column, values.front());
    return Put(field, form, values.front());
  }

  Status Put(const std::string& field, FieldForm form, const std::string& text) {
    if (form == FieldForm::kList) {
      row_[field].push_back(text);
      return Done{};
    }
    if (form != FieldForm::kNumber) {
      row_[field] = text;
      return Done{};
    }
    const bool number = !text.empty() && text.size() <= 19 && std::all_of(text.begin(), text.end(), IsDigit);
    if (!number) return Invalid("not a whole number");
    row_[field] = std::stoull(text);
    return Done{};
  }

  bool Has(const std::string& field) const { return row_.contains(field) || row_.contains(field + "_ip"); }
  json& row() { return row_; }

 private:
  Status TakeList(const Column& column, const std::vector<std::string>& values) {
    for (std::string_view rest : values) {
      while (!rest.empty()) {
        const std::size_t end =
            column.separator.empty() ? rest.size() : std::min(rest.find(column.separator), rest.size());
        std::string_view entry = rest.substr(0, end);
        rest.remove_prefix(std::min(rest.size(), end + column.separator.size()));
        while (entry.starts_with(' ')) entry.remove_prefix(1);
        while (entry.ends_with(' ')) entry.remove_suffix(1);
        if (!entry.empty()) row_[column.field].push_back(std::string(entry));
      }
    }
    return Done{};
  }

  // "203.0.113.7:51234", "[2001:db8::7]:51234"
  Status TakeAddressAndPort(const Column& column, const std::vector<std::string>& values) {
    if (values.size() != 1) return Invalid("a list, of a field that is none");
    const std::string& text = values.front();
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return Invalid("no port after the address");
    std::string_view address = std::string_view(text).substr(0, colon);
    const bool bracketed = address.starts_with('[') && address.ends_with(']');
    if (bracketed) address = address.substr(1, address.size() - 2);
    if (!bracketed && address.find(':') != std::string_view::npos)
      return Invalid("an IPv6 address with a port is written in brackets");
    TRY(Put(column.field + "_ip", FieldForm::kText, std::string(address)));
    return Put(column.field + "_port", FieldForm::kNumber, text.substr(colon + 1));
  }

  Status TakeInstant(const Column& column, const std::string& text) {
    const Timestamp stamp = TRY(Read(column, text));
    row_[column.field] = stamp.at.ToRfc3339();
    if (column.field != "at") return Done{};
    // Columns of their own say it better.
    if (!row_.contains("at_resolution_ns")) row_["at_resolution_ns"] = stamp.resolution_ns;
    if (!row_.contains("at_error_ns") && stamp.error_ns != 0) row_["at_error_ns"] = stamp.error_ns;
    if (!row_.contains("at_source")) row_["at_source"] = std::string(ToText(stamp.source));
    if (stamp.offset.ns != 0) row_["at_offset_ns"] = stamp.offset.ns;
    return Done{};
  }

  Result<Timestamp> Read(const Column& column, const std::string& text) const {
    if (column.time == TimeForm::kPattern) {
      const CivilTime civil = TRY(ParseCivilTime(column.pattern, text));
      return clock_.At(civil, mapping_.source, std::nullopt);
    }
    const std::string seconds = TRY(AsSeconds(text, PlacesOf(column.time)));
    const EpochTime epoch = TRY(ParseEpochTime(seconds));
    Timestamp stamp;
    stamp.at = epoch.at;
    stamp.resolution_ns = epoch.resolution_ns;
    stamp.source = mapping_.source;
    return clock_.Corrected(stamp);
  }

  const Mapping& mapping_;
  const SourceClock& clock_;
  json row_ = json::object();
};

// Those that say something, in what they mean. Nothing is left of a column that says nothing.
Result<std::vector<std::string>> MeaningsOf(const Mapping& mapping, const Column& column, const Cell& cell,
                                            bool* other) {
  std::vector<std::string> meanings;
  for (const std::string& value : cell.values) {
    if (mapping.absent.contains(value)) continue;
    const auto known = column.values.find(value);
    if (known != column.values.end()) {
      if (!known->second.empty()) meanings.push_back(known->second);
      continue;
    }
    if (!column.values.empty() && !column.skip_other_values)
      return Invalid("a value that the mapping does not know");
    *other = *other || !column.values.empty();
    meanings.push_back(value);
  }
  return meanings;
}

std::string WrittenIn(const Mapping& mapping, const Column* column, const Cell& cell, Fate fate) {
  const bool secret = column != nullptr && FormOf(mapping.kind, column->field) == FieldForm::kSecret;
  if (fate == Fate::kContent || cell.values.empty()) return "";
  if (secret) return "(present, not shown)";
  std::string written;
  for (const std::string& value : cell.values) written += (written.empty() ? "" : "; ") + value;
  return Shown(written);
}

// The reader of records names fields; a person looks for the column.
Error InColumn(const Mapping& mapping, const Error& error) {
  const std::string what = error.what();
  const std::string field = what.substr(0, what.find(':'));
  for (const Column& column : mapping.columns) {
    const bool pair = field == column.field + "_ip" || field == column.field + "_port";
    if (column.field == field || pair) return error.Within("column " + column.name);
  }
  return error;
}

Status TakeCells(const Mapping& mapping, const std::vector<Cell>& cells, RowMaker* maker,
                 RowReading* reading) {
  for (const Cell& cell : cells) {
    const Column* const column = mapping.Find(cell.name);
    ColumnReading& one = reading->columns.emplace_back();
    one.name = cell.name;
    one.fate = FateOf(mapping, cell.name);
    one.written = WrittenIn(mapping, column, cell, one.fate);
    if (column == nullptr) {
      if (one.fate == Fate::kOther && !mapping.drop_others)
        return Invalid("column " + cell.name +
                       ": not in the mapping; give it a field, or name it under drop");
      continue;
    }
    one.field = column->field;
    bool other = false;
    const std::vector<std::string> meanings =
        TRY_IN("column " + cell.name, MeaningsOf(mapping, *column, cell, &other));
    if (other) {
      reading->skipped = "other " + column->field;
      continue;
    }
    if (meanings.empty()) {
      one.fate = Fate::kAbsent;
      continue;
    }
    // A row that is skipped already need not be right.
    if (reading->skipped.empty()) TRY_IN("column " + cell.name, maker->Take(*column, meanings));
  }
  return Done{};
}

}  // namespace

Fate FateOf(const Mapping& mapping, const std::string& column) {
  if (mapping.Find(column) != nullptr) return Fate::kRead;
  if (SpeaksOfContent(column)) return Fate::kContent;
  return mapping.drop.contains(column) ? Fate::kDropped : Fate::kOther;
}

Status ReadMappedRow(const Mapping& mapping, const SourceClock& clock, const std::vector<Cell>& cells,
                     RowReading* reading) {
  RowMaker maker(mapping, clock);
  for (const auto& [field, value] : mapping.constants) {
    TRY_IN("constant " + field, maker.Put(field, *FormOf(mapping.kind, field), value));
  }
  TRY(TakeCells(mapping, cells, &maker, reading));
  for (const std::string& field : mapping.skip_without) {
    if (reading->skipped.empty() && !maker.Has(field)) reading->skipped = "no " + field;
  }
  if (!reading->skipped.empty()) return Done{};
  if (mapping.kind) maker.row()["class"] = std::string(record::ToText(record::ClassOf(*mapping.kind)));
  const std::string line = maker.row().dump(-1, ' ', false, json::error_handler_t::replace);
  Result<record::Record> record = record::FromJson(line);
  if (!record.ok()) return InColumn(mapping, record.error());
  if (mapping.kind && record::KindOf(record.value()) != *mapping.kind)
    return Invalid("event: of another kind of record");
  reading->record = std::move(record).value();
  return Done{};
}

}  // namespace probatio::decode
