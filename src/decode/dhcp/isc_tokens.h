// The words of ISC dhcpd's leases file (dhcpd.leases(5)): names, quoted texts, braces, semicolons. Pure;
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decode/cut/text_cutters.h"

namespace probatio::decode {

inline constexpr std::size_t kIscEntryBytesMax = 65'536;

struct IscToken {
  std::string text;  // without quotes, escapes resolved: may hold any octet
  bool quoted = false;
  bool Is(std::string_view word) const { return !quoted && text == word; }
};

// The words of one entry; comments are left out. kInvalid names the offset.
Result<std::vector<IscToken>> ReadIscTokens(std::string_view entry);

// Pieces are entries: each begins in the first column and ends with a brace there. Other lines of the first
// column are counted. An entry that the file cuts off is the last one.
class IscCutter : public TextCutter {
 public:
  std::map<std::string, std::uint64_t> counts() const override;

 protected:
  std::size_t SizeOf(std::string_view text, bool last) override;
  std::size_t Skipped(std::string_view text, bool last) override;
  std::size_t bytes_max() const override { return kIscEntryBytesMax; }

 private:
  std::uint64_t others_ = 0;
};

}  // namespace probatio::decode
