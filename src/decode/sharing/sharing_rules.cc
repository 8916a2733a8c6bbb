#include "decode/sharing/sharing_rules.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "record/json.h"

namespace probatio::decode {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 4;  // file, rules, rule, list
constexpr int kVersion = 1;

// A tree keeps the last of two equal keys in silence, so keys are watched while it grows.
Result<json> ParseOnce(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  std::string fault;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (depth >= kDepthMax && event != json::parse_event_t::value) fault = "nested too deep";
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      fault = fmt::format("key {}: stands twice", value.dump(-1, ' ', true, json::error_handler_t::replace));
    }
    return true;
  };
  json parsed = json::parse(text, watch, false);
  if (!fault.empty()) return Invalid(fault);
  if (parsed.is_discarded()) return Invalid("not JSON");
  return parsed;
}

// "198.51.100.1-198.51.100.14", a prefix, or one address: its first and last address.
Status SpreadRange(const std::string& text, const std::string& side, json* out) {
  std::string first = text;
  std::string last = text;
  const std::size_t dash = text.find('-');
  if (text.find('/') != std::string::npos) {
    const IpPrefix prefix = TRY(IpPrefix::Parse(text));
    first = prefix.address().ToText();
    last = prefix.Last().ToText();
  } else if (dash != std::string::npos) {
    first = text.substr(0, dash);
    last = text.substr(dash + 1);
  }
  (*out)[side + "_first"] = first;
  (*out)[side + "_last"] = last;
  return Done{};
}

// The file's keys that have another name in a record (docs/formats/record.md); all others are a record's own.
constexpr std::pair<std::string_view, std::string_view> kNames[] = {
    {"name", "rule"},
    {"realm", "inside_realm"},
    {"ipv4_prefix", "public_prefix"},
    {"ipv6_prefix", "inside_prefix"},
};

constexpr std::string_view kOwnKeys[] = {
    "valid_from",     "valid_until",      "ea_bits",      "psid_offset",    "psid_length",
    "psid",           "algorithm",        "compression",  "dynamic_factor", "ports_max",
    "reserved_ports", "algorithm_detail", "algorithm_key"};

Status TakeKey(const std::string& key, const json& value, json* out) {
  if (key == "kind") {
    if (!value.is_string()) return Invalid("kind: not a text");
    (*out)["event"] = "rule_" + value.get<std::string>();
    return Done{};
  }
  if (key == "inside" || key == "public") {
    if (!value.is_string()) return Invalid(key + ": not a text");
    TRY_IN(key, SpreadRange(value.get<std::string>(), key, out));
    return Done{};
  }
  for (const auto& [ours, records] : kNames) {
    if (key == ours) {
      (*out)[std::string(records)] = value;
      return Done{};
    }
  }
  for (const std::string_view own : kOwnKeys) {
    if (key == own) {
      (*out)[key] = value;
      return Done{};
    }
  }
  return Invalid(
      fmt::format("key {}: unknown", json(key).dump(-1, ' ', true, json::error_handler_t::replace)));
}

struct FileFacts {
  std::string exporter;
  std::optional<Instant> stated;
};

// A rule that was in force when the file was stated is stated then; any other when it began.
Status Date(const FileFacts& facts, json* rule) {
  if (!rule->contains("valid_from") || !(*rule)["valid_from"].is_string())
    return Invalid("valid_from: missing");
  const std::string from_text = (*rule)["valid_from"].get<std::string>();
  const Instant from = TRY_IN("valid_from", Instant::ParseRfc3339(from_text));
  (*rule)["at"] = from_text;
  if (!facts.stated.has_value() || *facts.stated < from) return Done{};
  if (rule->contains("valid_until") && (*rule)["valid_until"].is_string()) {
    const Instant until =
        TRY_IN("valid_until", Instant::ParseRfc3339((*rule)["valid_until"].get<std::string>()));
    if (until <= *facts.stated) return Done{};
  }
  (*rule)["at"] = facts.stated->ToRfc3339();
  return Done{};
}

Result<record::Record> ReadRule(const json& rule, const FileFacts& facts) {
  if (!rule.is_object()) return Invalid("not an object");
  json line = {{"class", "network"}};
  for (const auto& [key, value] : rule.items()) TRY(TakeKey(key, value, &line));
  if (!line.contains("event")) return Invalid("kind: missing");
  if (!record::ParseSharingRuleKind(line["event"].get<std::string>()).ok())
    return Invalid("kind: no such kind");
  TRY(Date(facts, &line));
  if (!facts.exporter.empty()) line["exporter"] = facts.exporter;
  return record::FromJson(line.dump(-1, ' ', false, json::error_handler_t::replace));
}

Result<FileFacts> ReadFacts(const json& file, const std::string& exporter) {
  if (!file.is_object()) return Invalid("not an object");
  FileFacts facts;
  facts.exporter = exporter;
  for (const auto& [key, value] : file.items()) {
    if (key == "version" && value == kVersion) continue;
    if (key == "rules" && value.is_array()) continue;
    if (key == "exporter" && value.is_string()) {
      facts.exporter = value.get<std::string>();
    } else if (key == "stated" && value.is_string()) {
      facts.stated = TRY_IN("stated", Instant::ParseRfc3339(value.get<std::string>()));
    } else {
      return Invalid(fmt::format("key {}: unknown, or of another type",
                                 json(key).dump(-1, ' ', true, json::error_handler_t::replace)));
    }
  }
  if (!file.contains("version")) return Invalid(fmt::format("version: missing, {} is read", kVersion));
  if (!file.contains("rules")) return Invalid("rules: missing");
  return facts;
}

}  // namespace

Status SharingRulesDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  if (piece.bytes.size() > kSharingRulesBytesMax) {
    return Invalid(fmt::format("sharing rules: more than {} octets", kSharingRulesBytesMax));
  }
  const json file = TRY_IN("sharing rules", ParseOnce(AsText(piece.bytes)));
  const FileFacts facts = TRY_IN("sharing rules", ReadFacts(file, exporter_));
  const json& rules = file["rules"];
  if (rules.size() > kSharingRulesMax) {
    return Invalid(fmt::format("sharing rules: more than {}", kSharingRulesMax));
  }
  std::optional<Error> first_error;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    Result<record::Record> rule = ReadRule(rules[i], facts);
    if (rule.ok()) {
      ++counts_["rules"];
      out->push_back(std::move(rule).value());
      continue;
    }
    ++counts_["broken rules"];
    if (!first_error.has_value())
      first_error = rule.error().Within(fmt::format("sharing rules: rule {}", i + 1));
  }
  if (first_error.has_value()) return *first_error;
  return Done{};
}

}  // namespace probatio::decode
