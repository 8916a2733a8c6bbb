// Verifies a package without the provider: three lists. Proved / proved only with a witness / declared; and
// what failed, by name. No document of ours uses "proved" otherwise. Pure over bytes; thread-safe.
#pragma once

#include "evidence/package.h"

namespace probatio::evidence {

struct Trust {
  std::vector<crypto::Certificate>
      anchors;             // empty: signatures are checked, chains are not, and the result says so
  std::string ledger_key;  // pinned verifier key; empty: the one in the package, and the result says so
  Instant now;
  std::vector<crypto::RevocationValue> revocation = {};  // beside those that the signatures bring along
};

struct VerifiedTuple {  // for the next operator: nobody retypes an address, a port, a time zone
  std::string row;
  order::Tuple tuple;
};

struct Verification {
  bool ours = false;                  // a Probatio package; else a foreign container judged by content
  bool valid = false;                 // no failure
  std::vector<std::string> failures;  // each names what broke and where
  std::vector<std::string> proved;
  std::vector<std::string> with_witness;
  std::vector<std::string> declared;
  std::string order;  // order id
  std::string provider;
  std::vector<std::string> rows;      // "R1 committed_before_order ...", one for each
  std::vector<VerifiedTuple> tuples;  // only from a valid package
};

// kInvalid only when the file is no container at all.
Result<Verification> VerifyPackage(Bytes file, const Trust& trust);

std::string VerificationText(const Verification& verification);  // for a person
std::string VerificationJson(const Verification& verification);

}  // namespace probatio::evidence
