// The gates of an order's enforceability, by name (enforceability.h).
#pragma once

#include <string_view>

namespace probatio::order {

inline constexpr std::string_view kMentionsGate = "mentions";
inline constexpr std::string_view kForceGate = "force";
inline constexpr std::string_view kNoticeGate = "notice";
inline constexpr std::string_view kServiceGate = "service";
inline constexpr std::string_view kFormulaGate = "formula";
inline constexpr std::string_view kRequestGate = "request";
inline constexpr std::string_view kEntityGate = "entity";
inline constexpr std::string_view kConditionsGate = "conditions";
inline constexpr std::string_view kStayGate = "stay";

// A stay ends and a service happens by events of their own; the other gates are made good by what a person
// holds in hands and names.
constexpr bool IsCurable(std::string_view gate) {
  return gate == kMentionsGate || gate == kForceGate || gate == kServiceGate || gate == kFormulaGate ||
         gate == kRequestGate || gate == kEntityGate || gate == kConditionsGate;
}

}  // namespace probatio::order
