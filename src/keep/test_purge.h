// Segments and subjects under a vault, and purges of them, for the tests of this folder.
#pragma once

#include "keep/enter.h"
#include "keep/item_keys.h"
#include "keep/purge.h"
#include "keep/test_vault.h"

namespace probatio::keep {

class PurgeWorld : public VaultWorld {
 public:
  explicit PurgeWorld(Instant now = At("2026-11-24T10:05:00Z")) {
    world.clock.Set(now);
    Reopen();
  }

  // After a crash or a change of the regime.
  void Reopen() {
    world.Restart();
    ledger.emplace(world.OpenLedger());
    manifest.emplace(Manifest::FromLedger(*ledger).value());
    vault.emplace(OpenVault());
    items.emplace(*vault);
    erasure.emplace(*vault, *manifest, rules, world.clock, world.random);
    const auto wrap = [this](const Key& key, seal::Stream stream, const seal::SubjectHandle& handle,
                             std::string_view) { return erasure->SealSubject(stream, handle, key.reveal()); };
    const auto open = [this](record::RecordClass record_class, const seal::SubjectHandle& handle,
                             Bytes outer) { return erasure->OpenSubject(record_class, handle, outer); };
    subjects.emplace(world.box, Key(Buffer(32, 9)), wrap, world.random, open, &rules, &*items);
  }

  // A segment as a run leaves it; `inner` stands for what the custodians wrapped.
  SegmentId Add(seal::Stream stream, Instant at, bool crash = false) {
    std::array<std::uint8_t, 4> run{};
    world.random.Fill(run);
    seal::SegmentInfo info;
    info.window = seal::WindowOf(stream, at);
    info.id = seal::MakeSegmentId(info.window, ToHex(run));
    info.opened_at = info.closed_at = world.clock.Now();
    Buffer inner(48);
    world.random.Fill(inner);
    Buffer outer = erasure->SealSegment(info.id, inner).value();
    info.wrapped_digest = crypto::Sha256(outer);
    NoteOuter(outer, &info);
    const std::vector<seal::BoxEntry> entries{{seal::WrappedKey(info.id), outer},
                                              {seal::LeafIndexKey(info.id), Buffer(10, 1)},
                                              {seal::BlockKey(info.id, {}, 0), Buffer(10, 2)}};
    CHECK(world.box.Write(entries).ok());
    if (crash) world.journals.files[ToHex(run)] = {};
    const std::vector<ledger::Entry> life{OpenedEntry(info),
                                          crash ? CrashedEntry(info, info.closed_at) : ClosedEntry(info)};
    CHECK(Enter(*ledger, life).status.ok());
    CHECK(manifest->Refresh(*ledger).ok());
    inners[info.id] = inner;
    return info.id;
  }

  Result<PurgeResult> Run() {
    return Purge({world.box, *ledger, *manifest, world.journals, *subjects, *vault, *items, rules,
                  world.clock, world.random},
                 pins);
  }

  bool CanRead(const SegmentId& id) {
    const seal::SegmentInfo info = *manifest->Get(id);
    if (info.state == seal::SegmentState::kPurged) return false;
    const auto outer = world.box.entries.find(seal::WrappedKeyOf(info));
    if (outer == world.box.entries.end() || crypto::Sha256(outer->second) != info.wrapped_digest)
      return false;
    const Result<Buffer> inner = erasure->OpenSegment(info, outer->second);
    const bool whole = world.box.entries.count(seal::LeafIndexKey(id)) > 0 &&
                       world.box.entries.count(seal::BlockKey(id, {}, 0)) > 0;
    return whole && inner.ok() && inner.value() == inners.at(id);
  }
  bool CanThiefRead(const SegmentId& id) {
    return CanOldCopiesOpen(seal::WrappedKey(id), OuterContext(id), [](Bytes value) { return value; });
  }

  std::optional<ledger::Ledger> ledger;
  std::optional<Manifest> manifest;
  std::optional<Vault> vault;
  std::optional<ItemKeys> items;
  std::optional<Erasure> erasure;
  std::optional<Subjects> subjects;
  std::vector<Pin> pins;
  std::map<SegmentId, Buffer> inners;
};

inline record::Record AccountOf(const std::string& holder, std::string_view at,
                                std::optional<Instant> closed) {
  record::Account account;
  account.origin.at.at = At(at);
  account.account = holder;
  account.closed_at = closed;
  return account;
}

}  // namespace probatio::keep
