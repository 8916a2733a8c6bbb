// Who the custodians are: custodians.pem as values. A certificate there may serve only some record classes
// (key pairs per class and year), and a custodian may be a backup, who holds shares like the others and
// counts in n. Pure; thread-safe.
#pragma once

#include <string>

#include "base/id.h"
#include "custody/key_wrap.h"

namespace probatio::custody {

inline constexpr std::size_t kRosterEntriesMax = 64;  // certificates of all custodians and classes
inline constexpr std::size_t kRosterBytesMax = 1U << 20;
inline constexpr std::int64_t kExpiryWarningDays = 60;

struct Custodian {
  PersonId id;
  crypto::Certificate certificate;
  bool backup = false;
  std::vector<record::RecordClass> classes;  // sorted; empty: all

  bool Serves(record::RecordClass record_class) const;
};

class Roster {
 public:
  // kInvalid for a custodian with two certificates for one class, a certificate twice, one that nothing can
  // be sealed to, or a class for which fewer than `needed` custodians (or, with n > 1, fewer than 2) are
  // left.
  static Result<Roster> Make(std::vector<Custodian> custodians, unsigned needed);
  static Result<Roster> Parse(std::string_view text, unsigned needed);  // only what ToText writes
  std::string ToText() const;

  CustodianSet SetFor(record::RecordClass record_class) const;
  const std::vector<Custodian>& custodians() const { return custodians_; }
  unsigned needed() const { return needed_; }
  std::size_t People() const;  // n: custodians, however many certificates each has
  std::size_t Backups() const;
  // The id behind a fingerprint, or its first digits when it is of no certificate here.
  std::string NameOf(const crypto::Digest& fingerprint) const;

  // Without the certificates of `id`. kNotFound names the id.
  Result<std::vector<Custodian>> Without(const PersonId& id) const;

 private:
  Roster(std::vector<Custodian> custodians, unsigned needed)
      : custodians_(std::move(custodians)), needed_(needed) {}
  std::vector<Custodian> custodians_;
  unsigned needed_;
};

// One line for each certificate that has ended or ends within kExpiryWarningDays: who, when, what to do.
// Sealing to it goes on: losing records would be worse than a date.
std::vector<std::string> ExpiryWarnings(const Roster& roster, Instant now);

}  // namespace probatio::custody
