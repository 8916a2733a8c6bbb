// The words of ISC dhcpd's leases file (dhcpd.leases(5)): names, quoted texts, braces, semicolons. Pure;
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace probatio::decode {

inline constexpr std::size_t kIscEntryBytesMax = 65'536;

struct IscToken {
  std::string text;  // without quotes, escapes resolved: may hold any octet
  bool quoted = false;
  bool Is(std::string_view word) const { return !quoted && text == word; }
};

// The words of one entry; comments are left out. kInvalid names the offset.
Result<std::vector<IscToken>> ReadIscTokens(std::string_view entry);

// Entries of a file: each begins in the first column and ends with a brace there. Other lines of the first
// column are counted in `others`. An entry that the file cuts off is the last one.
std::vector<std::string_view> SplitIscEntries(std::string_view file, std::uint64_t* others);

}  // namespace probatio::decode
