#include "keep/purge_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "keep/enter.h"
#include "keep/outer_layer.h"

namespace probatio::keep {
namespace {

ledger::Entry KeyEntry(std::string type, const ErasureKeyName& key, Instant now) {
  return {std::move(type),
          now,
          {{"erasure_key", IdOf(key).text()},
           {"class", std::string(record::ToText(key.record_class))},
           {"day", law::ToText(key.day)}}};
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

}  // namespace

Vault::IsDying KeyDestroyer::DyingOr(const ErasureKeyName& key) const {
  return [this, id = IdOf(key)](const ErasureKeyId& other) {
    return other == id || parts_.manifest.dying_keys().count(other.text()) > 0;
  };
}

Status KeyDestroyer::EnterAll(std::span<const ledger::Entry> entries) {
  TRY(Enter(parts_.ledger, entries).status);
  return parts_.manifest.Refresh(parts_.ledger);
}

Result<seal::SegmentInfo> KeyDestroyer::MoveOne(const NamedErasureKey& from, const NamedErasureKey& to,
                                                seal::SegmentInfo info,
                                                std::vector<seal::BoxEntry>* entries) const {
  const std::optional<Buffer> outer = TRY(parts_.box.Read(seal::WrappedKeyOf(info)));
  if (!outer) return StorageError("store incomplete: its wrapped key is missing");
  if (crypto::Sha256(*outer) != info.wrapped_digest)
    return StorageError("store incomplete: its wrapped key was replaced");
  const Buffer context = OuterContext(info.id);
  const Buffer inner = TRY(OpenOuter(from, context, *outer));
  Buffer moved = SealOuter(to, context, inner, parts_.random);
  info.erasure_key = IdOf(to.name).text();
  info.rewrapped = true;
  info.wrapped_digest = crypto::Sha256(moved);
  entries->push_back({seal::WrappedKeyOf(info), std::move(moved)});
  return info;
}

// The old bytes stay in their place until the ledger has named the new ones: at no instant is a held segment
// without a layer that opens.
Status KeyDestroyer::Move(const KeyPurge& purge, std::span<const Pin> pins) {
  if (purge.stay.empty()) return Done{};
  Key key = TRY(parts_.vault.Read(purge.key));
  const NamedErasureKey from{purge.key, std::move(key)};
  std::vector<seal::BoxEntry> wrapped;
  std::vector<ledger::Entry> entries;
  for (const seal::SegmentInfo& info : purge.stay) {
    const bool held = IsPinned(pins, info) && IsExpired(info, parts_.rules, now_);
    const NamedErasureKey to =
        TRY(parts_.vault.Need(held ? ErasureKind::kHeld : ErasureKind::kWindow, purge.key.record_class,
                              law::ParisDate(held ? now_ : *info.expires), DyingOr(purge.key)));
    const seal::SegmentInfo moved = TRY_IN("segment " + info.id.text(), MoveOne(from, to, info, &wrapped));
    entries.push_back(RewrappedEntry(moved, now_));
  }
  TRY(parts_.box.Write(wrapped));
  return EnterAll(entries);
}

Status KeyDestroyer::Purge(const KeyPurge& purge, std::span<const Pin> pins) {
  TRY(Move(purge, pins));
  return Begin(purge.key, purge.go.size(), purge.stay.size());
}

Status KeyDestroyer::Begin(const ErasureKeyName& key, std::uint64_t segments, std::uint64_t moved) {
  ledger::Entry begun = KeyEntry("purge_begun", key, now_);
  begun.fields["segments"] = std::to_string(segments);
  begun.fields["moved"] = std::to_string(moved);
  TRY(EnterAll({&begun, 1}));
  return Finish(key);
}

Status KeyDestroyer::Finish(const ErasureKeyName& key) {
  const Vault::Destroyed destroyed = parts_.vault.Destroy(key);
  std::vector<ledger::Entry> entries;
  for (const seal::SegmentInfo& info : parts_.manifest.All()) {
    if (info.erasure_key != IdOf(key).text() || info.state != seal::SegmentState::kPurged || info.erased)
      continue;
    TRY_IN("segment " + info.id.text(), EraseFromBox(info));
    if (!destroyed.complete()) continue;
    entries.push_back(PurgedEntry(info, now_));
    result_->purged.push_back(info.id);
  }
  ledger::Entry gone = KeyEntry("erasure_key_destroyed", key, now_);
  gone.fields["destroyed"] = std::to_string(destroyed.destroyed);
  if (!destroyed.complete()) gone.fields["unreachable"] = Joined(destroyed.unreachable);
  entries.push_back(std::move(gone));
  TRY(EnterAll(entries));
  if (destroyed.complete()) ++result_->keys;
  for (const std::string& folder : destroyed.unreachable) {
    if (std::find(result_->unreachable.begin(), result_->unreachable.end(), folder) ==
        result_->unreachable.end())
      result_->unreachable.push_back(folder);
  }
  return Done{};
}

Status KeyDestroyer::EraseFromBox(const seal::SegmentInfo& info) {
  std::vector<std::string> keys = TRY(parts_.box.List("block/" + info.id.text() + "/"));
  const std::vector<std::string> moved = TRY(parts_.box.List(seal::WrappedKey(info.id) + "/"));
  keys.insert(keys.end(), moved.begin(), moved.end());
  const std::vector<std::string> leaves = TRY(parts_.box.List("leaves/" + info.id.text() + "/"));
  keys.insert(keys.end(), leaves.begin(), leaves.end());
  keys.push_back(seal::WrappedKey(info.id));
  return parts_.box.Erase(keys);
}

}  // namespace probatio::keep
