// The assessment as JSON, for the command line and the portal (docs/formats/order.md). Keys are sorted.
#include <nlohmann/json.hpp>

#include "order/assessment.h"

namespace probatio::order {
namespace {

using nlohmann::json;

constexpr std::string_view kAssessmentSchema = "probatio-assessment/1";

json ToJsonValue(const Period& period) {
  return {{"from", period.begin.ToRfc3339()}, {"to", period.end.ToRfc3339()}};
}

json InstantOrNull(const std::optional<Instant>& at) {
  return at ? json(at->ToRfc3339()) : json(nullptr);
}

json ToJsonValue(const ItemAssessment& item) {
  json out{{"line", item.line},
           {"item", item.item},
           {"verdict", law::ToText(item.law.verdict)},
           {"rule", item.law.rule},
           {"reference", item.law.reference},
           {"facts", item.law.facts_used},
           {"missing", item.law.missing},
           {"holding", ToText(item.holding)},
           {"kept", item.kept ? ToJsonValue(*item.kept) : json(nullptr)},
           {"retention_reference", item.retention_reference},
           {"by_rule", law::ToText(item.by_rule)},
           {"effect", law::ToText(item.effect)},
           {"granted", law::ToText(item.granted)},
           {"not_before", InstantOrNull(item.not_before)},
           {"choices", item.choices},
           {"notes", item.notes},
           {"open_point", item.law.open.id},
           {"readings", item.law.open.readings},
           {"confidence", law::ToText(item.law.confidence)}};
  if (item.held_since) out["held_since"] = item.held_since->ToRfc3339();
  return out;
}

json ToJsonValue(const ConditionAssessment& condition) {
  return {{"condition", condition.condition},
          {"court", law::ToText(condition.court)},
          {"quote", condition.quote},
          {"page", condition.page},
          {"our_check", law::ToText(condition.our_check)},
          {"note", condition.note},
          {"verdict", condition.Verdict()}};
}

json ToJsonValue(const MentionAssessment& mention) {
  return {{"mention", mention.id},
          {"stated", law::ToText(mention.stated)},
          {"blocks", mention.blocks},
          {"title", mention.title_en},
          {"reference", mention.reference}};
}

json ToJsonValue(const Preservation& preservation) {
  return {{"from", preservation.from.ToRfc3339()},
          {"until", InstantOrNull(preservation.until)},
          {"extended_until", InstantOrNull(preservation.extended_until)}};
}

json ToJsonValue(const law::TimeLimit& limit) {
  json readings = json::array();
  for (const law::Reading& reading : limit.readings) {
    readings.push_back({{"expires", reading.expires.ToRfc3339()},
                        {"expires_paris", law::ParisText(reading.expires)},
                        {"rule", reading.rule},
                        {"reference", reading.reference}});
  }
  return {{"served", limit.served.ToRfc3339()},
          {"served_paris", law::ParisText(limit.served)},
          {"binding", limit.binding().ToRfc3339()},
          {"readings", std::move(readings)}};
}

}  // namespace

std::string ToJson(const Assessment& assessment) {
  json items = json::array();
  for (const ItemAssessment& item : assessment.items) items.push_back(ToJsonValue(item));
  json conditions = json::array();
  for (const ConditionAssessment& condition : assessment.conditions)
    conditions.push_back(ToJsonValue(condition));
  json mentions = json::array();
  for (const MentionAssessment& mention : assessment.mentions) mentions.push_back(ToJsonValue(mention));
  const json result = {
      {"schema", kAssessmentSchema},
      {"instrument", assessment.instrument},
      {"issuer", assessment.issuer},
      {"profile", assessment.profile},
      {"at", assessment.at.ToRfc3339()},
      {"mentions", std::move(mentions)},
      {"warnings", assessment.warnings},
      {"preservation", assessment.preservation ? ToJsonValue(*assessment.preservation) : json(nullptr)},
      {"conditions", std::move(conditions)},
      {"defects", assessment.defects},
      {"items", std::move(items)},
      {"time_limit", assessment.time_limit ? ToJsonValue(*assessment.time_limit) : json(nullptr)}};
  // Everything came through a strict reader; should a caller have put other bytes in, they are shown as
  // U+FFFD.
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::order
