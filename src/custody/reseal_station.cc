// The station's side: what is checked before a share is opened, and whom the new keys are for.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "custody/reseal.h"
#include "custody/station_because.h"
#include "custody/wrapped_key.h"

namespace probatio::custody {
namespace {

using seal::SegmentInfo;
using seal::SegmentState;

Error Declined(const std::string& why) {
  return Denied("station: " + why);
}

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto found = entry.fields.find(name);
  return found == entry.fields.end() ? std::string() : found->second;
}

Result<std::uint64_t> NumberOf(const ledger::Entry& entry, const std::string& name) {
  const std::string text = FieldOf(entry, name);
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty())
    return Denied("its ledger entry does not say " + name);
  return number;
}

Result<crypto::Digest> DigestOf(const ledger::Entry& entry, const std::string& name) {
  const Buffer bytes = TRY(FromHex(FieldOf(entry, name)));
  crypto::Digest digest{};
  if (bytes.size() != digest.size()) return Denied("its ledger entry does not say " + name);
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

// The ledger knew of this very request before any share is opened.
Status CheckLedger(const SentReseal& sent, const crypto::Digest& digest, const Anchors& anchors) {
  const Result<ledger::ProvedEntry> proved = ledger::VerifyEntry(sent.entry, anchors.ledger_key);
  if (!proved.ok()) return Declined("the request is not in the ledger: " + proved.error().what());
  const ledger::Entry& entry = proved.value().entry;
  if (entry.type != "custody_reseal" || FieldOf(entry, "digest") != ToHex(digest)) {
    return Declined("the ledger entry is not of this request");
  }
  return Done{};
}

// What the ledger says of a source: what its bytes must agree with.
Result<SegmentInfo> ReadSource(const ResealSource& source, const Anchors& anchors) {
  const seal::SegmentName name = TRY(seal::ParseSegmentId(source.segment));
  SegmentInfo info;
  info.id = source.segment;
  info.window = seal::WindowOf(name.stream, name.begin);
  TRY(CheckSegmentName(info.id, info.window));
  const Result<ledger::ProvedEntry> proved = ledger::VerifyEntry(source.closed, anchors.ledger_key);
  if (!proved.ok()) return Denied("its ledger entry: " + proved.error().what());
  const ledger::Entry& entry = proved.value().entry;
  if (FieldOf(entry, "segment") != info.id.text()) return Denied("the ledger entry is of another segment");
  if (entry.type == "segment_closed_by_crash") {
    info.state = SegmentState::kClosedByCrash;
    info.journal.batches = TRY(NumberOf(entry, "journal_batches"));
    info.journal.digest = TRY(DigestOf(entry, "journal_digest"));
    return info;
  }
  if (entry.type != "segment_closed" && entry.type != "segment_resealed")
    return Denied("the ledger entry closes no segment");
  info.state = SegmentState::kClosed;
  info.root = TRY(DigestOf(entry, "root"));
  info.leaf_count = TRY(NumberOf(entry, "leaf_count"));
  info.rows = TRY(NumberOf(entry, "rows"));
  info.loose = TRY(NumberOf(entry, "loose"));
  return info;
}

std::uint32_t RunOf(const SegmentInfo& info) {
  return seal::ParseSegmentId(info.id).value().run;
}

// One stream, because streams have keys of their own that must not meet; and only what the act is about.
Status CheckSources(const Reseal& reseal, const std::vector<SegmentInfo>& sources) {
  const SegmentInfo& first = sources.front();
  std::set<SegmentId> seen;
  for (const SegmentInfo& info : sources) {
    if (!seen.insert(info.id).second) return Declined("segment " + info.id.text() + " stands twice");
    if (info.window.stream != first.window.stream) return Declined("the segments are of different streams");
    if (info.id == seal::MakeSegmentId(info.window, reseal.run))
      return Declined("the new segments' run is that of an old one");
    const bool dead = info.state == SegmentState::kClosedByCrash;
    if (dead != (reseal.kind == ResealKind::kRebuild))
      return Declined("segment " + info.id.text() + (dead ? " is a dead one" : " is no dead one"));
    if (reseal.kind == ResealKind::kRebuild && RunOf(info) != RunOf(first))
      return Declined("the dead segments are of different runs");
    if (reseal.kind == ResealKind::kMerge && info.window != first.window)
      return Declined("the segments are of different windows");
  }
  if (seal::IsSubjectStream(first.window.stream))
    return Declined("rows of a subject open with the subject's key alone");
  if (reseal.kind == ResealKind::kMerge && sources.size() < 2) return Declined("one segment is no merge");
  return Done{};
}

// The names in a wrapped key are the server's word: it could add its own. So a new key goes only to those
// whom the station knows, from its ceremony or by their own keys, and who had a share in every source.
Result<CustodianSet> CustodiansOf(const Reseal& reseal, const Anchors& anchors,
                                  std::span<const CustodianKey> present) {
  std::map<crypto::Digest, crypto::Certificate> known;
  for (const crypto::Certificate& one : anchors.custodians) known.emplace(one.Fingerprint(), one);
  for (const CustodianKey& one : present) known.emplace(one.certificate.Fingerprint(), one.certificate);
  CustodianSet set;
  std::vector<crypto::Digest> common;
  for (const ResealSource& source : reseal.sources) {
    const Wrapped wrapped = TRY_IN("station: segment " + source.segment.text(), ParseWrapped(source.wrapped));
    const bool first = &source == &reseal.sources.front();
    if (!first && wrapped.needed != set.needed)
      return Declined("the segments need different numbers of custodians");
    set.needed = wrapped.needed;
    std::vector<crypto::Digest> here;
    for (const WrappedShare& share : wrapped.shares) {
      const bool so_far = first || std::find(common.begin(), common.end(), share.fingerprint) != common.end();
      if (so_far && known.count(share.fingerprint) > 0) here.push_back(share.fingerprint);
    }
    common = std::move(here);
  }
  for (const crypto::Digest& one : common) set.custodians.push_back(known.at(one));
  const Status enough = CheckThreshold(set.needed, set.custodians.size());
  if (enough.ok()) return set;
  return Declined(
      fmt::format("{} custodians of all these segments are known here, {} are needed: pin the "
                  "custodians' certificates (custody anchors) or merge segments of one set",
                  set.custodians.size(), set.needed));
}

}  // namespace

Result<OpenedReseal> OpenReseal(std::string_view sent_json, const Anchors& anchors,
                                std::span<const CustodianKey> present, Instant now) {
  const SentReseal sent = TRY(SentResealFromJson(sent_json));
  OpenedReseal opened;
  opened.reseal = TRY(ResealFromJson(sent.reseal_json));
  opened.digest = crypto::Sha256(AsBytes(sent.reseal_json));
  const Reseal& reseal = opened.reseal;
  TRY(CheckLedger(sent, opened.digest, anchors));
  if (reseal.provider != anchors.provider) return Declined("the request is of another provider");
  if (now < reseal.made_at - kRequestClockSkewMaxNs) return Declined("the request is made in the future");
  for (const ResealSource& source : reseal.sources) {
    SegmentInfo info = TRY_IN("station: segment " + source.segment.text(), ReadSource(source, anchors));
    opened.sources.push_back(std::move(info));
  }
  TRY(CheckSources(reseal, opened.sources));
  opened.set = TRY(CustodiansOf(reseal, anchors, present));
  for (const ResealSource& source : reseal.sources) {
    const Key key = TRY_IN("station: segment " + source.segment.text(),
                           UnwrapKey(source.wrapped, SegmentContext(source.segment), present));
    opened.keys.try_emplace(source.segment, key);
  }
  return opened;
}

Result<std::vector<seal::ResealSignature>> SignResealed(const crypto::Digest& body, const CustodianSet& set,
                                                        std::span<const CustodianKey> present) {
  std::vector<seal::ResealSignature> signatures;
  for (const crypto::Certificate& custodian : set.custodians) {
    const CustodianKey* const key = FindPresent(present, custodian.Fingerprint());
    if (key == nullptr) continue;
    Buffer signature =
        TRY_IN("station: signature of " + custodian.CommonName(), key->key.Sign(seal::SignedText(body)));
    signatures.push_back({custodian.ToDer(), std::move(signature)});
  }
  return signatures;
}

}  // namespace probatio::custody
