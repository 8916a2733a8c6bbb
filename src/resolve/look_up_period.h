// How far each stream may be read for a scope line. The plans ask for it and CheckLookUp measures against it.
// Pure; thread-safe. For the .cc files of this folder.
#pragma once

#include "resolve/reader.h"

namespace probatio::resolve {

// Versions of accounts and identities hold until the next one, so they are sought from the beginning of
// records.
inline constexpr Instant kRecordsBegin = Instant::FromUnixSeconds(0);

// Events: the line's own period on a platform, the instant with the stream's look-back at an operator.
// Account and identity: up to the end of the period within which a version must have held.
Period AllowedPeriod(const order::ScopeLine& line, seal::Stream stream);

// Within which a version must have held to be shown: the line's period, or the instant of a tuple that has
// none.
Period VersionsPeriod(const order::ScopeLine& line);

}  // namespace probatio::resolve
