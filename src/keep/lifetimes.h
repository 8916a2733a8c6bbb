// When subjects' keys may go: for each subject, in the box under its random handle, the instant of its latest
// version, the end which that states, if any, and the expiry day, sealed under a key of the server. The box
// alone tells neither who ended nor when, and can make up no end (docs/trust.md). Not thread-safe.
#pragma once

#include "keep/retention_rules.h"
#include "seal/box.h"

namespace probatio::keep {

struct Lifetime {
  record::RecordClass record_class = record::RecordClass::kIdentity;
  seal::SubjectHandle handle{};
  StatedEnd stated;  // the version that speaks
  // By the regime of the day on which it was noted. Nothing without an end, or when no rule knows it: reading
  // refuses such rows, but destroying them is a person's decision.
  std::optional<law::CivilDate> expires;
  std::optional<Instant> holds_from;  // password items: of the version that the key is for
};

class Lifetimes {
 public:
  Lifetimes(seal::Box& box, const Key& index_key, Random& random);

  // Nothing when no version was noted. kCrypto when the box altered it.
  Result<std::optional<Lifetime>> Read(record::RecordClass record_class,
                                       const seal::SubjectHandle& handle) const;
  Result<std::vector<Lifetime>> List(record::RecordClass record_class) const;
  seal::BoxEntry EntryOf(const Lifetime& lifetime) const;  // to be written
  static std::string KeyOf(record::RecordClass record_class, const seal::SubjectHandle& handle);

 private:
  Result<Lifetime> Open(const std::string& key, Bytes sealed) const;

  seal::Box& box_;
  Key key_;
  Random& random_;
};

}  // namespace probatio::keep
