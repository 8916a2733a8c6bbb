// The words that order files, regimes and deployments share. A word that is not here is refused where it is
// read: a rule for a misspelt purpose would never speak, and silence may release.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace probatio::law {

// What retained data may be asked for.
inline constexpr std::array<std::string_view, 6> kPurposes{
    "criminal_proceedings", "civil_claim", "mixed", "public_security", "national_security", "administrative"};

// What a provider is to the law that says which data it keeps.
inline constexpr std::array<std::string_view, 4> kProfiles{"ecs_operator", "access_provider", "host_platform",
                                                           "public_wifi"};

inline bool IsPurpose(std::string_view word) {
  return std::find(kPurposes.begin(), kPurposes.end(), word) != kPurposes.end();
}
inline bool IsProfile(std::string_view word) {
  return std::find(kProfiles.begin(), kProfiles.end(), word) != kProfiles.end();
}

}  // namespace probatio::law
