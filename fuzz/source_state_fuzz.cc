// The state of a collector's source: damaged bytes are refused whole, and what is restored is written the
// same.
#include "collect/source.h"
#include "decode/flow/flow_decoder.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto make = [](const std::string& name) { return std::make_unique<decode::FlowDecoder>(name); };
  const auto anyone = [] {
    return collect::Exporters::Make(
               {{"cgn-1.example",
                 {IpPrefix::ParseOrAddress("0.0.0.0/0").value(), IpPrefix::ParseOrAddress("::/0").value()},
                 {}}})
        .value();
  };
  const Instant now = Instant::FromUnixSeconds(1'729'498'500);
  collect::Source source(anyone(), make);
  if (!source.RestoreState(Bytes(data, size), now).ok()) {
    CHECK(source.DecoderCounts().empty());
    return 0;
  }
  const Buffer written = source.SaveState(now);
  collect::Source again(anyone(), make);
  CHECK(again.RestoreState(written, now).ok());
  CHECK(again.SaveState(now) == written);
  return 0;
}
