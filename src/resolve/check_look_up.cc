// Is a look-up within the scope? The scope and the look-up both come from outside when the custodians'
// station asks, so nothing here is taken for granted but the signatures over the scope. One function per rule
// of docs/operate/resolve.md, section "What may be looked up".
#include <algorithm>

#include "resolve/items.h"
#include "resolve/look_up_period.h"
#include "resolve/nat_match.h"

namespace probatio::resolve {
namespace {

using order::ScopeLine;
using order::SubjectKind;
using seal::SelectorKind;
using seal::Stream;

Status CheckSubject(const ScopeLine& line) {
  switch (line.subject.kind) {
    case SubjectKind::kMessage:
    case SubjectKind::kAccount:
    case SubjectKind::kSubscriber:
      if (line.subject.value.empty()) return Denied("the line's subject is empty");
      if (line.subject.tuple.has_value()) return Denied("only a tuple line carries a tuple");
      return Done{};
    case SubjectKind::kTuple:
      if (!line.subject.tuple.has_value()) return Denied("the line names no tuple");
      if (line.subject.tuple->error_ns < 0 || line.subject.tuple->error_ns > kTupleErrorMaxNs) {
        return Denied("the tuple's error is out of bounds");
      }
      return Done{};
    case SubjectKind::kPhone:
    case SubjectKind::kEmail:
    case SubjectKind::kOtherAccounts:
    case SubjectKind::kOther:
      break;
  }
  return Denied("a subject of kind " + std::string(ToText(line.subject.kind)) + " cannot be looked up");
}

bool Fits(SelectorKind selector, Stream stream) {
  switch (selector) {
    case SelectorKind::kPublicTuple:
      return stream == Stream::kNatSession;
    case SelectorKind::kPublicIp:
      return stream == Stream::kNatBlock;
    case SelectorKind::kInside:
    case SelectorKind::kPrefix:
    case SelectorKind::kNas:
    case SelectorKind::kSharingRule:
      return stream == Stream::kAccess;
    case SelectorKind::kAccount:
    case SelectorKind::kMessage:
      return stream == Stream::kActivity;
    case SelectorKind::kSubject:
      return seal::IsSubjectStream(stream);
  }
  return false;
}

Status CheckStream(const ScopeLine& line, SelectorKind selector, Stream stream) {
  if (!Fits(selector, stream)) {
    return Denied("stream " + std::string(ToText(stream)) + " is not searched by " +
                  std::string(ToText(selector)));
  }
  switch (stream) {
    case Stream::kIdentity:
      if (!Grants(line, ItemGroup::kIdentity)) return Denied("the line grants no identity item");
      return Done{};
    case Stream::kAccount:
      if (!Grants(line, ItemGroup::kAccount)) return Denied("the line grants no account item");
      return Done{};
    case Stream::kPassword:
      if (!Grants(line, ItemGroup::kPassword)) return Denied("the line does not name the password item");
      return Done{};
    case Stream::kActivity:
      // The light rows of a message are read to find its account, whatever the items.
      if (selector == SelectorKind::kMessage || Grants(line, ItemGroup::kConnection)) return Done{};
      return Denied("the line grants no connection item");
    case Stream::kNatSession:
    case Stream::kNatBlock:
    case Stream::kAccess:
      if (line.subject.kind == SubjectKind::kTuple) return Done{};
      return Denied("network streams are read for a tuple only");
  }
  return Denied("no such stream");
}

Status CheckStreams(const ScopeLine& line, const LookUp& look_up) {
  if (look_up.streams.empty()) return Denied("it names no stream");
  for (const Stream stream : look_up.streams) TRY(CheckStream(line, look_up.selector.kind, stream));
  return Done{};
}

bool Within(const Period& inner, const Period& outer) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

Status CheckPeriod(const ScopeLine& line, const LookUp& look_up) {
  if (look_up.period.end <= look_up.period.begin) return Denied("its period is empty");
  for (const Stream stream : look_up.streams) {
    if (!Within(look_up.period, AllowedPeriod(line, stream))) {
      return Denied("its period reaches beyond what the line allows in stream " +
                    std::string(ToText(stream)));
    }
  }
  return Done{};
}

// The selectors that the line's own subject names, without any row.
bool SubjectNames(const ScopeLine& line, const seal::Selector& selector) {
  const order::Subject& subject = line.subject;
  switch (subject.kind) {
    case SubjectKind::kMessage:
      return selector == seal::ForMessage(subject.value);
    case SubjectKind::kAccount:
      return selector == seal::ForAccount(subject.value) || selector == seal::ForSubject(subject.value);
    case SubjectKind::kSubscriber:
      return selector == seal::ForSubject(subject.value);
    case SubjectKind::kTuple:
      return selector == seal::ForPublicTuple(subject.tuple->ip, subject.tuple->port) ||
             selector == seal::ForPublicIp(subject.tuple->ip);
    default:
      return false;
  }
}

Status CheckInstant(const ScopeLine& line, const record::Record& row) {
  if (AllowedPeriod(line, seal::StreamOf(row)).Contains(record::OriginOf(row).at.at)) return Done{};
  return Denied("the row it rests on lies outside what the line allows");
}

// message -> account.
Status CheckStep(const ScopeLine& line, const record::Activity& row, const seal::Selector& selector) {
  if (line.subject.kind != SubjectKind::kMessage)
    return Denied("an activity row leads on from a message only");
  if (row.message != line.subject.value) return Denied("the row it rests on is of another message");
  if (selector == seal::ForAccount(row.account) || selector == seal::ForSubject(row.account)) return Done{};
  return Denied("the row it rests on names another account");
}

// tuple -> inside address, or subscriber where the event itself names one.
Status CheckStep(const ScopeLine& line, const record::NatEvent& row, const seal::Selector& selector) {
  if (line.subject.kind != SubjectKind::kTuple) return Denied("a nat event leads on from a tuple only");
  if (!Covers(row, *line.subject.tuple)) return Denied("the nat event it rests on is of another tuple");
  if (row.inside_ip.has_value() &&
      selector == seal::ForInside(*row.inside_ip, row.inside_realm.value_or(""))) {
    return Done{};
  }
  if (row.subscriber.has_value() && selector == seal::ForSubject(*row.subscriber)) return Done{};
  return Denied("the nat event it rests on names another inside address or subscriber");
}

// inside address -> subscriber.
Status CheckStep(const ScopeLine& line, const record::AccessSession& row, const seal::Selector& selector) {
  if (line.subject.kind != SubjectKind::kTuple) return Denied("an access session leads on from a tuple only");
  if (row.subscriber.has_value() && selector == seal::ForSubject(*row.subscriber)) return Done{};
  return Denied("the access session it rests on names another subscriber");
}

// What a rule leads to is computed from it; no plan does so yet.
Status CheckStep(const ScopeLine&, const record::SharingRule&, const seal::Selector&) {
  return Denied("an address-sharing rule leads no further");
}

// Account and identity rows are where every plan ends.
Status CheckStep(const ScopeLine&, const record::Account&, const seal::Selector&) {
  return Denied("an account row leads no further");
}
Status CheckStep(const ScopeLine&, const record::Identity&, const seal::Selector&) {
  return Denied("an identity row leads no further");
}

// The faces that carry what CheckStep and CheckInstant read.
Status CheckProof(const seal::ProvenRow& row) {
  if (!row.proof.has_value())
    return Done{};  // a dead segment's row: the station opens its journal batch (reader.h)
  for (const record::Face face : EventFaces()) {
    const auto same = [&](const seal::FaceOpening& opening) { return opening.face == face; };
    const auto opening = std::find_if(row.proof->faces.begin(), row.proof->faces.end(), same);
    if (opening == row.proof->faces.end())
      return Denied("the row it rests on does not open its naming faces");
    const Status proved = seal::VerifyFace(row.record, *opening, *row.proof);
    if (!proved.ok()) return Denied("the row it rests on is not proved: " + proved.error().what());
  }
  return Done{};
}

Status CheckSelector(const ScopeLine& line, const LookUp& look_up) {
  if (SubjectNames(line, look_up.selector)) return Done{};
  if (!look_up.because.has_value()) return Denied("neither the line's subject nor a row names its selector");
  const seal::ProvenRow& because = *look_up.because;
  const auto step = [&](const auto& row) { return CheckStep(line, row, look_up.selector); };
  TRY(std::visit(step, because.record));
  TRY(CheckInstant(line, because.record));
  return CheckProof(because);
}

Status CheckAgainst(const ScopeLine& line, const LookUp& look_up) {
  TRY(CheckSubject(line));
  TRY(CheckStreams(line, look_up));
  TRY(CheckPeriod(line, look_up));
  return CheckSelector(line, look_up);
}

}  // namespace

Status CheckLookUp(const order::Scope& scope, const LookUp& look_up) {
  const ScopeLine* line = scope.Find(look_up.line);
  if (line == nullptr) return Denied("look-up: the scope has no such line");
  TRY_IN("look-up for line " + line->id, CheckAgainst(*line, look_up));
  return Done{};
}

}  // namespace probatio::resolve
