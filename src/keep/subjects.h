// Subjects: a handle and a key pair for each person or contract, per record class. The handle is an HMAC of
// the holder's id under an index key that the deployment chose by name (docs/trust.md says what its theft
// reveals): since it is computed and not looked up, the box cannot turn a holder into an unknown one by
// hiding an index. When a subject's retention ends a tombstone takes the place of its entry; should the
// holder come back, a handle of the next generation is made. The public half lies in the box under the
// handle, bound to it under the index key, so the box cannot put another in its place (kCrypto); the private
// half is wrapped to the custodians at birth. Not thread-safe.
#pragma once

#include <functional>

#include "keep/lifetimes.h"
#include "seal/box_key.h"
#include "seal/segment.h"

namespace probatio::keep {

inline constexpr std::size_t kSubjectWrappedBytesMax = 65'536;
inline constexpr std::uint32_t kSubjectGenerationsMax =
    1000;  // how often one holder can be purged and come back

// The box entry of a subject: 1 ‖ public key ‖ binding of key and handle under the index key ‖ wrapped
// private half; or the tombstone of one: 2 ‖ binding of the handle alone. The box can neither put another key
// in the place of one, nor declare somebody purged who is not.
struct SubjectEntry {
  bool purged = false;
  crypto::BoxPublicKey key{};
  crypto::Digest binding{};
  Buffer wrapped;
};
Buffer SubjectEntryBytes(const SubjectEntry& entry);
Result<SubjectEntry> ParseSubjectEntry(Bytes bytes);

// Splits and wraps a fresh key to the custodians (custody/key_wrap.h, handed in by main).
using WrapSegmentKey = std::function<Result<Buffer>(const Key&, const SegmentId&)>;
using WrapSubjectKey = std::function<Result<Buffer>(const Key&, record::RecordClass,
                                                    const seal::SubjectHandle&, std::string_view holder)>;

// Opens the outer layer (erasure.h).
using OpenSubjectKey =
    std::function<Result<Buffer>(record::RecordClass, const seal::SubjectHandle&, Bytes outer)>;

class Subjects {
 public:
  // Without `open` the wrapped halves are handed out as they lie in the box; without `rules` no end is noted.
  // Both are a deployment's; what stands behind them outlives this.
  Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random, OpenSubjectKey open = {},
           const RetentionRules* rules = nullptr);

  // The handle always; the wrapped private half only when the box has the subject's entry.
  struct Found {
    seal::SubjectHandle handle{};
    std::optional<Buffer> wrapped;
    bool purged = false;  // an earlier generation of the holder is past its retention and gone
  };
  Result<Found> Find(record::RecordClass record_class, std::string_view holder);
  // Finds or makes; a new subject is durable in the box before this returns.
  Result<seal::SubjectPublic> Get(record::RecordClass record_class, std::string_view holder);
  // The same for many at once, in one write: parallel to `holders`.
  Result<std::vector<seal::SubjectPublic>> GetAll(record::RecordClass record_class,
                                                  std::span<const std::string> holders);

  // Notes which version of each subject speaks last and the end that it states. Durable when it returns; to
  // be called before the versions are acknowledged, and also for versions that are refused as outside
  // retention: it is they that end the clock of the others. A version from after `latest` says nothing: a
  // wrong clock at its source would overrule every true version for years, and end what lives.
  Status NoteEnds(std::span<const record::Record> records, Instant latest);
  const Lifetimes& lifetimes() const { return lifetimes_; }
  // Puts tombstones in the place of entries, and takes the lifetimes away. Returns how many entries there
  // were.
  Result<std::uint64_t> Bury(std::span<const Lifetime> expired);

 private:
  struct Known {
    seal::SubjectHandle handle{};
    std::optional<SubjectEntry> entry;
    std::uint32_t generation = 0;
  };
  Result<Known> FindKnown(record::RecordClass record_class, std::string_view holder);
  Result<seal::SubjectPublic> Make(record::RecordClass record_class, const std::string& holder,
                                   const seal::SubjectHandle& handle, std::vector<seal::BoxEntry>* made);

  seal::Box& box_;
  crypto::Hmac index_;
  Lifetimes lifetimes_;
  WrapSubjectKey wrap_;
  Random& random_;
  OpenSubjectKey open_;
  const RetentionRules* rules_;
};

}  // namespace probatio::keep
