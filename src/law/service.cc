#include "law/service.h"

#include <fmt/format.h>

#include <array>

namespace probatio::law {
namespace {

constexpr std::int64_t kFirstHour = 6;  // CPC 664
constexpr std::int64_t kLastHour = 21;

struct Name {
  std::string_view text;
  ServiceMode mode;
};
// The first of each mode is its own word; the others stand on papers.
constexpr std::array<Name, 14> kNames{{{"", ServiceMode::kUnstated},
                                       {"bailiff", ServiceMode::kBailiff},
                                       {"signification", ServiceMode::kBailiff},
                                       {"commissaire de justice", ServiceMode::kBailiff},
                                       {"electronic", ServiceMode::kElectronic},
                                       {"signification par voie électronique", ServiceMode::kElectronic},
                                       {"voie électronique", ServiceMode::kElectronic},
                                       {"registry", ServiceMode::kRegistry},
                                       {"notification par le greffe", ServiceMode::kRegistry},
                                       {"in_person", ServiceMode::kInPerson},
                                       {"remise en main propre", ServiceMode::kInPerson},
                                       {"abroad", ServiceMode::kAbroad},
                                       {"eu", ServiceMode::kEu},
                                       {"decentralised", ServiceMode::kDecentralised}}};

}  // namespace

std::string_view ToText(ServiceMode mode) {
  for (const Name& name : kNames) {
    if (name.mode == mode) return name.text;
  }
  return "unknown";
}

Result<ServiceMode> ParseServiceMode(std::string_view text) {
  for (const Name& name : kNames) {
    if (name.text == text) return name.mode;
  }
  return Invalid(
      "service: mode is none of bailiff, electronic, registry, in_person, abroad, eu, decentralised");
}

ServiceRules RulesOf(ServiceMode mode) {
  switch (mode) {
    case ServiceMode::kUnstated:
      return {{"the mode of service is not stated", "le mode de notification n'est pas indiqué"},
              "CPC 651",
              {"ask how the order was served", "demander comment la décision a été notifiée"},
              "CPC 651"};
    case ServiceMode::kBailiff:
      return {{"the day on which the bailiff served; the hour is the one on the act, or else the first of "
               "that day",
               "le jour où la signification est faite ; l'heure est celle de l'acte, à défaut la première de "
               "ce jour"},
              "CPC 664-1 al. 1",
              {"the bailiff's act, with its date and to whom it was left",
               "l'acte du commissaire de justice, avec sa "
               "date et la personne à qui il a été laissé"},
              "CPC 648, 663"};
    case ServiceMode::kElectronic:
      return {{"the date and the hour at which the act was sent", "la date et l'heure de l'envoi de l'acte"},
              "CPC 664-1 al. 2",
              {"the addressee's consent to this mode and the electronic receipt",
               "le consentement du destinataire à ce mode et l'avis électronique de réception"},
              "CPC 662-1, 748-2, 748-3"};
    case ServiceMode::kRegistry:
      return {{"the date of reception, as the postal service dates the receipt",
               "la date de la réception, celle que l'administration des postes appose"},
              "CPC 668, 669",
              {"the signed advice of receipt", "l'avis de réception signé"},
              "CPC 667, 669, 670"};
    case ServiceMode::kInPerson:
      return {{"the date on the receipt or the signature", "la date du récépissé ou de l'émargement"},
              "CPC 669 al. 2",
              {"the dated receipt or signature", "le récépissé ou l'émargement daté"},
              "CPC 667, 669"};
    case ServiceMode::kAbroad:
      return {{"for the addressee, the date on which the act was handed over or validly notified; for the "
               "sender it is "
               "another, that of dispatch (CPC 647-1)",
               "à l'égard du destinataire, la date de la remise ou de la notification valablement faite ; à "
               "l'égard de "
               "l'expéditeur, celle de l'expédition (CPC 647-1)"},
              "CPC 687-2",
              {"the certificate of the foreign authority, or its report of the attempt",
               "l'attestation de l'autorité étrangère, ou son rapport sur la tentative"},
              "CPC 684, 687-2, 688"};
    case ServiceMode::kEu:
      return {{"for the addressee, the date on which the act was served by the law of the State addressed",
               "à l'égard du destinataire, la date de la signification selon la loi de l'État requis"},
              "Regulation (EU) 2020/1784 art. 13",
              {"the certificate of service (form K)", "l'attestation d'accomplissement (formulaire K)"},
              "Regulation (EU) 2020/1784 art. 14"};
    case ServiceMode::kDecentralised:
      return {{"the instant of reception in the decentralised system",
               "l'instant de réception dans le système "
               "informatique décentralisé"},
              "Regulation (EU) 2023/1543 art. 10, 11, 19",
              {"the system's receipt", "l'accusé de réception du système"},
              "Regulation (EU) 2023/1543 art. 19"};
  }
  return {};
}

std::optional<Step> CheckServiceHours(Instant served, ServiceMode mode, Calendar calendar) {
  // An electronic act needs nobody's door, yet 664 excepts it from neither; we warn alike.
  if (mode != ServiceMode::kBailiff && mode != ServiceMode::kElectronic) return std::nullopt;
  const CivilDate day = ParisDate(served);
  constexpr unsigned kSunday = 7;
  if (WeekdayOf(day) == kSunday || IsHoliday(day, calendar)) {
    const Words why = WhyClosed(day, calendar);
    return Step{{fmt::format("served on {}: only with the judge's leave", why.en),
                 fmt::format("signifié {} : seulement avec la permission du juge", why.fr)},
                "CPC 664"};
  }
  const std::int64_t in_day =
      ((served.unix_ns() + ParisOffsetNs(served)) % kNsPerDay + kNsPerDay) % kNsPerDay;
  if (in_day >= kFirstHour * kNsPerHour && in_day <= kLastHour * kNsPerHour) return std::nullopt;
  return Step{
      {"served before 6 or after 21 o'clock: only with the judge's leave",
       "signifié avant six heures ou après vingt et une heures : seulement avec la permission du juge"},
      "CPC 664"};
}

}  // namespace probatio::law
