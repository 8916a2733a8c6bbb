// The password items among subjects. R10-13 II 3° keeps what lets a password be verified or changed "in its
// latest updated version" alone, so each version has a key pair of its own under an item key of its own, and
// the order of writes is:
//   1. the new version's item key, pending, in every folder of the vault;
//   2. its pair, and when it holds from, in the box;
//   3. its row in the journal (run.cc);
//   4. the item key is made live: from here on this is the latest version, and it is acknowledged;
//   5. the item key of the version before is destroyed in every folder, the ledger says so, a tombstone takes
//      the place of its entry.
// A crash before 4 leaves the version before, which was acknowledged; after 4 the next opening does 5.
#include <fmt/format.h>

#include <algorithm>

#include "keep/enter.h"
#include "keep/outer_layer.h"
#include "keep/subjects.h"
#include "seal/box_key.h"

namespace probatio::keep {
namespace {

constexpr record::RecordClass kClass = record::RecordClass::kAccount;
constexpr std::uint32_t kGenerationsMax = 1U << 30;  // of one holder: more than kItemKeysMax ever fill

const record::Account& AccountIn(const record::Record& record) {
  const auto* account = std::get_if<record::Account>(&record);
  CHECK(account != nullptr && account->password_verification.has_value());
  return *account;
}

Instant HoldsFrom(const record::Record& record) {
  return record::OriginOf(record).at.at;
}

// Of several versions of one holder the latest; of two of one instant the one that arrived last. In order of
// arrival.
void KeepLatest(std::vector<record::Record>* versions) {
  std::map<std::string, std::size_t> latest;
  for (std::size_t i = 0; i < versions->size(); ++i) {
    const auto [known, fresh] = latest.try_emplace(AccountIn((*versions)[i]).account, i);
    if (!fresh && HoldsFrom((*versions)[known->second]) <= HoldsFrom((*versions)[i])) known->second = i;
  }
  std::vector<record::Record> kept;
  for (std::size_t i = 0; i < versions->size(); ++i) {
    if (latest.at(AccountIn((*versions)[i]).account) == i) kept.push_back(std::move((*versions)[i]));
  }
  *versions = std::move(kept);
}

std::vector<std::uint32_t> NumbersOf(std::span<const ItemSlot> slots) {
  std::vector<std::uint32_t> numbers;
  for (const ItemSlot& slot : slots) numbers.push_back(slot.number);
  return numbers;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

}  // namespace

bool IsExpired(const Subjects::Found& found, Instant now) {
  return found.expires.has_value() && law::ParisMidnight(*found.expires) <= now;
}

// How many generations the box has of the holder: they follow each other without a hole, and may be many, so
// the last one is found by doubling and halving.
Result<std::uint32_t> Subjects::PasswordGenerations(std::string_view holder) {
  const auto exists = [&](std::uint32_t generation) -> Result<bool> {
    const seal::SubjectHandle handle = HandleOf(index_, seal::Stream::kPassword, holder, generation);
    const std::optional<Buffer> entry = TRY(box_.Read(seal::SubjectKey(kClass, handle)));
    return entry.has_value();
  };
  std::uint32_t below = 0;  // every generation below is there
  std::uint32_t step = 1;
  for (; below + step <= kGenerationsMax; step *= 2) {
    const bool there = TRY(exists(below + step - 1));
    if (!there) break;
    below += step;
  }
  while (step > 1) {
    step /= 2;
    const bool there = TRY(exists(below + step - 1));
    if (there) below += step;
  }
  return below;
}

// The newest generation, but for those that were never acknowledged. When that one is gone: the next one.
Result<Subjects::Known> Subjects::FindPassword(std::string_view holder) {
  const std::uint32_t generations = TRY(PasswordGenerations(holder));
  for (std::uint32_t generation = generations; generation-- > 0;) {
    Known known;
    known.generation = generation;
    known.handle = HandleOf(index_, seal::Stream::kPassword, holder, generation);
    known.entry = TRY(Load(kClass, known.handle));
    if (!known.entry) return StorageError("subject " + ToHex(known.handle) + ": store incomplete");
    if (known.entry->unacknowledged) continue;
    if (known.entry->purged) break;
    return known;
  }
  return Known{HandleOf(index_, seal::Stream::kPassword, holder, generations), std::nullopt, generations};
}

Result<seal::BoxEntry> Subjects::EntryOfItem(const ItemSlot& slot, const std::string& holder,
                                             seal::SubjectPublic* subject) {
  const crypto::BoxKeyPair pair = crypto::MakeBoxKeyPair(random_);
  const Buffer inner = TRY(wrap_(pair.private_key, seal::Stream::kPassword, slot.handle, holder));
  SubjectEntry entry;
  entry.item = slot.number;
  entry.key = pair.public_key;
  entry.binding = BindingOf(index_, kClass, slot.handle, entry);
  entry.wrapped = SealItem(slot.key, slot.number, slot.handle, inner, random_);
  CHECK(entry.wrapped.size() <= kSubjectWrappedBytesMax);
  *subject = {slot.handle, pair.public_key};
  return seal::BoxEntry{seal::SubjectKey(kClass, slot.handle), SubjectEntryBytes(entry)};
}

Result<std::vector<seal::SubjectPublic>> Subjects::Renew(std::vector<record::Record>* versions) {
  if (items_ == nullptr) return Denied("password items: this deployment has no vault to destroy them in");
  CHECK(renewed_.empty());  // one batch at a time: Confirm or SettlePasswords comes between two
  KeepLatest(versions);
  std::vector<ItemKeys::Wanted> wanted;
  std::vector<Lifetime> lifetimes;
  std::vector<record::Record> kept;
  for (record::Record& version : *versions) {
    const std::string& holder = AccountIn(version).account;
    const Known known = TRY(FindPassword(holder));
    std::optional<Lifetime> before;
    if (known.entry) before = TRY(lifetimes_.Read(kClass, known.handle));
    if (before && before->holds_from && HoldsFrom(version) < *before->holds_from) continue;

    const std::uint32_t generations = TRY(PasswordGenerations(holder));
    ItemKeys::Wanted& one = wanted.emplace_back();
    one.handle = HandleOf(index_, seal::Stream::kPassword, holder, generations);
    if (known.entry) one.supersedes = known.entry->item;
    Lifetime& lifetime = lifetimes.emplace_back();
    lifetime.record_class = kClass;
    lifetime.handle = one.handle;
    lifetime.stated = StatedEndOf(version);
    if (before && Supersedes(before->stated, lifetime.stated)) lifetime.stated = before->stated;
    if (rules_ != nullptr && lifetime.stated.end)
      lifetime.expires = rules_->SubjectExpiry(kClass, *lifetime.stated.end);
    lifetime.holds_from = HoldsFrom(version);
    kept.push_back(std::move(version));
  }
  *versions = std::move(kept);
  std::vector<seal::SubjectPublic> subjects(wanted.size());
  if (wanted.empty()) return subjects;

  renewed_ = TRY(items_->Make(wanted));
  std::vector<seal::BoxEntry> entries;
  for (std::size_t i = 0; i < renewed_.size(); ++i) {
    seal::BoxEntry entry = TRY(EntryOfItem(renewed_[i], AccountIn((*versions)[i]).account, &subjects[i]));
    entries.push_back(std::move(entry));
    entries.push_back(lifetimes_.EntryOf(lifetimes[i]));
  }
  TRY(box_.Write(entries));
  return subjects;
}

Status Subjects::Confirm() {
  if (renewed_.empty()) return Done{};
  TRY(items_->Confirm(renewed_));
  renewed_.clear();
  return Done{};
}

// Tombstones first: a lifetime without its subject is taken away by the next purge.
Status Subjects::BuryItems(std::span<const ItemSlot> slots, bool unacknowledged) {
  std::vector<seal::BoxEntry> tombstones;
  std::vector<std::string> lifetimes;
  for (const ItemSlot& slot : slots) {
    SubjectEntry tombstone;
    tombstone.purged = true;
    tombstone.unacknowledged = unacknowledged;
    tombstone.binding = BindingOf(index_, kClass, slot.handle, tombstone);
    tombstones.push_back({seal::SubjectKey(kClass, slot.handle), SubjectEntryBytes(tombstone)});
    lifetimes.push_back(Lifetimes::KeyOf(kClass, slot.handle));
  }
  if (tombstones.empty()) return Done{};
  TRY(box_.Write(tombstones));
  return box_.Erase(lifetimes);
}

Status Subjects::SettlePasswords(ledger::Ledger& ledger, Instant now) {
  if (items_ == nullptr) return Done{};
  renewed_.clear();
  const ItemKeys::Unsettled left = TRY(items_->FindUnsettled());
  if (left.empty()) return items_->Settle();
  std::vector<std::uint32_t> numbers = NumbersOf(left.superseded);
  const std::vector<std::uint32_t> never = NumbersOf(left.unacknowledged);
  numbers.insert(numbers.end(), never.begin(), never.end());
  const Vault::Destroyed destroyed = items_->Destroy(numbers);
  // The deployment's own folder is written last: without it nothing counts as destroyed.
  const Result<ItemSlot> last = items_->SlotOf(numbers.back());
  if (!last.ok() || last.value().state != ItemState::kDestroyed) {
    return StorageError("vault: a superseded password item could not be destroyed: " +
                        Joined(destroyed.unreachable));
  }
  ledger::Entry entry{"passwords_superseded",
                      now,
                      {{"count", std::to_string(left.superseded.size())},
                       {"unacknowledged", std::to_string(left.unacknowledged.size())},
                       {"destroyed", std::to_string(destroyed.destroyed)}}};
  if (!destroyed.complete()) entry.fields["unreachable"] = Joined(destroyed.unreachable);
  TRY(Enter(ledger, {&entry, 1}).status);
  TRY(BuryItems(left.superseded, false));
  TRY(BuryItems(left.unacknowledged, true));
  return items_->Settle();
}

}  // namespace probatio::keep
