// Subjects: a handle and a key pair for each person or contract, per subject stream; of a password item, for
// each version of it. The handle is an HMAC of
// the holder's id under an index key that the deployment chose by name (docs/trust.md says what its theft
// reveals): since it is computed and not looked up, the box cannot turn a holder into an unknown one by
// hiding an index. When a subject's retention ends a tombstone takes the place of its entry; should the
// holder come back, a handle of the next generation is made. The public half lies in the box under the
// handle, bound to it under the index key, so the box cannot put another in its place (kCrypto); the private
// half is wrapped to the custodians at birth. A version of a password item makes the next generation, and the
// one before is destroyed as soon as it is acknowledged (password_items.cc). Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "keep/item_keys.h"
#include "keep/lifetimes.h"
#include "keep/subject_entry.h"
#include "ledger/ledger.h"
#include "seal/box_key.h"
#include "seal/segment.h"

namespace probatio::keep {

inline constexpr std::uint32_t kSubjectGenerationsMax =
    1000;  // how often one holder can be purged and come back

// Splits and wraps a fresh key to the custodians (custody/key_wrap.h, handed in by main).
using WrapSegmentKey = std::function<Result<Buffer>(const Key&, const SegmentId&)>;
using WrapSubjectKey = std::function<Result<Buffer>(const Key&, seal::Stream, const seal::SubjectHandle&,
                                                    std::string_view holder)>;

// Opens the outer layer (erasure.h).
using OpenSubjectKey =
    std::function<Result<Buffer>(record::RecordClass, const seal::SubjectHandle&, Bytes outer)>;

class Subjects {
 public:
  // Without `open` the wrapped halves are handed out as they lie in the box; without `rules` no end is noted.
  // Without `items` password items are refused. All are a deployment's; what stands behind them outlives
  // this.
  Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random, OpenSubjectKey open = {},
           const RetentionRules* rules = nullptr, ItemKeys* items = nullptr);

  // The handle always; the wrapped private half only when the box has the subject's entry.
  struct Found {
    seal::SubjectHandle handle{};
    std::optional<Buffer> wrapped;
    bool purged =
        false;  // an earlier generation of the holder is past its retention, or superseded, and gone
    std::optional<law::CivilDate> expires;  // password items, whose rows need not state their end themselves
  };
  Result<Found> Find(seal::Stream stream, std::string_view holder);
  // Finds or makes; a new subject is durable in the box before this returns.
  Result<seal::SubjectPublic> Get(seal::Stream stream, std::string_view holder);
  // The same for many at once, in one write: parallel to `holders`. Not for password items.
  Result<std::vector<seal::SubjectPublic>> GetAll(seal::Stream stream, std::span<const std::string> holders);

  // Password items: takes out of `versions` those that a later one supersedes already, makes a key pair for
  // each of the rest and returns them, parallel. Durable; but until Confirm the versions before are the
  // latest ones, and SettlePasswords takes the pairs away again.
  Result<std::vector<seal::SubjectPublic>> Renew(std::vector<record::Record>* versions);
  // After the rows are on disk, before they are acknowledged.
  Status Confirm();
  // Destroys what was superseded, and what was made and never confirmed: keys, then the ledger's entry, then
  // the entries in the box. After each Confirm, after a failure, and when a deployment is opened.
  Status SettlePasswords(ledger::Ledger& ledger, Instant now);

  // Notes which version of each subject speaks last and the end that it states. Durable when it returns; to
  // be called before the versions are acknowledged, and also for versions that are refused as outside
  // retention: it is they that end the clock of the others. A version from after `latest` says nothing: a
  // wrong clock at its source would overrule every true version for years, and end what lives.
  Status NoteEnds(std::span<const record::Record> records, Instant latest);
  const Lifetimes& lifetimes() const { return lifetimes_; }
  // Destroys the keys of password items among them, puts tombstones in the place of entries, and takes the
  // lifetimes away. Returns how many entries there were; `unreachable` gets the folders of the vault that
  // must be tried again.
  Result<std::uint64_t> Bury(std::span<const Lifetime> expired, std::vector<std::string>* unreachable);

 private:
  struct Known {
    seal::SubjectHandle handle{};
    std::optional<SubjectEntry> entry;
    std::uint32_t generation = 0;
  };
  Result<Known> FindKnown(seal::Stream stream, std::string_view holder);
  Result<Known> FindPassword(std::string_view holder);
  Result<std::uint32_t> PasswordGenerations(std::string_view holder);
  Result<std::optional<SubjectEntry>> Load(record::RecordClass record_class,
                                           const seal::SubjectHandle& handle);
  Result<seal::SubjectPublic> Make(seal::Stream stream, const std::string& holder,
                                   const seal::SubjectHandle& handle, std::vector<seal::BoxEntry>* made);
  Result<seal::BoxEntry> EntryOfItem(const ItemSlot& slot, const std::string& holder,
                                     seal::SubjectPublic* subject);
  Status NoteEnd(seal::Stream stream, const seal::SubjectHandle& handle, const StatedEnd& stated,
                 std::map<std::string, Lifetime>* latest, std::set<std::string>* changed);
  Status BuryItems(std::span<const ItemSlot> slots, bool unacknowledged);

  seal::Box& box_;
  crypto::Hmac index_;
  Lifetimes lifetimes_;
  WrapSubjectKey wrap_;
  Random& random_;
  OpenSubjectKey open_;
  const RetentionRules* rules_;
  ItemKeys* items_;
  std::vector<ItemSlot> renewed_;  // and not confirmed
};

// Of what Find returned: a password item that the next purge destroys.
bool IsExpired(const Subjects::Found& found, Instant now);

}  // namespace probatio::keep
