// The octets of one data record, sorted by what they say about a NAT event. A template is looked through once
// (NatPlan), then each of its records only picks (NatFields). Pure; thread-safe.
#pragma once

#include <optional>
#include <span>

#include "base/ip_address.h"
#include "decode/flow/nat_element.h"
#include "decode/flow/template.h"

namespace probatio::decode {

class NatPlan {
 public:
  explicit NatPlan(const Template& record);

  bool is_nat() const { return is_nat_; }        // some element is about translation
  bool has_event() const { return has_event_; }  // natEvent is among them

 private:
  friend class NatFields;
  struct Pick {
    const NatElementRow* row;
    std::size_t index;  // in the template
  };
  std::vector<Pick> picks_;
  bool is_nat_ = false;
  bool has_event_ = false;
};

class NatFields {
 public:
  // kInvalid names the element whose octets are too many or too few for its type.
  static Result<NatFields> Read(const NatPlan& plan, std::span<const Bytes> values);

  // Nothing when the template does not hold the element.
  std::optional<Bytes> Find(NatElement element) const { return values_[static_cast<std::size_t>(element)]; }
  std::optional<std::uint64_t> Unsigned(NatElement element) const;
  std::optional<IpAddress> Address(NatElement element) const;

 private:
  std::array<std::optional<Bytes>, kNatElementCount> values_;
};

}  // namespace probatio::decode
