// Any bytes as a ledger entry: refused, or the one canonical form of what was read.
#include "ledger/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const std::string_view json = AsText({data, size});
  const Result<ledger::Entry> entry = ledger::EntryFromJson(json);
  if (!entry.ok()) return 0;
  CHECK(ledger::EntryToJson(entry.value()) == json);
  CHECK(ledger::CheckEntry(entry.value()).ok());
  return 0;
}
