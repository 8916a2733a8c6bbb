// The assessment as JSON, for the command line and the portal (docs/formats/order.md). Keys are sorted.
#include <nlohmann/json.hpp>

#include "order/assessment.h"

namespace probatio::order {
namespace {

using nlohmann::json;

json ToJsonValue(const Period& period) {
  return {{"from", period.begin.ToRfc3339()}, {"to", period.end.ToRfc3339()}};
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
           {"retention_reference", item.retention_reference}};
  if (item.held_since) out["held_since"] = item.held_since->ToRfc3339();
  return out;
}

json ToJsonValue(const ConditionAssessment& condition) {
  return {{"condition", condition.condition},
          {"court", law::ToText(condition.court)},
          {"quote", condition.quote},
          {"page", condition.page},
          {"our_check", law::ToText(condition.our_check)},
          {"note", condition.note}};
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
  const json result = {
      {"conditions", std::move(conditions)},
      {"defects", assessment.defects},
      {"items", std::move(items)},
      {"time_limit", assessment.time_limit ? ToJsonValue(*assessment.time_limit) : json(nullptr)}};
  // Everything came through a strict reader; should a caller have put other bytes in, they are shown as
  // U+FFFD.
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::order
