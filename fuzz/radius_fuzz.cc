// RADIUS packets: every record that comes out keeps the rules, and whatever can be read can be answered.
#include "decode/radius/message_authenticator.h"
#include "decode/radius/radius_decoder.h"
#include "record/canonical.h"

using namespace probatio;

namespace {

// The shape of a digest is all that the decoder needs here.
Result<decode::Md5Digest> NoDigest(std::initializer_list<Bytes> /*parts*/) {
  return decode::Md5Digest{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::RadiusDecoder decoder(decode::RadiusClients{}, NoDigest, decode::SourceClock{});
  decode::Piece piece;
  piece.bytes = Bytes(data, size);
  piece.received = Instant::FromUnixSeconds(1'729'498'443);
  std::vector<record::Record> records;
  const Status decoded = decoder.Decode(piece, &records);
  CHECK(decoded.ok() || records.empty());
  CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
  const Result<decode::RadiusPacket> packet = decode::ReadRadiusPacket(piece.bytes);
  if (packet.ok()) {
    (void)decode::CheckMessageAuthenticator(packet.value(), Secret(std::string_view("seed")), NoDigest).ok();
  }
  if (!decoded.ok() || packet.value().code != decode::kAccountingRequest) return 0;
  const Result<Buffer> response =
      decode::BuildAccountingResponse(packet.value(), Secret(std::string_view("seed")), NoDigest);
  CHECK(response.ok() && response.value().size() <= size);
  return 0;
}
