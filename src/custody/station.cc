// The station's answer. The order of the checks is the policy and stands in AnswerRequest; no share is opened
// before the scope, the approvals and the ledger's entry hold, and nothing is returned unless every question
// holds.
#include "custody/station.h"

#include <fmt/format.h>

#include <algorithm>

#include "custody/held_file.h"
#include "custody/station_because.h"

namespace probatio::custody {
namespace {

Error Declined(const std::string& why) {
  return Denied("station: " + why);
}

// The ledger knew of this very request before any share is opened.
Result<ledger::Entry> CheckLedger(const SentRequest& sent, const crypto::Digest& digest,
                                  const Anchors& anchors) {
  const Result<ledger::ProvedEntry> proved = ledger::VerifyEntry(sent.entry, anchors.ledger_key);
  if (!proved.ok()) return Declined("the request is not in the ledger: " + proved.error().what());
  const ledger::Entry& entry = proved.value().entry;
  const auto digest_field = entry.fields.find("digest");
  if (entry.type != "custody_request" || digest_field == entry.fields.end() ||
      digest_field->second != ToHex(digest)) {
    return Declined("the ledger entry is not of this request");
  }
  return entry;
}

Result<order::Scope> CheckScope(const Request& request, const ledger::Entry& entry, const Anchors& anchors) {
  Result<order::Scope> scope = order::ScopeFromJson(request.signed_scope.scope_json);
  if (!scope.ok()) return Declined("scope: " + scope.error().what());
  const auto order_field = entry.fields.find("order");
  if (order_field == entry.fields.end() || order_field->second != scope.value().order.text()) {
    return Declined("the ledger entry names another order than the scope");
  }
  if (scope.value().provider != anchors.provider) return Declined("the scope is for another provider");
  const Status approved = order::CheckApprovals(request.signed_scope, anchors.approvers);
  if (!approved.ok()) return Declined(approved.error().what());
  return scope;
}

Status CheckTime(const Request& request, const order::Scope& scope, Instant now) {
  if (now >= scope.valid_until) return Declined("the scope has expired");
  if (now < request.made_at - kRequestClockSkewMaxNs) return Declined("the request is made in the future");
  return Done{};
}

bool AsksSubject(const resolve::LookUp& look_up) {
  return std::any_of(look_up.streams.begin(), look_up.streams.end(), seal::IsSubjectStream);
}

Status CheckSegment(const SegmentAsked& asked, const resolve::LookUp& look_up) {
  const auto& streams = look_up.streams;
  if (std::find(streams.begin(), streams.end(), asked.window.stream) == streams.end()) {
    return Denied("segment: of a stream that the look-up does not search");
  }
  TRY(CheckSegmentName(asked.segment, asked.window));
  // Versions are filed on the day they arrived, which may be any day; their rows open with the subject's key
  // alone.
  if (seal::IsSubjectStream(asked.window.stream)) {
    if (!asked.crashed) return Denied("segment: of a subject stream, whose rows have the subject's key");
    return Done{};
  }
  if (!asked.window.period.Overlaps(look_up.period)) return Denied("segment: outside the look-up's period");
  return Done{};
}

Status CheckSubject(const Question& question) {
  const bool asks = AsksSubject(question.look_up);
  if (asks != question.subject.has_value()) return Denied("a subject's key goes with a subject's stream");
  if (!asks) return Done{};
  if (question.look_up.streams.size() != 1)
    return Denied("a subject's stream stands in a question of its own");
  if (question.look_up.selector.kind != seal::SelectorKind::kSubject)
    return Denied("the selector names no subject");
  return Done{};
}

// One section of the hold of the order whose scope was signed, for a line that reaches records of its class.
Status CheckHeld(const order::Scope& scope, const Question& question) {
  if (scope.kind != order::GrantKind::kDisclose) return Denied("a hold's section opens to disclose only");
  if (!question.segments.empty() || question.subject.has_value())
    return Denied("a hold's section stands in a question of its own");
  for (const seal::Stream stream : question.look_up.streams) {
    if (seal::ClassOf(stream) != question.held->record_class)
      return Denied("the hold's section is of another class than the look-up");
  }
  return Done{};
}

Status CheckQuestion(const order::Scope& scope, const Question& question, const Anchors& anchors,
                     StationKeys* keys) {
  TRY(resolve::CheckLookUp(scope, question.look_up));
  TRY(question.held.has_value() ? CheckHeld(scope, question) : CheckSubject(question));
  for (const SegmentAsked& asked : question.segments) TRY(CheckSegment(asked, question.look_up));
  TRY_IN("the row it rests on", CheckBecause(question, anchors, keys));
  return Done{};
}

Status OpenSegments(std::uint32_t number, const Question& question, StationKeys* keys,
                    std::vector<Opened>* opened) {
  for (const SegmentAsked& asked : question.segments) {
    seal::WindowKeys* const window = TRY(keys->Of(asked));
    Opened& one = opened->emplace_back();
    one.question = number;
    one.segment = asked.segment;
    one.token = question.subject.has_value() ? seal::TokenOfSubject(*question.subject)
                                             : window->TokenOf(question.look_up.selector);
    if (!question.subject.has_value()) one.keys = window->KeysOf(one.token);
    if (asked.crashed) one.journal_index = window->JournalIndexKey();
  }
  return Done{};
}

// What came from the box and is no wrapped key was damaged there: the request itself has the right shape.
Result<Key> UnwrapDamaged(Bytes wrapped, Bytes context, std::span<const CustodianKey> present) {
  Result<Key> key = UnwrapKey(wrapped, context, present);
  if (key.ok() || key.error().code() != ErrorCode::kInvalid) return key;
  return CryptoError(key.error().what());
}

// The holder's id is in the context that was sealed with each share: another person's key does not open.
Status OpenSubject(std::uint32_t number, const Question& question, StationKeys* keys,
                   std::vector<Opened>* opened) {
  if (!question.subject.has_value()) return Done{};
  const std::string_view holder = AsText(question.look_up.selector.value);
  const Buffer context = SubjectContext(question.look_up.streams.front(), *question.subject, holder);
  const std::string place = "subject " + ToHex(*question.subject);
  Key key = TRY_IN(place, UnwrapDamaged(question.subject_wrapped, context, keys->present()));
  Opened& one = opened->emplace_back();
  one.question = number;
  one.token = seal::TokenOfSubject(*question.subject);
  one.subject_private = std::move(key);
  return Done{};
}

// The scope's own order is in the context, whatever order the wrapped key came from.
Status OpenHeld(std::uint32_t number, const Question& question, const OrderId& order, StationKeys* keys,
                std::vector<Opened>* opened) {
  if (!question.held.has_value()) return Done{};
  const Buffer context = HeldContext(order, question.held->record_class);
  const std::string place = fmt::format("hold's section {}", record::ToText(question.held->record_class));
  Key key = TRY_IN(place, UnwrapDamaged(question.held->wrapped, context, keys->present()));
  Opened& one = opened->emplace_back();
  one.question = number;
  one.held_section = std::move(key);
  return Done{};
}

Result<std::vector<Opened>> OpenQuestions(const Request& request, const OrderId& order, StationKeys* keys) {
  std::vector<Opened> opened;
  for (std::size_t i = 0; i < request.questions.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    const std::string place = fmt::format("station: question {}", i);
    TRY_IN(place, OpenSubject(number, request.questions[i], keys, &opened));
    TRY_IN(place, OpenSegments(number, request.questions[i], keys, &opened));
    TRY_IN(place, OpenHeld(number, request.questions[i], order, keys, &opened));
  }
  return opened;
}

}  // namespace

Result<Buffer> AnswerRequest(std::string_view sent_request_json, const Anchors& anchors,
                             std::span<const CustodianKey> present, Instant now, Random& random) {
  const SentRequest sent = TRY(SentRequestFromJson(sent_request_json));
  const Request request = TRY(RequestFromJson(sent.request_json));
  const crypto::Digest digest = crypto::Sha256(AsBytes(sent.request_json));
  const ledger::Entry entry = TRY(CheckLedger(sent, digest, anchors));
  const order::Scope scope = TRY(CheckScope(request, entry, anchors));
  TRY(CheckTime(request, scope, now));
  StationKeys keys(present);
  for (std::size_t i = 0; i < request.questions.size(); ++i) {
    TRY_IN(fmt::format("station: question {}", i),
           CheckQuestion(scope, request.questions[i], anchors, &keys));
  }
  const std::vector<Opened> opened = TRY(OpenQuestions(request, scope.order, &keys));
  return SealAnswer(request, digest, opened, random);
}

}  // namespace probatio::custody
