// How an order reaches its addressee, which instant that gives, and what proves it (CPC 653 to 692-1 and
// 748-1; Regulation (EU) 2020/1784). A limit starts with it, so what is irregular is said, never repaired.
// Pure; thread-safe.
#pragma once

#include "law/time_limit.h"

namespace probatio::law {

enum class ServiceMode : std::uint8_t {
  kUnstated,
  kBailiff,        // by a commissaire de justice, on paper
  kElectronic,     // by a commissaire de justice, electronically, with the addressee's consent
  kRegistry,       // notified by the court's registry
  kInPerson,       // handed over against a signature
  kAbroad,         // beyond the Union: prosecutor's office, convention
  kEu,             // Regulation (EU) 2020/1784
  kDecentralised,  // the system of Regulation (EU) 2023/1543
};
std::string_view ToText(ServiceMode mode);  // "bailiff", ...; "" when unstated
// Also the words of French papers: "signification", "voie électronique", ... kInvalid.
Result<ServiceMode> ParseServiceMode(std::string_view text);

struct ServiceRules {
  Words counts;  // which instant counts, for the addressee
  std::string reference;
  Words proof;  // what proves it
  std::string proof_reference;
};
ServiceRules RulesOf(ServiceMode mode);

// Outside the hours and days in which a bailiff may serve without the judge's leave (CPC 664): a warning,
// since it is for the judge, not for us, to say that the act is void.
std::optional<Step> CheckServiceHours(Instant served, ServiceMode mode, Calendar calendar);

}  // namespace probatio::law
