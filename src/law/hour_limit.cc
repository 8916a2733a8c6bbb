#include "law/hour_limit.h"

#include <fmt/format.h>

namespace probatio::law {
namespace {

// Elapsed hours differ from what the wall clock shows when the clocks change on the way.
void SayClockChange(Instant from, Instant to, std::vector<Step>* steps) {
  const std::int64_t shift = ParisOffsetNs(to) - ParisOffsetNs(from);
  if (shift == 0) return;
  steps->push_back(
      {shift > 0
           ? Words{"the clocks go forward on the way: hours are counted as they pass (in UTC), so the "
                   "wall clock shows one more",
                   "passage à l'heure d'été entre-temps : les heures sont comptées en temps réel (UTC), "
                   "l'heure affichée avance d'une heure"}
           : Words{"the clocks go back on the way: hours are counted as they pass (in UTC), so the wall "
                   "clock shows one less",
                   "passage à l'heure d'hiver entre-temps : les heures sont comptées en temps réel "
                   "(UTC), l'heure affichée recule d'une heure"},
       "Directive 2000/84/EC"});
}

Reading HourToHour(const LimitQuestion& question, std::vector<Step>* steps) {
  const Words count = SpanWords(question.span);
  const Instant expires = question.served + question.span.hours * kNsPerHour;
  const Words end = InstantWords(expires);
  SayClockChange(question.served, expires, steps);
  steps->push_back({{fmt::format("{}, hour to hour: {}", count.en, end.en),
                     fmt::format("{}, d'heure à heure : {}", count.fr, end.fr)},
                    "practice"});
  const bool french = question.counting == Counting::kCpc;
  return {expires, fmt::format("{} from {}, hour to hour", count.en, french ? "service" : "reception"),
          "practice",
          fmt::format("{} à compter de la {}, d'heure à heure", count.fr,
                      french ? "signification" : "réception")};
}

// The code has no rule for hours. Whether article 642 carries an end on a closed day forward, and whether it
// speaks of a judge's limit to comply at all, is open: that reading comes second and never binds.
void AddRolled(const LimitQuestion& question, std::vector<Reading>* readings, std::vector<Step>* steps) {
  const CivilDate day = ParisDate(readings->front().expires);
  if (IsWorkingDay(day, question.calendar)) return;
  const CivilDate open = WorkingDayFrom(day, question.calendar);
  const Words count = SpanWords(question.span);
  const Words why = WhyClosed(day, question.calendar);
  const Instant expires = ParisMidnight(AddDays(open, 1));
  steps->push_back(
      {{fmt::format("that is {}; if the roll-over of days applied to hours too, the limit would end on {}",
                    why.en, EndWords(expires).en),
        fmt::format("c'est {} ; si la prorogation valait aussi pour les heures, le délai expirerait le {}",
                    why.fr, EndWords(expires).fr)},
       "CPC 642 al. 2"});
  readings->push_back(
      {expires,
       fmt::format("{} from service; {} is not a working day, so to the end of {}, if the "
                   "roll-over applies to hours",
                   count.en, ToText(day), ToText(open)),
       "CPC 642",
       fmt::format("{} à compter de la signification ; le {} n'est pas un jour ouvrable, donc jusqu'à la fin "
                   "du {}, si la prorogation vaut pour les heures",
                   count.fr, ToText(day), ToText(open))});
}

// The hour in which the event falls is not counted, and the last hour runs to its end; hours never roll over.
void AddWholeHours(const LimitQuestion& question, std::vector<Reading>* readings, std::vector<Step>* steps) {
  const std::int64_t into_hour = ((question.served.unix_ns() % kNsPerHour) + kNsPerHour) % kNsPerHour;
  const Instant expires = question.served - into_hour + (question.span.hours + 1) * kNsPerHour;
  const Words count = SpanWords(question.span);
  steps->push_back(
      {{fmt::format("by whole hours, the hour of the event not counted: {}; no roll-over for hours",
                    InstantWords(expires).en),
        fmt::format("par heures entières, celle de l'événement ne compte pas : {} ; pas de prorogation pour "
                    "les heures",
                    InstantWords(expires).fr)},
       "Regulation 1182/71 art. 3(1), (2)(a), (4)"});
  readings->push_back({expires, fmt::format("{} by whole hours, that of the event not counted", count.en),
                       "Regulation 1182/71 art. 3",
                       fmt::format("{} par heures entières, celle de l'événement non comptée", count.fr)});
}

}  // namespace

std::vector<Reading> HourReadings(const LimitQuestion& question, std::vector<Step>* steps) {
  std::vector<Reading> readings{HourToHour(question, steps)};
  if (question.counting == Counting::kCpc) {
    AddRolled(question, &readings, steps);
  } else {
    AddWholeHours(question, &readings, steps);
  }
  return readings;
}

}  // namespace probatio::law
