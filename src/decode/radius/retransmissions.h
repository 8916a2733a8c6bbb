// What was seen lately, so that a report that was sent again is known as such. Bounded: the oldest is
// forgotten first. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>

namespace probatio::decode {

inline constexpr std::size_t kRetransmissionsMax = 65'536;

class Retransmissions {
 public:
  // Remembers the key; true when it was remembered already.
  bool Seen(std::string key) {
    const auto [place, is_new] = known_.insert(std::move(key));
    if (!is_new) return true;
    order_.push_back(&*place);  // a set does not move its members
    if (order_.size() > kRetransmissionsMax) {
      known_.erase(known_.find(*order_.front()));
      order_.pop_front();
    }
    return false;
  }

 private:
  std::unordered_set<std::string> known_;
  std::deque<const std::string*> order_;
};

}  // namespace probatio::decode
