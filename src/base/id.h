// Ids that cannot be confused: an OrderId is not a WindowId, and neither is a string.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace probatio {

inline constexpr std::size_t kIdBytesMax = 64;  // long enough for "2024-000123/art145", short enough to print

// Id text becomes file names and ledger fields, so it is [A-Za-z0-9._-], not empty, not starting with a
// dot, at most kIdBytesMax long.
Result<std::string> CheckIdText(std::string_view text);

template <class Tag>
class Id {
 public:
  Id() = default;
  static Result<Id> Parse(std::string_view text) {
    std::string checked = TRY(CheckIdText(text));
    return Id(std::move(checked));
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

using OrderId = Id<struct OrderTag>;
using PersonId = Id<struct PersonTag>;    // a person of the provider: counsel, approver, custodian
using SegmentId = Id<struct SegmentTag>;  // one collector run's part of one window (docs/formats/window.md)

}  // namespace probatio
