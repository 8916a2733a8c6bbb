// Executes a scope line by line. Every line is checked before the first is read: an order that we cannot
// answer in whole opens nothing.
#include "resolve/resolver.h"

#include <algorithm>

#include "resolve/items.h"
#include "resolve/plan.h"

namespace probatio::resolve {
namespace {

using order::ScopeLine;
using order::SubjectKind;

// What the line grants and no record of ours can hold: said, so that silence is not read as "none".
void ExplainItemsNotKept(const ScopeLine& line, LineAnswer& answer) {
  for (const order::ScopeItem& item : line.items) {
    if (GroupOf(item.item) != ItemGroup::kNotKept) continue;
    answer.explanation += "; item " + item.item + ": no record here holds it";
  }
}

Error NoIndex(const ScopeLine& line, const std::string& by) {
  return {ErrorCode::kRefused,
          "line " + line.id + ": look-up by " + by + " needs an index that this deployment does not have"};
}

}  // namespace

Status CheckCanLookUp(const ScopeLine& line) {
  switch (line.subject.kind) {
    case SubjectKind::kMessage:
    case SubjectKind::kAccount:
      return Done{};
    case SubjectKind::kSubscriber:
      // Events are found by address, never by subscriber: "none" would be untrue.
      if (Grants(line, ItemGroup::kConnection)) return NoIndex(line, "subscriber for connection data");
      return Done{};
    case SubjectKind::kTuple:
      if (!line.subject.tuple.has_value()) return Denied("line " + line.id + ": names no tuple");
      return Done{};
    case SubjectKind::kPhone:
      return NoIndex(line, "phone");
    case SubjectKind::kEmail:
      return NoIndex(line, "email");
    case SubjectKind::kOther:
      return NoIndex(line, line.subject.value);
    case SubjectKind::kOtherAccounts:
      break;
  }
  return Denied("line " + line.id + ": other accounts are never looked up; a person decides on them");
}

Result<std::vector<LineAnswer>> Resolver::Resolve(const order::Grant& grant) {
  const std::vector<ScopeLine>& lines = grant.scope().lines;
  for (const ScopeLine& line : lines) TRY(CheckCanLookUp(line));
  std::vector<LineAnswer> answers;
  for (const ScopeLine& line : lines) {
    const bool at_operator = line.subject.kind == SubjectKind::kTuple;
    Plan plan(reader_, grant, line, limits_);
    LineAnswer answer =
        TRY(at_operator ? AnswerOperatorLine(std::move(plan)) : AnswerPlatformLine(std::move(plan)));
    ExplainItemsNotKept(line, answer);
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace probatio::resolve
