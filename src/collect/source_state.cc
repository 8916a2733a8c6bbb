// The state of a source over a restart: "probatio source state", version, when it was written, and of each
// session its address, port and what its decoder wrote. Numbers are big-endian.
#include <fmt/format.h>

#include "collect/source.h"

namespace probatio::collect {
namespace {

constexpr std::string_view kMagic = "probatio source state";
constexpr std::uint8_t kVersion = 1;

// Magic, version, time of writing, number of sessions.
constexpr std::size_t kHeadSize = kMagic.size() + 1 + 8 + 4;

struct Saved {
  IpAddress ip;
  std::uint16_t port = 0;
  Bytes state;
};

void Write(const Saved& saved, ByteWriter* out) {
  out->U8(static_cast<std::uint8_t>(saved.ip.octets().size()));
  out->Raw(saved.ip.octets());
  out->U16(saved.port);
  out->U32(static_cast<std::uint32_t>(saved.state.size()));
  out->Raw(saved.state);
}

Result<Saved> ReadSaved(ByteReader* in) {
  Saved saved;
  const std::uint8_t size = TRY(in->U8());
  const Bytes octets = TRY(in->Raw(size));
  saved.ip = TRY(IpAddress::FromOctets(octets));
  saved.port = TRY(in->U16());
  const std::uint32_t state_size = TRY(in->U32());
  saved.state = TRY(in->Raw(state_size));
  return saved;
}

Status ReadHead(ByteReader* in, Instant now, std::uint32_t* sessions) {
  const Bytes magic = TRY(in->Raw(kMagic.size()));
  if (AsText(magic) != kMagic) return Invalid("not the state of a source");
  const std::uint8_t version = TRY(in->U8());
  if (version != kVersion) return Invalid(fmt::format("version {}, not {}", version, kVersion));
  const std::uint64_t written = TRY(in->U64());
  const auto written_ns = static_cast<std::int64_t>(written);
  std::int64_t age = 0;
  const bool absurd = __builtin_sub_overflow(now.unix_ns(), written_ns, &age);
  if (absurd || age > kStateAgeMaxNs || age < -kStateAgeMaxNs)
    return Invalid("written too long ago: templates may mean something else by now");
  *sessions = TRY(in->U32());
  if (*sessions > kSessionsMax)
    return Invalid(fmt::format("{} sessions, more than {}", *sessions, kSessionsMax));
  return Done{};
}

}  // namespace

Buffer Source::SaveState(Instant now) const {
  ByteWriter body;
  std::uint32_t count = 0;
  for (const auto& [key, session] : sessions_) {
    if (key.connection != 0) continue;  // its templates end with it
    const Buffer state = session.decoder->SaveState(now);
    const std::size_t size = kHeadSize + body.bytes().size() + state.size() + 32;
    if (state.empty() || size > kStateBytesMax) continue;
    Write({key.ip, key.port, state}, &body);
    ++count;
  }
  ByteWriter out;
  out.Raw(AsBytes(kMagic));
  out.U8(kVersion);
  out.U64(static_cast<std::uint64_t>(now.unix_ns()));
  out.U32(count);
  out.Raw(body.bytes());
  return out.Take();
}

Status Source::RestoreState(Bytes state, Instant now) {
  if (state.size() > kStateBytesMax) return Invalid("state of a source: too large");
  ByteReader in(state);
  std::uint32_t count = 0;
  TRY_IN("state of a source", ReadHead(&in, now, &count));
  Sessions restored;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Saved saved = TRY_IN(fmt::format("state of a source: session {}", i), ReadSaved(&in));
    std::optional<Session> session = MakeSession(saved.ip);
    if (!session.has_value()) continue;
    TRY_IN(fmt::format("state of a source: session {}", i), session->decoder->RestoreState(saved.state));
    restored.emplace(Key{saved.ip, saved.port, 0}, std::move(*session));
  }
  if (in.remaining() != 0) return Invalid("state of a source: octets after its end");
  CHECK(sessions_.empty());
  sessions_ = std::move(restored);
  for (auto& [key, session] : sessions_) session.place = by_use_.insert(by_use_.end(), key);
  return Done{};
}

}  // namespace probatio::collect
