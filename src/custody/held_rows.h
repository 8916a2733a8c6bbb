// What a section of a hold's file holds: the reads of the order's plan, as they were asked and answered, with
// the rows' proofs (docs/formats/hold.md). A look-up that found nothing stands there too: only what was asked
// may later be answered with "none". Pure; thread-safe.
#pragma once

#include <map>

#include "resolve/reader.h"

namespace probatio::custody {

inline constexpr std::size_t kHeldReadsMax = 10'000;  // what is in them: kHeldSectionBytesMax bounds it
inline constexpr char kHeldRowsSchema[] = "probatio-held-rows/2";

struct HeldRead {
  std::vector<resolve::LookUp> look_ups;  // without the rows they rest on: those are in a read before
  resolve::Found found;
};

// Each class's own look-ups and rows, and every gap.
std::map<record::RecordClass, std::vector<HeldRead>> ByClass(const std::vector<HeldRead>& reads);

// kInvalid over a limit.
Result<std::string> HeldReadsToJson(const std::vector<HeldRead>& reads);
Result<std::vector<HeldRead>> HeldReadsFromJson(std::string_view json);  // strict; kInvalid names the place

}  // namespace probatio::custody
