#include "order/authority.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/certificate_path.h"
#include "crypto/pdf_signature.h"
#include "law/words.h"
#include "order/json_view.h"

namespace probatio::order {
namespace {

constexpr std::string_view kSchema = "probatio-authority/2";

Status CheckUsable(const Authority& authority, const Order& order, Instant now) {
  if (law::Folded(authority.name) != law::Folded(order.court)) {
    return Denied(fmt::format("authority {}: is '{}', the order names '{}'", authority.id, authority.name,
                              order.court));
  }
  if (!authority.confirmed_by)
    return Denied(fmt::format("authority {}: no second person has confirmed its details", authority.id));
  const Instant from = authority.entered_at + kCoolingDays * kNsPerDay;
  if (authority.replaced && now < from) {
    return Denied(fmt::format("authority {}: its details changed on {}; not used before {}", authority.id,
                              authority.entered_at.ToRfc3339(), from.ToRfc3339()));
  }
  return Done{};
}

// The certificates that an authority is known by.
struct KnownAnchors {
  std::vector<crypto::Certificate> signers;
  std::vector<crypto::Certificate> stamps;
};

Result<KnownAnchors> AnchorsOf(const Authority& authority) {
  if (authority.anchor_pem.empty())
    return Denied(fmt::format("authority {}: no certificate is known", authority.id));
  const std::string place = "authority " + authority.id;
  KnownAnchors anchors;
  anchors.signers = TRY_IN(place, crypto::CertificatesFromPem(authority.anchor_pem));
  if (!authority.stamp_anchor_pem.empty())
    anchors.stamps = TRY_IN(place, crypto::CertificatesFromPem(authority.stamp_anchor_pem));
  return anchors;
}

Status CheckNamed(const Order& order, const std::string& digest) {
  const bool named = std::any_of(order.papers.begin(), order.papers.end(),
                                 [&](const Paper& one) { return one.sha256 == digest; });
  if (!named) return Denied(fmt::format("paper: the order names none with the digest {}", digest));
  return Done{};
}

// The part of the file that is the paper, and how its signature lies to it.
struct Extent {
  Bytes paper;
  std::string words;
};

Result<Extent> ExtentOf(const SignedPaper& paper) {
  if (paper.signature) return Extent{paper.file, ""};
  if (!paper.signed_revision) return Extent{paper.file, " inside the PDF, over all of it"};
  const std::size_t size = TRY(crypto::SignedRevision(paper.file));
  return Extent{
      paper.file.first(size),
      fmt::format(" inside the PDF, over its first {} bytes, which are the paper; {} bytes that were "
                  "added later are left out",
                  size, paper.file.size() - size)};
}

}  // namespace

std::string AuthorityToJson(const Authority& authority) {
  nlohmann::json value = {{"schema", kSchema},
                          {"id", authority.id},
                          {"name", authority.name},
                          {"phone", authority.phone},
                          {"source", authority.source},
                          {"anchor_pem", authority.anchor_pem},
                          {"stamp_anchor_pem", authority.stamp_anchor_pem},
                          {"entered_by", authority.entered_by.text()},
                          {"entered_at", authority.entered_at.ToRfc3339()},
                          {"replaced", authority.replaced}};
  if (authority.confirmed_by) value["confirmed_by"] = authority.confirmed_by->text();
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Authority> AuthorityFromJson(std::string_view json) {
  const JsonValue value = TRY(ParseJson(json, "authority", kAuthorityBytesMax));
  const JsonView view(value, "authority");
  TRY(view.OnlyKeys({"schema", "id", "name", "phone", "source", "anchor_pem", "stamp_anchor_pem",
                     "entered_by", "entered_at", "replaced", "confirmed_by"}));
  const std::string schema = TRY(view.Text("schema"));
  if (schema != kSchema) return view.WrongAt("schema", fmt::format("not '{}'", kSchema));
  Authority authority;
  authority.id = TRY(view.Parsed("id", CheckIdText));
  authority.name = TRY(view.Filled("name"));
  authority.phone = TRY(view.Text("phone"));
  authority.source = TRY(view.Filled("source"));
  authority.anchor_pem = TRY(view.Text("anchor_pem"));
  authority.stamp_anchor_pem = TRY(view.Text("stamp_anchor_pem"));
  if (authority.phone.empty() && authority.anchor_pem.empty())
    return view.Wrong("neither a number to call back nor a certificate");
  authority.entered_by = TRY(view.Parsed("entered_by", PersonId::Parse));
  authority.entered_at = TRY(view.Parsed("entered_at", Instant::ParseRfc3339));
  authority.replaced = TRY(view.Flag("replaced"));
  if (view.Has("confirmed_by")) authority.confirmed_by = TRY(view.Parsed("confirmed_by", PersonId::Parse));
  return authority;
}

Result<Authority> Confirm(Authority authority, const PersonId& by) {
  if (authority.confirmed_by)
    return Denied(
        fmt::format("authority {}: confirmed already by {}", authority.id, authority.confirmed_by->text()));
  if (authority.entered_by == by)
    return Denied(
        fmt::format("authority {}: {} entered it; another person confirms", authority.id, by.text()));
  authority.confirmed_by = by;
  return authority;
}

Result<Proof> ProveByCallBack(const Authority& authority, const Order& order, const std::string& who_answered,
                              Instant now) {
  TRY(CheckUsable(authority, order, now));
  if (authority.phone.empty())
    return Denied(fmt::format("authority {}: no number to call back is known", authority.id));
  if (who_answered.empty()) return Invalid("call back: say who answered and what was confirmed");
  return Proof{"call_back", fmt::format("called {} back at {} ({}): {}", authority.id, authority.phone,
                                        authority.source, who_answered)};
}

Result<Proof> ProveBySignature(const Authority& authority, const Order& order, const SignedPaper& paper,
                               Instant now) {
  TRY(CheckUsable(authority, order, now));
  const KnownAnchors known = TRY(AnchorsOf(authority));
  const crypto::Anchors anchors(known.signers, known.stamps);
  const Extent extent = TRY(ExtentOf(paper));
  const std::string digest = ToHex(crypto::Sha256(extent.paper));
  TRY(CheckNamed(order, digest));
  crypto::Signature verified =
      TRY(paper.signature ? crypto::VerifyDetached(extent.paper, *paper.signature, anchors, now)
                          : crypto::VerifyPdf(extent.paper, anchors, now));
  // What was left out may still hold lists and responses: those stand by their own signatures.
  for (crypto::RevocationValue& value :
       crypto::FindPdfRevocationValues(paper.file.subspan(extent.paper.size())))
    verified.revocation.push_back(std::move(value));
  const crypto::RevocationReport revocation =
      TRY(crypto::JudgeRevocation(verified, anchors, paper.revocation, now));
  const std::string when = verified.timestamp ? "time-stamped " + verified.timestamp->at.ToRfc3339()
                                              : "no time-stamp, judged " + now.ToRfc3339();
  return Proof{"signature",
               fmt::format("signed by {} (certificate {}){}, under {}, {}; {}; paper {}",
                           verified.signer.CommonName(), ToHex(verified.signer.Fingerprint()).substr(0, 16),
                           extent.words, authority.id, when, crypto::RevocationText(revocation), digest)};
}

}  // namespace probatio::order
