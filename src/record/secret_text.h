// A text that a row must hold and nobody needs to see: copied and compared like any other, so that a record
// stays a value, but wiped when it goes and printed only by who asks for it (record/json.h). What read it in
// has its own copies: the wiping shortens a secret's life, it does not end it.
#pragma once

#include <string>

#include "base/secret.h"

namespace probatio::record {

// Inherits, so that the walks over fields take it as a text. It adds no state, and is never deleted as a
// std::string.
class SecretText : public std::string {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text) : std::string(text) {}
  SecretText(const SecretText&) = default;
  SecretText& operator=(const SecretText&) = default;
  // Wiped although moved from: a short text stays behind in the object.
  // NOLINTNEXTLINE(bugprone-use-after-move)
  SecretText(SecretText&& from) noexcept : std::string(std::move(from)) { from.WipeAll(); }
  SecretText& operator=(SecretText&& from) noexcept {
    swap(from);
    return *this;
  }
  ~SecretText() { WipeAll(); }

  friend auto operator<=>(const SecretText& a, const SecretText& b) {
    return std::string_view(a) <=> std::string_view(b);
  }
  friend bool operator==(const SecretText& a, const SecretText& b) {
    return std::string_view(a) == std::string_view(b);
  }

 private:
  // All of the room, not only what the text fills now.
  void WipeAll() {
    resize(capacity());
    Wipe({reinterpret_cast<std::uint8_t*>(data()), size()});
    clear();
  }
};

}  // namespace probatio::record
