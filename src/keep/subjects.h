// Subjects: a random handle and a key pair for each person or contract, per record class. The public half
// stays in the box under the handle; the private half is wrapped to the custodians at birth. The index from
// an id to its handle is an HMAC under a key that the deployment chose by name; docs/trust.md says what its
// theft reveals. Under the same key each index entry is bound to its subject's public key, so the box cannot
// put another in its place (kCrypto). Not thread-safe.
#pragma once

#include <functional>

#include "seal/box.h"
#include "seal/box_key.h"
#include "seal/segment.h"

namespace probatio::keep {

inline constexpr std::size_t kSubjectWrappedBytesMax = 65'536;

// Splits and wraps a fresh key to the custodians (custody/key_wrap.h, handed in by main).
using WrapSegmentKey = std::function<Result<Buffer>(const Key&, const SegmentId&)>;
using WrapSubjectKey = std::function<Result<Buffer>(const Key&, record::RecordClass,
                                                    const seal::SubjectHandle&, std::string_view holder)>;

class Subjects {
 public:
  Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random);

  Result<std::optional<seal::SubjectHandle>> Find(record::RecordClass record_class, std::string_view holder);
  // Finds or makes; a new subject is durable in the box before this returns.
  Result<seal::SubjectPublic> Get(record::RecordClass record_class, std::string_view holder);
  // The same for many at once, in one write: parallel to `holders`.
  Result<std::vector<seal::SubjectPublic>> GetAll(record::RecordClass record_class,
                                                  std::span<const std::string> holders);

 private:
  Result<seal::SubjectPublic> Make(record::RecordClass record_class, const std::string& holder,
                                   const crypto::Digest& index, std::vector<seal::BoxEntry>* made);

  seal::Box& box_;
  crypto::Hmac index_;
  WrapSubjectKey wrap_;
  Random& random_;
};

// The box entry of a subject: public key ‖ wrapped private half.
struct SubjectEntry {
  crypto::BoxPublicKey key{};
  Buffer wrapped;
};
Buffer SubjectEntryBytes(const SubjectEntry& entry);
Result<SubjectEntry> ParseSubjectEntry(Bytes bytes);

}  // namespace probatio::keep
