// The RADIUS requests that were taken lately, and whether what they said is durable: one that is sent again
// is answered again and not stored twice (RFC 2866 section 3, Identifier). Bounded: the oldest is forgotten
// first. One thread; only the mark is shared.
#pragma once

#include <array>
#include <atomic>
#include <cstring>
#include <deque>
#include <memory>
#include <unordered_map>

#include "base/ip_address.h"

namespace probatio::collect {

inline constexpr std::size_t kKnownRequestsMax = 262'144;  // thirteen seconds of 20,000 a second

struct RequestKey {
  IpAddress source;
  std::uint16_t source_port = 0;
  std::uint8_t id = 0;
  std::array<std::uint8_t, 16> authenticator{};
  bool operator==(const RequestKey&) const = default;
};

class KnownRequests {
 public:
  // Set when the batch that holds the request is durable.
  using Mark = std::shared_ptr<std::atomic<bool>>;

  // Null for a request that is new.
  const Mark* Find(const RequestKey& key) const {
    const auto found = marks_.find(key);
    return found == marks_.end() ? nullptr : &found->second;
  }
  void Remember(const RequestKey& key, Mark mark) {
    if (!marks_.emplace(key, std::move(mark)).second) return;
    order_.push_back(key);
    if (order_.size() > kKnownRequestsMax) {
      marks_.erase(order_.front());
      order_.pop_front();
    }
  }
  // The last `count` that were remembered: they could not be taken after all.
  void ForgetLast(std::size_t count) {
    CHECK(count <= order_.size());
    for (; count > 0; --count) {
      marks_.erase(order_.back());
      order_.pop_back();
    }
  }

 private:
  // The authenticator is a digest of packet and secret: any part of it is a good hash of the request.
  struct Hash {
    std::size_t operator()(const RequestKey& key) const {
      std::size_t hash = 0;
      std::memcpy(&hash, key.authenticator.data(), sizeof hash);
      return hash;
    }
  };

  std::unordered_map<RequestKey, Mark, Hash> marks_;
  std::deque<RequestKey> order_;
};

}  // namespace probatio::collect
