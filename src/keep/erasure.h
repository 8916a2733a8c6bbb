// The outer layers of a deployment: which erasure key each wrapped key goes under, by the day on which it
// must be gone, and how a layer is opened for a reader. Not thread-safe.
#pragma once

#include "base/clock.h"
#include "keep/manifest.h"
#include "keep/outer_layer.h"
#include "keep/retention_rules.h"
#include "keep/vault.h"

namespace probatio::keep {

class Erasure {
 public:
  // All outlive this.
  Erasure(Vault& vault, const Manifest& manifest, const RetentionRules& rules, const Clock& clock,
          Random& random)
      : vault_(vault), manifest_(manifest), rules_(rules), clock_(clock), random_(random) {}

  // Around a fresh window key, under the key of its expiry day. Of subject streams the inner bytes as they
  // are: no row of theirs depends on the window key (docs/formats/vault.md).
  Result<Buffer> SealSegment(const SegmentId& segment, Bytes inner);
  // What the custodians wrapped. kStorage when the erasure key is missing although the ledger knows no purge
  // of it.
  Result<Buffer> OpenSegment(const seal::SegmentInfo& info, Bytes outer) const;

  // Around a subject's private key, under the key of the present month. Of a password item the inner bytes as
  // they are: its layer is under a key of its own (item_keys.h).
  Result<Buffer> SealSubject(seal::Stream stream, const seal::SubjectHandle& handle, Bytes inner);
  Result<Buffer> OpenSubject(record::RecordClass record_class, const seal::SubjectHandle& handle,
                             Bytes outer) const;

 private:
  Result<Buffer> Open(Bytes context, Bytes outer) const;

  Vault& vault_;
  const Manifest& manifest_;
  const RetentionRules& rules_;
  const Clock& clock_;
  Random& random_;
};

// Fills in what a fresh outer layer says of its segment: its erasure key and its day.
void NoteOuter(Bytes wrapped, seal::SegmentInfo* info);

law::CivilDate MonthOf(Instant at);  // its first day, in Paris

}  // namespace probatio::keep
