// Subjects: a handle and a key pair for each person or contract, per record class. The handle is an HMAC of
// the holder's id under an index key that the deployment chose by name (docs/trust.md says what its theft
// reveals): since it is computed and not looked up, the box cannot turn a holder into an unknown one by
// hiding an index. The public half lies in the box under the handle, bound to it under the index key, so the
// box cannot put another in its place (kCrypto); the private half is wrapped to the custodians at birth. Not
// thread-safe.
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

  // The handle always; the wrapped private half only when the box has the subject's entry.
  struct Found {
    seal::SubjectHandle handle{};
    std::optional<Buffer> wrapped;
  };
  Result<Found> Find(record::RecordClass record_class, std::string_view holder);
  // Finds or makes; a new subject is durable in the box before this returns.
  Result<seal::SubjectPublic> Get(record::RecordClass record_class, std::string_view holder);
  // The same for many at once, in one write: parallel to `holders`.
  Result<std::vector<seal::SubjectPublic>> GetAll(record::RecordClass record_class,
                                                  std::span<const std::string> holders);

 private:
  Result<seal::SubjectPublic> Make(record::RecordClass record_class, const std::string& holder,
                                   const seal::SubjectHandle& handle, std::vector<seal::BoxEntry>* made);

  seal::Box& box_;
  crypto::Hmac index_;
  WrapSubjectKey wrap_;
  Random& random_;
};

// The box entry of a subject: public key ‖ binding of key and handle under the index key ‖ wrapped private
// half.
struct SubjectEntry {
  crypto::BoxPublicKey key{};
  crypto::Digest binding{};
  Buffer wrapped;
};
Buffer SubjectEntryBytes(const SubjectEntry& entry);
Result<SubjectEntry> ParseSubjectEntry(Bytes bytes);

}  // namespace probatio::keep
