// What may still be read. Retention is checked for every row at every read, not only when windows are purged;
// a window kept only by a hold is outside retention for every other order. Implemented in keep/ over a
// regime. Thread-safe.
#pragma once

#include "seal/proven_row.h"

namespace probatio::resolve {

class Retention {
 public:
  virtual ~Retention() = default;
  // Events of the stream before this instant may no longer be read. For subject streams: the beginning of
  // time, since their clock starts at the end of the contract.
  virtual Instant OldestKept(seal::Stream stream, Instant now) const = 0;
  // May any row of the window be read? Where an order's own hold keeps single windows, some after the oldest
  // may not.
  virtual bool MayRead(const seal::Window& window, Instant now) const {
    return OldestKept(window.stream, now) < window.period.end;
  }
  // `all` are the versions found for the same subject (or just the row itself): the end of a contract or
  // account in any of them starts the clock of all.
  virtual bool Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row, Instant now) const = 0;
};

}  // namespace probatio::resolve
