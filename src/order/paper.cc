#include "order/paper.h"

#include <algorithm>

#include "order/doubts.h"

namespace probatio::order {

using law::Answer;
using law::Effect;

std::vector<MentionAssessment> MentionsOf(const Order& order) {
  std::vector<MentionAssessment> mentions;
  for (const law::Mention& mention : order.wanted) {
    const auto said = order.said.mentions.find(mention.id);
    mentions.push_back({mention.id, said == order.said.mentions.end() ? Answer::kUnknown : said->second,
                        mention.blocks, mention.title_en, mention.reference});
  }
  return mentions;
}

std::optional<Preservation> PreservationBy(const Order& order, const law::Instrument* instrument,
                                           const law::Facts& facts) {
  if (instrument == nullptr || instrument->effect != Effect::kPreserve || !order.service.at)
    return std::nullopt;
  const auto said = [&](const char* fact) {
    const auto found = facts.said.find(fact);
    return found != facts.said.end() && found->second == Answer::kYes;
  };
  Preservation result{*order.service.at, std::nullopt, std::nullopt};
  if (instrument->preserve_days == 0 || said("production_confirmed")) return result;
  result.until = EndOfDays(*order.service.at, instrument->preserve_days);
  if (instrument->extension_days > 0)
    result.extended_until =
        EndOfDays(*order.service.at, instrument->preserve_days + instrument->extension_days);
  if (said("extension_requested")) result.until = result.extended_until;
  return result;
}

}  // namespace probatio::order
