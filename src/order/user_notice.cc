#include "order/user_notice.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::order {
namespace {

constexpr std::size_t kAmountDigitsMax = 9;

std::string Who(const Order& order) {
  if (!order.named) return "a person decides: the regime does not know the instrument";
  const std::string& reference = order.named->user_notice_reference;
  switch (order.named->user_notice) {
    case law::UserNotice::kHuman:
      return "a person decides";
    case law::UserNotice::kAddressee:
      return fmt::format("by us, when effect is given at the latest [{}]", reference);
    case law::UserNotice::kLeave:
      return fmt::format("by us, with the authority's leave only [{}]", reference);
    case law::UserNotice::kNever:
      return fmt::format("by the issuing authority, never by us [{}]", reference);
  }
  CHECK(false);
}

}  // namespace

Status CheckMayTell(const Order& order, const std::string& leave_of) {
  if (!order.named) return Done{};
  if (order.named->user_notice == law::UserNotice::kNever)
    return Denied("the person concerned: told " + Who(order));
  if (order.named->user_notice == law::UserNotice::kLeave && leave_of.empty())
    return Denied("the person concerned: told " + Who(order) + ": name who gave it (--authority)");
  return Done{};
}

std::string UserNoticeText(const Order& order, const Life& life, Instant now) {
  for (const Event& event : life.events) {
    if (event.kind == EventKind::kUserNotified) return "told " + event.at.ToRfc3339();
  }
  std::string text = "not told: " + Who(order);
  if (life.user_notice_from && now < *life.user_notice_from)
    text += "; delayed until " + life.user_notice_from->ToRfc3339();
  return text;
}

Result<std::int64_t> ParseCents(std::string_view amount) {
  const std::size_t point = amount.find('.');
  const std::string_view whole = amount.substr(0, point);
  std::string digits(whole);
  std::string cents = point == std::string_view::npos ? "" : std::string(amount.substr(point + 1));
  const bool too_long = whole.empty() || whole.size() > kAmountDigitsMax || cents.size() > 2 ||
                        (point != std::string_view::npos && cents.empty());
  cents.resize(std::max<std::size_t>(cents.size(), 2), '0');
  digits += cents;
  if (too_long || digits.find_first_not_of("0123456789") != std::string::npos)
    return Invalid("amount: written 18.00, at most 999999999.99");
  std::int64_t value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

std::string CostsText(const Life& life) {
  std::string text;
  for (const auto& [currency, cents] : life.Costs())
    text += fmt::format("{}{}.{:02} {}", text.empty() ? "" : ", ", cents / 100, cents % 100, currency);
  return text;
}

}  // namespace probatio::order
