// Bytes that must not outlive their use: wiped when destroyed, never copied by accident, never printed.
// Programs that hold them also keep memory out of core dumps and swap (main/harden.h).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace probatio {

// Overwrites memory in a way that the compiler may not leave out.
void Wipe(std::span<std::uint8_t> memory);

// A 256-bit key.
class Key {
 public:
  static constexpr std::size_t kSize = 32;

  Key() = default;
  explicit Key(Bytes bytes) {
    CHECK(bytes.size() == kSize);
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  ~Key() { Wipe(bytes_); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  Key(Key&& from) noexcept : bytes_(from.bytes_) { Wipe(from.bytes_); }
  Key& operator=(Key&& from) noexcept {
    if (this != &from) {
      bytes_ = from.bytes_;
      Wipe(from.bytes_);
    }
    return *this;
  }

  Key Clone() const { return Key(reveal()); }  // a copy is asked for by name
  Bytes reveal() const { return bytes_; }      // every place that touches the bytes can be found by this word
  std::span<std::uint8_t> mutable_bytes() { return bytes_; }

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

// Secret bytes of any length, such as a passphrase or a decrypted message.
class Secret {
 public:
  Secret() = default;
  explicit Secret(Buffer&& bytes) : bytes_(std::move(bytes)) {}
  explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
  ~Secret() { Wipe(bytes_); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& from) noexcept : bytes_(std::move(from.bytes_)) { from.bytes_.clear(); }
  Secret& operator=(Secret&& from) noexcept {
    if (this != &from) {
      Wipe(bytes_);
      bytes_ = std::move(from.bytes_);
      from.bytes_.clear();
    }
    return *this;
  }

  Bytes reveal() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  Buffer bytes_;
};

}  // namespace probatio
