// The founding case for the tests of this folder: the published order (examples/rg-24-57625) read from its
// file, and changed one place at a time. Tests run with the repository's root as their working directory.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "crypto/system_random.h"
#include "order/grant.h"

namespace probatio::order::example {

inline std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  CHECK(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline const law::Regime& France() {
  static const law::Regime regime = law::ParseRegime(ReadText("regimes/fr.toml"), "regimes/fr.toml").value();
  return regime;
}

// The law of the Union on top of that of France.
inline const law::Regime& UnionOnFrance() {
  static const law::Regime regime = [] {
    const std::string path = "regimes/eu-e-evidence.toml";
    return law::BuildOn(France(), law::ParseRegime(ReadText(path), path).value()).value();
  }();
  return regime;
}

inline Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}
inline PersonId Person(std::string_view text) {
  return PersonId::Parse(text).value();
}

// The morning after the service of the founding order.
inline Instant Now() {
  return At("2024-11-13T09:00:00+01:00");
}

inline nlohmann::json PlatformJson() {
  return nlohmann::json::parse(ReadText("examples/rg-24-57625/platform-order.json"));
}

// The founding order with the value at one JSON pointer replaced, or removed.
inline std::string With(const std::string& pointer, const nlohmann::json& value) {
  nlohmann::json order = PlatformJson();
  order[nlohmann::json::json_pointer(pointer)] = value;
  return order.dump();
}
inline std::string Without(const std::string& parent, const std::string& key) {
  nlohmann::json order = PlatformJson();
  order[nlohmann::json::json_pointer(parent)].erase(key);
  return order.dump();
}

inline Order Parse(const std::string& json) {
  auto order = ParseOrder(json, France());
  if (!order.ok()) ADD_FAILURE() << order.error().what();
  return std::move(order).value();
}

inline Order Platform() {
  return Parse(PlatformJson().dump());
}

inline const ItemAssessment& Of(const Assessment& assessment, const std::string& line,
                                const std::string& item) {
  for (const ItemAssessment& known : assessment.items) {
    if (known.line == line && known.item == item) return known;
  }
  ADD_FAILURE() << "no such item: " << line << " " << item;
  return assessment.items.at(0);
}

inline Event Happened(EventKind kind, std::string_view person, const std::string& reason = "checked") {
  Event event;
  event.kind = kind;
  event.at = Now();
  event.person = Person(person);
  event.reason = reason;
  return event;
}

inline Event Decided(const std::string& line, const std::string& item, Choice choice) {
  Event event = Happened(EventKind::kDecided, "counsel-1", "read with the operative part");
  event.line = line;
  event.item = item;
  event.choice = choice;
  return event;
}

inline std::vector<Event> UntilAssessed() {
  return {Happened(EventKind::kReceived, "clerk-1"), Happened(EventKind::kConfirmed, "clerk-2"),
          Happened(EventKind::kAuthenticated, "counsel-1"),
          Happened(EventKind::kFoundEnforceable, "counsel-1"), Happened(EventKind::kAssessed, "counsel-1")};
}

struct Signer {
  PersonId person;
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

inline crypto::Certificate CertificateFor(const std::string& name, const crypto::PrivateKey& key,
                                          crypto::CertificateUse use) {
  crypto::SystemRandom random;
  return crypto::Certificate::Issue({name, "", use, {At("2024-01-01T00:00:00Z"), At("2026-01-01T00:00:00Z")}},
                                    key.Public(), key, nullptr, random)
      .value();
}

inline Signer MakeSigner(std::string_view person) {
  crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
  crypto::Certificate certificate = CertificateFor(std::string(person), key, crypto::CertificateUse::kPerson);
  return {Person(person), std::move(key), std::move(certificate)};
}

inline Approval Sign(const Signer& signer, const std::string& scope_json, Instant at = Now()) {
  return {signer.person, signer.certificate,
          signer.key.Sign(ApprovalMessage(scope_json, signer.person, at)).value(), at};
}

}  // namespace probatio::order::example
