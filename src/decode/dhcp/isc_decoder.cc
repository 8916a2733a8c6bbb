#include "decode/dhcp/isc_decoder.h"

#include <fmt/format.h>

#include "decode/dhcp/isc_tokens.h"
#include "decode/radius/station.h"

namespace probatio::decode {

// What the statements of one lease say.
struct IscDecoder::Statements {
  Lease lease;  // address or prefix, client, mac, option 82
  std::string state;
  std::optional<Instant> starts;
  std::optional<Instant> ends;  // absent also where it is "never"
  std::optional<Instant> cltt;
};

namespace {

using Tokens = std::span<const IscToken>;

// "4 2024/10/17 08:00:00" in UTC, "epoch 1729152000", or "never": nothing.
Result<std::optional<Instant>> ReadTime(Tokens words) {
  if (words.size() == 1 && words[0].Is("never")) return std::optional<Instant>();
  if (words.size() == 2 && words[0].Is("epoch")) {
    const EpochTime at = TRY(ParseEpochTime(words[1].text));
    return std::optional(at.at);
  }
  if (words.size() != 3) return Invalid("no time");
  const CivilTime civil = TRY(ParseCivilTime("%Y/%m/%d %H:%M:%S", words[1].text + ' ' + words[2].text));
  const Instant at = TRY(Instant::FromCivilUtc(civil.year.value_or(0), civil.month, civil.day, civil.hour,
                                               civil.minute, civil.second));
  return std::optional(at);
}

// A quoted text holds octets; bare words with colons are octets in hexadecimal.
Result<Buffer> OctetsOf(const IscToken& token) {
  if (token.quoted) return ToBuffer(AsBytes(token.text));
  std::string digits;
  std::string_view rest = token.text;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty() || pair.size() > 2) return Invalid("no octets");
    digits += pair.size() == 1 ? "0" + std::string(pair) : std::string(pair);
  }
  return FromHex(digits);
}

std::string ClientText(Bytes octets) {
  return MacOf(octets);  // pairs with colons: a client identifier or DUID is octets, not text
}

Status ReadOption(Tokens words, Lease* lease) {
  if (words.size() != 3) return Done{};
  std::optional<std::string>* field = nullptr;
  if (words[1].Is("agent.circuit-id")) field = &lease->circuit_id;
  if (words[1].Is("agent.remote-id")) field = &lease->remote_id;
  if (words[1].Is("agent.subscriber-id")) field = &lease->subscriber_id;
  if (field == nullptr) return Done{};
  const Buffer octets = TRY(OctetsOf(words[2]));
  if (!octets.empty()) *field = TextOf(octets);
  return Done{};
}

// One statement without its semicolon, into what the lease says. Statements that are not ours are stepped
// over.
template <class Statements>
Status ReadStatement(Tokens words, Statements* said) {
  if (words.empty()) return Done{};
  const Tokens rest = words.subspan(1);
  if (words[0].Is("starts")) said->starts = TRY_IN("starts", ReadTime(rest));
  if (words[0].Is("ends")) said->ends = TRY_IN("ends", ReadTime(rest));
  if (words[0].Is("cltt")) said->cltt = TRY_IN("cltt", ReadTime(rest));
  if (words[0].Is("binding") && words.size() == 3 && words[1].Is("state")) said->state = words[2].text;
  if (words[0].Is("hardware") && words.size() == 3) said->lease.mac = MacOf(words[2].text);
  if (words[0].Is("uid") && words.size() == 2) {
    const Buffer octets = TRY_IN("uid", OctetsOf(words[1]));
    said->lease.client = ClientText(octets);
  }
  if (words[0].Is("option")) TRY_IN("option", ReadOption(words, &said->lease));
  return Done{};
}

// Where the statement that begins at `at` ends: at its semicolon or a brace.
std::size_t EndOf(Tokens tokens, std::size_t at) {
  while (at < tokens.size() && !tokens[at].Is(";") && !tokens[at].Is("{") && !tokens[at].Is("}")) ++at;
  return at;
}

// The brace that closes the block whose content begins at `at`; the size where none does.
std::size_t CloseOf(Tokens tokens, std::size_t at) {
  for (std::size_t open = 1; at < tokens.size(); ++at) {
    if (tokens[at].Is("{")) ++open;
    if (tokens[at].Is("}") && --open == 0) break;
  }
  return at;
}

bool IsLeaseBlock(Tokens words) {
  return words.size() == 2 && (words[0].Is("iaaddr") || words[0].Is("iaprefix"));
}

template <class Statements>
Status ReadHead(const IscToken& kind, const IscToken& name, Statements* said) {
  if (kind.Is("lease")) {
    said->lease.address = TRY_IN("lease", IpAddress::Parse(name.text));
    return Done{};
  }
  const Buffer client = TRY_IN(kind.text, OctetsOf(name));  // IAID, then DUID (RFC 8415)
  said->lease.client = ClientText(client);
  return Done{};
}

// `iaaddr` or `iaprefix`, inside the braces.
template <class Statements>
Status ReadLeaseBlock(Tokens head, Tokens body, Statements* said) {
  if (head[0].Is("iaprefix")) {
    said->lease.prefix = TRY_IN("iaprefix", IpPrefix::Parse(head[1].text));
  } else {
    said->lease.address = TRY_IN("iaaddr", IpAddress::Parse(head[1].text));
  }
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = EndOf(body, at);
    if (end == body.size() || body[end].Is("}")) return Invalid("a statement without its semicolon");
    if (body[end].Is(";")) TRY(ReadStatement(body.subspan(at, end - at), said));
    at = body[end].Is("{") ? std::min(body.size(), CloseOf(body, end + 1) + 1) : end + 1;
  }
  return Done{};
}

}  // namespace

Status IscDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  const std::vector<IscToken> tokens = TRY(ReadIscTokens(AsText(piece.bytes)));
  Tokens all(tokens);
  if (all.size() < 4 || !all[2].Is("{") || CloseOf(all, 3) + 1 != all.size())
    return Invalid("no entry in braces");
  ++log_.counts()["entries"];
  Statements outer;
  outer.lease.exporter = exporter_;
  TRY(ReadHead(all[0], all[1], &outer));
  std::vector<record::Record> records;
  const Tokens body = all.subspan(3, all.size() - 4);
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = EndOf(body, at);
    if (end == body.size()) return Invalid("a statement without its semicolon");
    const Tokens words = body.subspan(at, end - at);
    if (body[end].Is(";")) {
      TRY(ReadStatement(words, &outer));
      at = end + 1;
      continue;
    }
    const std::size_t close = CloseOf(body, end + 1);
    if (IsLeaseBlock(words)) {  // any other block is a program to run when the lease ends
      Statements inner = outer;
      TRY(ReadLeaseBlock(words, body.subspan(end + 1, close - end - 1), &inner));
      TRY(AppendLease(inner, &records));
    }
    at = close + 1;
  }
  if (all[0].Is("lease")) TRY(AppendLease(outer, &records));
  out->insert(out->end(), records.begin(), records.end());
  return Done{};
}

Result<Timestamp> IscDecoder::At(Instant at) const {
  return clock_.Corrected({at, kNsPerSecond, 0, ClockSource::kEvent});
}

Status IscDecoder::AppendLease(const Statements& said, std::vector<record::Record>* out) {
  Lease lease = said.lease;
  if (lease.client.empty()) lease.client = lease.mac.value_or("");
  if (lease.client.empty()) {
    ++log_.counts()["addresses that nobody holds"];
    return Done{};
  }
  std::optional<Instant> at;
  if (said.state == "active") {
    at = said.starts.has_value() ? said.starts : said.cltt;
  } else if (said.state == "free" || said.state == "released" || said.state == "expired" ||
             said.state == "backup" || said.state == "reset") {
    lease.what = Lease::What::kEnded;
    at = said.ends;
  } else {
    ++log_.counts()["leases in another state"];
    return Done{};
  }
  if (!at.has_value())
    return Invalid(lease.what == Lease::What::kEnded ? "ends: missing" : "starts: missing");
  lease.at = TRY(At(*at));
  if (said.ends.has_value()) {
    const Timestamp ends = TRY(At(*said.ends));
    lease.valid_until = ends.at;
  }
  return log_.Append(lease, out);
}

}  // namespace probatio::decode
