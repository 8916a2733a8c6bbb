// Any bytes as custodians.pem are refused, or are the one text of the set that they name.
#include "custody/roster.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const std::string_view text = AsText({data, size});
  const Result<custody::Roster> roster = custody::Roster::Parse(text, 2);
  if (roster.ok()) CHECK(roster.value().ToText() == text);
  return 0;
}
