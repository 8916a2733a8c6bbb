// The limits of the box (seal/box.h), checked the same way at the door of every engine. Pure; thread-safe.
#pragma once

#include "seal/box.h"

namespace probatio::store {

// kInvalid for an empty or over-long key, or an over-long value; the key is not printed.
Status CheckEntries(std::span<const seal::BoxEntry> entries);

}  // namespace probatio::store
