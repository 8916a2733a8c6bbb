// A time zone: which offset from UTC its clocks had at each instant, past and to come. Read from the bytes of
// a TZif file (RFC 8536), as the system's tzdata package keeps one for each IANA zone; the caller opens the
// file. Immutable; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace probatio::decode {

inline constexpr std::size_t kTzifBytesMax = 65'536;
inline constexpr std::size_t kZoneChangesMax = 4'096;  // of the file; its rule adds two a year

// The instants, in seconds since 1970, at which the clocks of a zone showed one reading. Usually one; at a
// change of time two, or none.
struct Readings {
  std::int64_t earliest = 0;
  std::int64_t latest = 0;
};

class TimeZone {
 public:
  // kInvalid names the place in the file and the reason. A file that counts leap seconds ("right/...") is
  // refused: our instants do not.
  static Result<TimeZone> Parse(std::string name, Bytes tzif);

  // Clocks that never change: east of Greenwich is positive.
  static TimeZone Fixed(std::string name, std::int64_t utc_offset_s);

  const std::string& name() const { return name_; }

  // `local_s`: what the clock showed, counted as if it had shown UTC. None: no clock of this zone showed it,
  // because it was stepped over.
  std::optional<Readings> At(std::int64_t local_s) const;

 private:
  struct Change {
    std::int64_t at_s;          // seconds since 1970
    std::int64_t utc_offset_s;  // from then on
  };
  friend class TzifReader;

  std::string name_;
  std::int64_t first_offset_s_ = 0;  // before the first change
  std::vector<Change> changes_;      // ascending
};

}  // namespace probatio::decode
