// The rules a record keeps before it is handed on: limits, text, identifying fields. Pure; thread-safe.
#include <fmt/format.h>

#include "base/utf8.h"
#include "record/canonical.h"
#include "record/sharing_rule.h"
#include "record/value.h"

namespace probatio::record {
namespace {

// The years that RFC 3339 text and Instant share, so that what is stored can always be printed and read
// again.
constexpr std::int64_t kInstantMinNs = -9'214'560'000 * kNsPerSecond;  // 1678-01-01
constexpr std::int64_t kInstantMaxNs = 9'214'646'400 * kNsPerSecond;   // 2262-01-01, excluded

class FieldChecker {
 public:
  explicit FieldChecker(const std::set<Face>* faces) : faces_(faces) {}

  template <class T>
  void operator()(FieldId field, Face face, const T& value) {
    if (!status_.ok() || (faces_ != nullptr && !faces_->contains(face))) return;
    if (!IsPresent(value)) {
      if (IsRequired(field)) status_ = Invalid(fmt::format("{}: missing", NameOf(field)));
      return;
    }
    const Status checked = CheckValue(Unwrap(value));
    if (!checked.ok()) status_ = checked.error().Within(std::string(NameOf(field)));
  }

  const Status& status() const { return status_; }

 private:
  const std::set<Face>* faces_;  // null: all
  Status status_ = Done{};
};

// An end belongs to what begins, and comes after it.
Status CheckEnd(const NatEvent& event) {
  if (!event.end_at.has_value()) {
    if (event.end_seq.has_value()) return Invalid("end_seq: without end_at");
    return Done{};
  }
  if (NatureOf(event.event) != Nature::kBegins) return Invalid("end_at: of an event that begins nothing");
  if (*event.end_at < event.origin.at.at) return Invalid("end_at: before at");
  return Done{};
}

// A lease that is over before it begins says nothing.
Status CheckLease(const AccessSession& session) {
  if (session.valid_until.has_value() && *session.valid_until < session.origin.at.at) {
    return Invalid("valid_until: before at");
  }
  return Done{};
}

Status Check(const Record& record, const std::set<Face>* faces) {
  FieldChecker checker(faces);
  std::visit([&](const auto& kind) { VisitFields(kind, checker); }, record);
  TRY(Status(checker.status()));
  const auto* nat = std::get_if<NatEvent>(&record);
  // Of a row reduced to its faces the other end may be hidden: only what is whole can be judged.
  if (nat != nullptr && faces == nullptr) TRY(CheckEnd(*nat));
  const auto* session = std::get_if<AccessSession>(&record);
  if (session != nullptr && faces == nullptr) TRY(CheckLease(*session));
  const auto* rule = std::get_if<SharingRule>(&record);
  if (rule != nullptr && faces == nullptr) TRY(CheckSharingRule(*rule));
  const std::size_t size = EncodedSize(record);
  if (size > kFaceBytesMax)
    return Invalid(fmt::format("record: {} bytes, more than {}", size, kFaceBytesMax));
  return Done{};
}

}  // namespace

Status CheckValue(const std::string& text) {
  if (text.size() > kTextBytesMax) return Invalid(fmt::format("longer than {} bytes", kTextBytesMax));
  return CheckText(text);
}

Status CheckValue(const SecretText& text) {
  if (text.empty()) return Invalid("empty");
  return CheckValue(static_cast<const std::string&>(text));
}

Status CheckValue(const std::vector<std::string>& list) {
  if (list.size() > kTextListMax) return Invalid(fmt::format("more than {} entries", kTextListMax));
  for (const std::string& text : list) TRY(CheckValue(text));
  return Done{};
}

Status CheckValue(Instant at) {
  if (at.unix_ns() < kInstantMinNs || at.unix_ns() >= kInstantMaxNs) {
    return Invalid("outside the years 1678 to 2261");
  }
  return Done{};
}

Status CheckValue(std::int64_t ns) {
  if (ns < 0) return Invalid("below zero");
  return Done{};
}

Status CheckRecord(const Record& record) {
  return Check(record, nullptr);
}
Status CheckFaces(const Record& record, const std::set<Face>& faces) {
  return Check(record, &faces);
}

}  // namespace probatio::record
