#include "law/time_limit.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/hour_limit.h"

namespace probatio::law {
namespace {

constexpr const char* kEuRules = "Regulation 1182/71 art. 3";

Words Joined(const Words& head, const char* en, const char* fr, const Words& tail) {
  return {head.en + en + tail.en, head.fr + fr + tail.fr};
}

// Beyond this many months no year can hold the end, and calendar arithmetic would overflow.
constexpr std::int64_t kMonthsMax = 12LL * (kLimitYearMax - 1678);

class Reckoner {
 public:
  explicit Reckoner(const LimitQuestion& question) : question_(question), start_(ParisDate(question.served)) {
    limit_.served = question.served;
    limit_.duty = question.duty;
  }

  Result<TimeLimit> Count() {
    TRY(CheckSpan(question_.span));
    SayStart();
    const int extension = DistanceMonths();
    const std::int64_t months = question_.span.years * 12 + question_.span.months + extension;
    const std::int64_t days =
        question_.span.days + question_.span.extension_days + question_.span.hours / 24 + 1;
    if (months > kMonthsMax) return TooFar();
    const CivilDate after_months = AddMonths(start_, static_cast<int>(months));
    if (after_months.year > kLimitYearMax) return TooFar();
    // A day for the hours, and a week over every holiday that the end may roll past.
    if (AddDays(after_months, static_cast<int>(days) + 7).year > kLimitYearMax) return TooFar();

    if (question_.span.without_delay) {
      AtOnce();
    } else if (question_.span.hours > 0) {
      limit_.readings = HourReadings(question_, &limit_.steps);
    } else {
      CountDays(static_cast<int>(months), after_months);
    }
    SayWhichBinds();
    return std::move(limit_);
  }

 private:
  static Error TooFar() {
    return Invalid(fmt::format("time limit: expires after the year {}", kLimitYearMax));
  }
  bool IsFrench() const { return question_.counting == Counting::kCpc; }
  void Say(Words what, std::string reference) {
    limit_.steps.push_back({std::move(what), std::move(reference)});
  }

  void SayStart() {
    const Words at = InstantWords(question_.served);
    if (IsFrench()) {
      Say({"the time limit starts with the act, event, decision or notification that sets it going: " + at.en,
           "le délai a pour origine l'acte, l'événement, la décision ou la notification qui le fait courir "
           ": " +
               at.fr},
          "CPC 640");
    } else {
      Say({"the period starts with the event, here the reception: " + at.en,
           "le délai part de l'événement, ici la réception : " + at.fr},
          std::string(kEuRules) + "(1)");
    }
  }

  // The months that distance adds, and why, or why none.
  int DistanceMonths() {
    if (question_.distance == Distance::kNone || !IsFrench()) return 0;
    const std::string article = question_.court_overseas ? "CPC 644" : "CPC 643";
    if (question_.matter == Matter::kCompliance) {
      Say({"no extension for distance: it is for appearance, appeal, opposition, third-party opposition, "
           "revision "
           "and cassation, not for a time limit to comply",
           "pas d'augmentation à raison de la distance : elle vaut pour la comparution, l'appel, "
           "l'opposition, la "
           "tierce opposition, la révision et la cassation, non pour un délai d'exécution"},
          article);
      return 0;
    }
    if (question_.span.hours > 0 || question_.span.without_delay) {
      Say({"no extension for distance: months are not added to a limit without days or months",
           "pas d'augmentation à raison de la distance : des mois ne s'ajoutent pas à un délai en heures"},
          article);
      return 0;
    }
    if (question_.extension_excluded) {
      Say({"no extension for distance: a text expressly excludes it",
           "pas d'augmentation à raison de la distance : un texte l'écarte expressément"},
          "CPC 645");
      return 0;
    }
    if (question_.served_near_court) {
      Say({"no extension for distance: the act was handed over in person in a place whose residents have "
           "none",
           "pas d'augmentation à raison de la distance : l'acte a été notifié à personne en un lieu dont les "
           "habitants "
           "n'en bénéficient pas"},
          "CPC 647");
      return 0;
    }
    const int months = question_.distance == Distance::kAbroad ? 2 : 1;
    Say(months == 2 ? Words{"two months are added: the addressee lives abroad",
                            "deux mois s'ajoutent : le destinataire demeure à l'étranger"}
                    : Words{"one month is added: the addressee lives overseas, seen from the court",
                            "un mois s'ajoute : le destinataire demeure outre-mer, vu de la juridiction"},
        article);
    return months;
  }

  void AtOnce() {
    limit_.readings.push_back({question_.served, "without delay: no number is given, every hour counts",
                               IsFrench() ? "practice" : "the text itself",
                               "sans délai : aucun chiffre n'est donné, chaque heure compte"});
  }

  void CountDays(int months, const CivilDate& after_months) {
    if (months > 0) SayMonths(months, after_months);
    const CivilDate last = AddDays(after_months, static_cast<int>(question_.span.days));
    if (question_.span.days > 0) SayDays(last, months > 0);
    if (question_.span.extension_days > 0) {
      CountExtension(last);
      return;
    }
    AddDayReading(last);
  }

  void SayMonths(int months, const CivilDate& end) {
    const Words count = SpanWords({0, months, 0, 0, 0, false});
    const bool shortened = end.day != start_.day;
    Words what = Joined(
        count, shortened ? ": that month has no such day, so its last day, " : ": the same day-number, ",
        shortened ? " : ce mois n'a pas de quantième identique, donc son dernier jour, "
                  : " : le même quantième, ",
        DayWords(end));
    Say(std::move(what), IsFrench() ? "CPC 641 al. 2" : std::string(kEuRules) + "(2)(c)");
  }

  void SayDays(const CivilDate& last, bool after_months) {
    const Words count = SpanWords({0, 0, question_.span.days, 0, 0, false});
    if (after_months) {
      Say(Joined(count,
                 " more, counted after the months: ", " de plus, comptés après les mois : ", DayWords(last)),
          IsFrench() ? "CPC 641 al. 3" : std::string(kEuRules) + "(2)(c)");
      return;
    }
    Say(Joined(count,
               ", the day of the act not counted: ", ", celui de l'acte ne compte pas : ", DayWords(last)),
        IsFrench() ? "CPC 641 al. 1" : std::string(kEuRules) + "(1)");
  }

  // Whether the extension goes on from the counted day or from the day that the first limit rolled to, the
  // text does not say.
  void CountExtension(const CivilDate& last) {
    const auto more = static_cast<int>(question_.span.extension_days);
    const CivilDate straight = AddDays(last, more);
    const CivilDate from_rolled = AddDays(Rolled(last), more);
    const Words count = SpanWords({0, 0, more, 0, 0, false});
    Say(Joined(count, " more, once: ", " de plus, une fois : ", DayWords(straight)), "the text itself");
    AddDayReading(straight);
    if (EndOf(Rolled(from_rolled)) == limit_.readings.front().expires) return;
    Say(Joined({"or they follow the day to which the first limit rolled over: ",
                "ou ils suivent le jour auquel le premier délai a été prorogé : "},
               "", "", DayWords(from_rolled)),
        std::string(kEuRules) + "(4)");
    AddDayReading(from_rolled);
    std::sort(limit_.readings.begin(), limit_.readings.end(),
              [](const Reading& a, const Reading& b) { return a.expires < b.expires; });
  }

  static Instant EndOf(const CivilDate& day) { return ParisMidnight(AddDays(day, 1)); }

  CivilDate Rolled(const CivilDate& last) const {
    CivilDate day = WorkingDayFrom(last, question_.calendar);
    if (!IsFrench() && question_.span.days >= 2 && question_.span.months + question_.span.years == 0) {
      day = WithTwoWorkingDays(day);
    }
    return day;
  }

  // Regulation 1182/71 art. 3(5): a period of two days or more has at least two working days in it.
  CivilDate WithTwoWorkingDays(CivilDate last) const {
    int working = 0;
    for (CivilDate day = AddDays(start_, 1); day <= last && working < 2; day = AddDays(day, 1)) {
      working += IsWorkingDay(day, question_.calendar) ? 1 : 0;
    }
    for (; working < 2; ++working) last = WorkingDayFrom(AddDays(last, 1), question_.calendar);
    return last;
  }

  void AddDayReading(const CivilDate& last) {
    const CivilDate open = WorkingDayFrom(last, question_.calendar);
    const CivilDate end = Rolled(last);
    if (open != last) {
      const Words why = WhyClosed(last, question_.calendar);
      Say({fmt::format("{} is {}: prolonged to the next working day, {}", DayWords(last).en, why.en,
                       DayWords(open).en),
           fmt::format("{} est {} : prorogé au premier jour ouvrable suivant, {}", DayWords(last).fr, why.fr,
                       DayWords(open).fr)},
          IsFrench() ? "CPC 642 al. 2" : std::string(kEuRules) + "(4)");
    }
    if (end != open) {
      Say(Joined({"a period of two days or more has two working days in it: to ",
                  "un délai de deux jours ou plus comprend deux jours ouvrables : jusqu'au "},
                 "", "", DayWords(end)),
          std::string(kEuRules) + "(5)");
    }
    const Words count = SpanWords(question_.span);
    const Words closing = EndWords(EndOf(end));
    Say({"ends " + closing.en, "expire le " + closing.fr},
        IsFrench() ? "CPC 642 al. 1" : std::string(kEuRules) + "(2)");
    limit_.readings.push_back({EndOf(end), RuleEn(count, last, end), IsFrench() ? "CPC 641, 642" : kEuRules,
                               RuleFr(count, last, end)});
  }

  static std::string RuleEn(const Words& count, const CivilDate& last, const CivilDate& end) {
    if (end == last) return fmt::format("{}, to the end of {}", count.en, ToText(last));
    return fmt::format("{}; the last day would be {}, so to the end of {}", count.en, ToText(last),
                       ToText(end));
  }
  static std::string RuleFr(const Words& count, const CivilDate& last, const CivilDate& end) {
    if (end == last) return fmt::format("{}, jusqu'à la fin du {}", count.fr, ToText(last));
    return fmt::format("{} ; le dernier jour serait le {}, donc jusqu'à la fin du {}", count.fr, ToText(last),
                       ToText(end));
  }

  void SayWhichBinds() {
    if (limit_.readings.size() < 2) return;
    if (question_.duty == Duty::kKeep) {
      Say({"the law is open here: what must be kept is kept to the later reading",
           "le texte laisse la question ouverte : ce qui doit être conservé l'est jusqu'à la lecture la plus "
           "tardive"},
          "practice");
    } else {
      Say({"the law is open here: the earlier reading binds us",
           "le texte laisse la question ouverte : la lecture la plus proche nous lie"},
          "practice");
    }
  }

  const LimitQuestion& question_;
  CivilDate start_;
  TimeLimit limit_;
};

}  // namespace

Result<TimeLimit> CountTimeLimit(const LimitQuestion& question) {
  return Reckoner(question).Count();
}

Result<TimeLimit> ComputeTimeLimit(Instant served, const TimeLimitRule& rule) {
  LimitQuestion question;
  question.served = served;
  question.span = SpanOf(rule);
  return CountTimeLimit(question);
}

}  // namespace probatio::law
