// A deployment's keeping of accounts and password items, for tests: runs over a vault of two folders. What
// custodians wrap is the private key itself, so that whoever takes the layers off has it.
#pragma once

#include "keep/purge.h"
#include "keep/test_holdings.h"
#include "keep/test_vault.h"

namespace probatio::keep {

class PasswordWorld : public VaultWorld {
 public:
  PasswordWorld() { Reopen(); }

  // After a crash, or just again.
  void Reopen() {
    world.Restart();
    ledger.emplace(world.OpenLedger());
    manifest.emplace(Manifest::FromLedger(*ledger).value());
    CHECK(CloseCrashedSegments(*ledger, *manifest, world.journals, world.clock).ok());
    vault.emplace(OpenVault());
    items.emplace(*vault);
    erasure.emplace(*vault, *manifest, rules, world.clock, world.random);
    const auto wrap = [this](const Key& key, seal::Stream stream, const seal::SubjectHandle& handle,
                             std::string_view) {
      world.subject_keys[handle] = key.Clone();
      return erasure->SealSubject(stream, handle, key.reveal());
    };
    const auto open = [this](record::RecordClass record_class, const seal::SubjectHandle& handle,
                             Bytes outer) { return erasure->OpenSubject(record_class, handle, outer); };
    subjects.emplace(world.box, Key(Buffer(32, 9)), wrap, world.random, open, &rules, &*items);
    CHECK(subjects->SettlePasswords(*ledger, world.clock.Now()).ok());
  }
  void Later() { world.clock.Set(world.clock.Now() + kNsPerMinute); }

  record::Record VersionOf(const std::string& holder, const std::string& password,
                           const std::string& pseudonym = "") const {
    record::Account account;
    account.origin.at.at = world.clock.Now();
    account.account = holder;
    if (!pseudonym.empty()) account.pseudonyms = {pseudonym};
    account.password_verification = record::SecretText(password);
    return account;
  }

  Status Import(const std::vector<record::Record>& batch, bool* acknowledged = nullptr) {
    const std::unique_ptr<keep::Run> run = TRY(keep::Run::Open(world.Parts(*ledger, *subjects)));
    TRY(run->Append(batch));
    if (acknowledged != nullptr) *acknowledged = true;
    TRY(run->Close());
    return Done{};
  }
  Result<PurgeResult> RunPurge() {
    return Purge({world.box, *ledger, *manifest, world.journals, *subjects, *vault, *items, rules,
                  world.clock, world.random},
                 {});
  }

  Subjects::Found Find(const std::string& holder) {
    return subjects->Find(seal::Stream::kPassword, holder).value();
  }
  // From what Find opened, with the key in it and no other; closed segments and dead ones.
  std::string PasswordIn(const Subjects::Found& found) {
    const Key key{Bytes(*found.wrapped)};
    std::string passwords;
    for (const seal::SegmentInfo& info : Manifest::FromLedger(*ledger).value().All()) {
      if (info.window.stream != seal::Stream::kPassword) continue;
      for (const record::Record& row : RowsIn(info, found.handle, key)) {
        passwords += *std::get<record::Account>(row).password_verification;
      }
    }
    return passwords;
  }
  int Entered(const std::string& type) const {
    const auto& all = ledger->entries();
    return static_cast<int>(std::count_if(all.begin(), all.end(),
                                          [&](const ledger::Entry& entry) { return entry.type == type; }));
  }

  // Any state of the box there ever was, each folder of the vault as it is now, and no need of a custodian.
  bool CanThiefOpen(const seal::SubjectHandle& handle) {
    for (const std::string& folder : {main.path, replica.path}) {
      Vault one = Vault::Open(folder, {}, disk, world.random).value();
      const ItemKeys stolen(one);
      for (const seal::BoxEntry& old : world.box.history) {
        if (old.key != seal::SubjectKey(record::RecordClass::kAccount, handle)) continue;
        const Result<SubjectEntry> entry = ParseSubjectEntry(old.value);
        if (!entry.ok() || !entry.value().item) continue;
        const Result<Key> key = stolen.Read(*entry.value().item);
        if (key.ok() && OpenItem(key.value(), *entry.value().item, handle, entry.value().wrapped).ok())
          return true;
      }
    }
    return false;
  }

  std::optional<ledger::Ledger> ledger;
  std::optional<Manifest> manifest;
  std::optional<Vault> vault;
  std::optional<ItemKeys> items;
  std::optional<Erasure> erasure;
  std::optional<Subjects> subjects;

 private:
  std::vector<record::Record> RowsIn(const seal::SegmentInfo& info, const seal::SubjectHandle& handle,
                                     const Key& key) {
    std::vector<record::Record> rows;
    if (info.state == seal::SegmentState::kClosedByCrash) {
      const KeptJournals archive(world.journals);
      seal::WindowKeys keys(world.window_keys.at(info.id));
      return seal::SearchSubjectJournal(info.id, archive.Batches(info.id).value(), info.journal,
                                        keys.JournalIndexKey(), seal::TokenOfSubject(handle), key)
          .value();
    }
    seal::LeafCache cache;
    const seal::SegmentLeaves leaves = seal::SegmentLeaves::Open(world.box, info, &cache).value();
    const std::vector<seal::FoundLeaf> all = leaves.Find(seal::TokenOfSubject(handle)).value();
    for (const seal::FoundLeaf& found : all) {
      const Buffer block =
          *world.box.Read(seal::BlockKey(info.id, found.leaf.token, found.leaf.position)).value();
      const seal::OpenedBlock opened = seal::OpenSubjectBlock(info.id, found.leaf, key, block).value();
      rows.insert(rows.end(), opened.rows.begin(), opened.rows.end());
    }
    return rows;
  }
};

}  // namespace probatio::keep
