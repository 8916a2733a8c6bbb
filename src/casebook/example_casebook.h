// A casebook in a directory of its own, with invented people and an invented order; for tests of this folder.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include <filesystem>

#include "casebook/casebook.h"
#include "crypto/system_random.h"

namespace probatio::casebook {

inline constexpr char kOrigin[] = "probatio.example/platform";
inline constexpr char kSecretName[] = "Clémence Invraisemblable";

inline OrderId ExampleOrderId(int number = 1) {
  return OrderId::Parse("order-" + std::to_string(number)).value();
}
inline PersonId ExamplePersonId(const char* id) {
  return PersonId::Parse(id).value();
}
inline Instant ExampleInstant(int seconds = 0) {
  return Instant::FromUnixSeconds(1'731'422'240 + seconds);
}

inline order::Order ExampleOrder(int number = 1) {
  order::Order order;
  order.id = ExampleOrderId(number);
  order.source = std::string("{\"applicant\": \"") + kSecretName + "\", \"phone\": \"06 39 98 00 00\"}\r\n";
  return order;
}

inline order::Event ExampleEvent(order::EventKind kind, const char* person, int seconds,
                                 const char* reason = "") {
  order::Event event;
  event.kind = kind;
  event.at = ExampleInstant(seconds);
  event.person = ExamplePersonId(person);
  event.reason = reason;
  return event;
}
inline order::Event Received() {
  return ExampleEvent(order::EventKind::kReceived, "counsel-1", 0);
}
inline order::Event Confirmed() {
  return ExampleEvent(order::EventKind::kConfirmed, "counsel-2", 60);
}

class CasebookTest : public testing::Test {
 protected:
  CasebookTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "casebook-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    path_ = (directory_ / "casebook.db").string();
  }
  ~CasebookTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Casebook> Create() {
    return Casebook::Open(path_, OpenMode::kCreate, deployment_key_, random_).value();
  }
  std::unique_ptr<Casebook> Reopen() {
    return Casebook::Open(path_, OpenMode::kExisting, deployment_key_, random_).value();
  }
  Error OpenError() { return Casebook::Open(path_, OpenMode::kExisting, deployment_key_, random_).error(); }
  ledger::Ledger LedgerOf(Casebook& casebook) {
    return ledger::Ledger::Open(casebook.ledger_storage(), kOrigin, ledger_key_).value();
  }

  crypto::SystemRandom random_;
  const Key deployment_key_ = crypto::RandomKey(random_);
  const crypto::PrivateKey ledger_key_ = crypto::PrivateKey::GenerateEd25519();
  std::filesystem::path directory_;
  std::string path_;
};

}  // namespace probatio::casebook
