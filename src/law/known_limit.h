// The time limits that texts attach to instruments, by name. An order that states its own limit goes first;
// an instrument without one here has none by law. Pure; thread-safe.
#pragma once

#include <span>

#include "law/time_limit.h"

namespace probatio::law {

struct KnownLimit {
  std::string_view id;    // "eu.epoc", "eu.epoc.emergency", "fr.cpc145.refere.appeal", ...
  std::string_view span;  // as ParseSpan reads it
  Counting counting;
  Matter matter;
  Duty duty;
  std::string_view reference;
  const char* note_en;
  const char* note_fr;
};

std::span<const KnownLimit> KnownLimits();
const KnownLimit* FindKnownLimit(std::string_view id);  // null: no text attaches a limit to it

// Limits of the Union are counted by Regulation 1182/71, all others by the Code of Civil Procedure.
Counting CountingOf(std::string_view instrument);

}  // namespace probatio::law
