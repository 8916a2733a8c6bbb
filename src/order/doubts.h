// What stands against a release by rule alone although no rule refuses: a court outside the list, a mention
// that the paper lacks, a trial on the merits, a line without a link to the dispute, a protected profession.
// Each ends at a person. Pure; thread-safe.
#pragma once

#include "order/order.h"

namespace probatio::order {

struct Doubt {
  std::string fact;       // "issuer=unknown"
  std::string missing;    // what would lift it
  std::string reference;  // may be empty
};

std::vector<Doubt> DoubtsAbout(const Order& order, const law::Regime& regime, const law::Facts& facts,
                               const Line& line);

// In words, about the order as a whole: nothing here changes a verdict by itself.
std::vector<std::string> FindWarnings(const Order& order, const law::Regime& regime, const law::Facts& facts);

// 24:00 in Paris of the last of so many days, the first not counted; the next working day where it is none
// (Regulation 1182/71 art. 3, for the holidays of France).
Instant EndOfDays(Instant from, int days);

}  // namespace probatio::order
