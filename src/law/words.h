// Words of a paper compared without regard to case and accents. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace probatio::law {

// Lower case, without the accents of French and its neighbours (Latin-1 and œ); other letters stay.
std::string Folded(std::string_view utf8);

// Whether `text`, once folded, holds `folded_words` as whole words.
bool HoldsWords(std::string_view text, std::string_view folded_words);

}  // namespace probatio::law
