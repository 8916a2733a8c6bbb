#include "order/scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "order/fate.h"

namespace probatio::order {
namespace {

// Assess lists items in the order of lines and items, and so does this walk: anything else is an assessment
// of another order.
class AssessedItems {
 public:
  explicit AssessedItems(const Assessment& assessment) : items_(assessment.items) {}

  Result<const ItemAssessment*> Next(const std::string& line, const std::string& item) {
    if (next_ == items_.size() || items_[next_].line != line || items_[next_].item != item) {
      return Invalid(fmt::format("scope: line {}, item {}: not assessed", line, item));
    }
    return &items_[next_++];
  }

 private:
  const std::vector<ItemAssessment>& items_;
  std::size_t next_ = 0;
};

// A line has one period: where some of its items may be kept for a part of it only, the line is cut to that
// part.
Status AddLine(const Line& line, const Life& life, AssessedItems& assessed, Scope& scope) {
  ScopeLine result{line.id, line.subject, line.events, line.period, {}};
  for (const std::string& name : line.items) {
    const ItemAssessment* item = TRY(assessed.Next(line.id, name));
    Fate fate = FateOf(*item, life, scope.kind);
    if (!fate.in && fate.out.empty())
      return Denied(fmt::format("scope: line {}, item {}: a person has not decided", line.id, name));
    if (!fate.in) {
      scope.left_out.push_back(std::move(fate.out));
      continue;
    }
    result.period.begin = std::max(result.period.begin, item->kept->begin);
    result.period.end = std::min(result.period.end, item->kept->end);
    result.items.push_back(std::move(*fate.in));
  }
  if (result.items.empty()) return Done{};
  if (result.period.end <= result.period.begin) {
    scope.left_out.push_back(line.id + ": no part of the period may still be kept for all its items");
    return Done{};
  }
  if (result.period != line.period) {
    scope.left_out.push_back(CutText(line.id, result.period));
  }
  scope.lines.push_back(std::move(result));
  return Done{};
}

Status AddRecipients(const Order& order, Scope& scope) {
  if (order.recipients.empty()) return Invalid("scope: the order names no recipient");
  for (std::size_t i = 0; i < order.recipients.size(); ++i) {
    const std::string place = fmt::format("scope: recipients[{}]", i);
    if (order.recipients[i].certificate_pem.empty()) return Invalid(place + ": no certificate");
    const crypto::Certificate certificate =
        TRY_IN(place, crypto::Certificate::FromPem(order.recipients[i].certificate_pem));
    const std::string fingerprint = ToHex(certificate.Fingerprint());
    const auto known = std::find(scope.recipients.begin(), scope.recipients.end(), fingerprint);
    if (known == scope.recipients.end()) scope.recipients.push_back(fingerprint);
  }
  return Done{};
}

}  // namespace

std::string_view ToText(GrantKind kind) {
  switch (kind) {
    case GrantKind::kPreserve:
      return "preserve";
    case GrantKind::kDisclose:
      return "disclose";
  }
  return "unknown";
}

const ScopeLine* Scope::Find(const std::string& line) const {
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const ScopeLine& known) { return known.id == line; });
  return found == lines.end() ? nullptr : &*found;
}

Result<Scope> BuildScope(const Order& order, const Life& life, const Assessment& assessment, GrantKind kind,
                         const std::string& provider, const std::string& regime, Instant valid_until) {
  TRY_IN("scope: provider", CheckText(provider));
  TRY_IN("scope: regime", CheckText(regime));
  Scope scope;
  scope.kind = kind;
  scope.order = order.id;
  scope.order_digest = order.digest;
  scope.court = order.court;
  scope.register_number = order.register_number;
  scope.regime = regime;
  scope.provider = provider;
  scope.valid_until = valid_until;
  AssessedItems assessed(assessment);
  for (const Line& line : order.lines) {
    TRY(AddLine(line, life, assessed, scope));
  }
  if (scope.lines.empty()) return Error(ErrorCode::kRefused, "scope: nothing may be released");
  TRY(AddRecipients(order, scope));
  if (ScopeToJson(scope).size() > kScopeBytesMax) {
    return Invalid(fmt::format("scope: larger than {} bytes", kScopeBytesMax));
  }
  return scope;
}

}  // namespace probatio::order
