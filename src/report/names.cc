// The names of items, fields, events and findings.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/words.h"

namespace probatio::report {
namespace {

struct Name {
  std::string_view id, french, english;
};

// The items as regimes/fr.toml titles them.
constexpr std::array<Name, 16> kItems{{
    {"surname", "Nom", "Surname"},
    {"first_name", "Prénom", "First name"},
    {"birth", "Date et lieu de naissance", "Date and place of birth"},
    {"company_name", "Raison sociale", "Company name"},
    {"postal_address", "Adresses postales associées", "Postal addresses"},
    {"email", "Adresses de courrier électronique", "E-mail addresses"},
    {"phone", "Numéros de téléphone", "Telephone numbers"},
    {"identifier_used", "Identifiant utilisé", "Identifier used"},
    {"pseudonyms", "Pseudonymes utilisés", "Pseudonyms used"},
    {"payment", "Données de paiement", "Payment data"},
    {"source_ip", "Adresse IP source de la connexion", "Source IP address of the connection"},
    {"source_port", "Port source associé à l'adresse IP", "Source port of the IP address"},
    {"connection_time", "Date et heure de la connexion", "Date and time of the connection"},
    {"user_id_number", "Numéro d'identifiant de l'utilisateur", "User identifier number"},
    {"terminal_id", "Numéro d'identification du terminal", "Terminal identification number"},
    {"password_verification", "Données de vérification du mot de passe", "Password verification data"},
}};

constexpr std::array<Name, 71> kFields{{
    {"at", "En vigueur depuis", "In force since"},
    {"at_resolution_ns", "Résolution", "Resolution"},
    {"at_error_ns", "Erreur", "Error"},
    {"at_source", "Horloge", "Clock"},
    {"exporter", "Exportateur", "Exporter"},
    {"domain", "Domaine d'observation", "Observation domain"},
    {"seq", "Numéro de séquence", "Sequence number"},
    {"event", "Événement", "Event"},
    {"proto", "Protocole", "Protocol"},
    {"inside_ip", "Adresse interne", "Inside address"},
    {"inside_port", "Port interne", "Inside port"},
    {"inside_realm", "Domaine d'adressage", "Realm"},
    {"public_ip", "Adresse publique", "Public address"},
    {"public_port", "Port public", "Public port"},
    {"port_first", "Premier port", "First port"},
    {"port_last", "Dernier port", "Last port"},
    {"port_step", "Pas entre les ports", "Port step"},
    {"subscriber", "Abonné", "Subscriber"},
    {"session", "Session d'accès", "Access session"},
    {"nas", "Serveur d'accès", "Access server"},
    {"source_ip", "Adresse source", "Source address"},
    {"source_port", "Port source", "Source port"},
    {"account", "Compte", "Account"},
    {"message", "Message", "Message"},
    {"identifier_used", "Identifiant utilisé", "Identifier used"},
    {"pseudonyms", "Pseudonymes", "Pseudonyms"},
    {"payment_type", "Moyen de paiement", "Payment type"},
    {"payment_reference", "Référence de paiement", "Payment reference"},
    {"closed_at", "Compte clos le", "Account closed at"},
    {"holder", "Titulaire", "Holder"},
    {"surname", "Nom", "Surname"},
    {"first_name", "Prénom", "First name"},
    {"birth_date", "Date de naissance", "Date of birth"},
    {"birth_place", "Lieu de naissance", "Place of birth"},
    {"company_name", "Raison sociale", "Company name"},
    {"postal_address", "Adresse postale", "Postal address"},
    {"emails", "Courrier électronique", "E-mail"},
    {"phones", "Téléphone", "Telephone"},
    {"contract_end", "Fin du contrat", "End of contract"},
    {"at_offset_ns", "Correction d'horloge", "Clock correction"},
    {"inside_ipv6", "Adresse IPv6 interne", "Inside IPv6 address"},
    {"inside_prefix", "Préfixe interne", "Inside prefix"},
    {"delegated_prefix", "Préfixe délégué", "Delegated prefix"},
    {"imsi", "IMSI", "IMSI"},
    {"imeisv", "IMEISV", "IMEISV"},
    {"mac", "Adresse MAC", "MAC address"},
    {"calling_number", "Numéro d'appel", "Calling number"},
    {"user_name", "Nom d'utilisateur", "User name"},
    {"circuit_id", "Identifiant de circuit", "Circuit id"},
    {"remote_id", "Identifiant distant", "Remote id"},
    {"nas_port", "Port du serveur d'accès", "Port of the access server"},
    {"delay_s", "Retard d'envoi en secondes", "Seconds of delay"},
    {"valid_until", "Valable jusqu'à", "Valid until"},
    {"rule", "Règle", "Rule"},
    {"valid_from", "Valable depuis", "Valid from"},
    {"public_prefix", "Préfixe public", "Public prefix"},
    {"public_first", "Première adresse publique", "First public address"},
    {"public_last", "Dernière adresse publique", "Last public address"},
    {"inside_first", "Première adresse interne", "First inside address"},
    {"inside_last", "Dernière adresse interne", "Last inside address"},
    {"ea_bits", "Bits d'adresse embarqués", "Embedded address bits"},
    {"psid_offset", "Décalage du PSID", "PSID offset"},
    {"psid_length", "Longueur du PSID", "PSID length"},
    {"psid", "PSID", "PSID"},
    {"algorithm", "Algorithme", "Algorithm"},
    {"compression", "Abonnés par adresse", "Subscribers for an address"},
    {"dynamic_factor", "Parts dynamiques", "Dynamic shares"},
    {"ports_max", "Ports au plus", "Ports at most"},
    {"reserved_ports", "Ports réservés", "Reserved ports"},
    {"algorithm_detail", "Précisions sur l'algorithme", "Details of the algorithm"},
    {"algorithm_key", "Clé de l'algorithme", "Key of the algorithm"},
}};

constexpr std::array<Name, 30> kEvents{{
    {"account_created", "création du compte", "account created"},
    {"login", "connexion", "login"},
    {"message_sent", "envoi du message", "message sent"},
    {"create", "début de traduction", "translation begins"},
    {"delete", "fin de traduction", "translation ends"},
    {"nat44_session_create", "début de session NAT44", "NAT44 session begins"},
    {"nat44_session_delete", "fin de session NAT44", "NAT44 session ends"},
    {"nat64_session_create", "début de session NAT64", "NAT64 session begins"},
    {"nat64_session_delete", "fin de session NAT64", "NAT64 session ends"},
    {"nat44_bib_create", "début d'association NAT44", "NAT44 binding begins"},
    {"nat44_bib_delete", "fin d'association NAT44", "NAT44 binding ends"},
    {"nat64_bib_create", "début d'association NAT64", "NAT64 binding begins"},
    {"nat64_bib_delete", "fin d'association NAT64", "NAT64 binding ends"},
    {"addresses_exhausted", "adresses épuisées", "addresses exhausted"},
    {"ports_exhausted", "ports épuisés", "ports exhausted"},
    {"quota_exceeded", "quota dépassé", "quota exceeded"},
    {"address_binding_create", "attribution d'adresse", "address bound"},
    {"address_binding_delete", "retrait d'adresse", "address released"},
    {"port_block_allocate", "attribution d'un bloc de ports", "port block allocated"},
    {"port_block_release", "libération d'un bloc de ports", "port block released"},
    {"session_start", "début de session d'accès", "access session starts"},
    {"session_interim", "session d'accès en cours", "access session goes on"},
    {"session_stop", "fin de session d'accès", "access session stops"},
    {"nas_on", "démarrage du serveur d'accès", "access server on"},
    {"nas_off", "arrêt du serveur d'accès", "access server off"},
    {"rule_deterministic_nat", "règle de partage : NAT déterministe", "sharing rule: deterministic NAT"},
    {"rule_map_e", "règle de partage : MAP-E", "sharing rule: MAP-E"},
    {"rule_map_t", "règle de partage : MAP-T", "sharing rule: MAP-T"},
    {"rule_4rd", "règle de partage : 4rd", "sharing rule: 4rd"},
    {"rule_port_sets", "règle de partage : jeux de ports fixes", "sharing rule: fixed port sets"},
}};

template <std::size_t N>
const Name* Find(const std::array<Name, N>& names, std::string_view id) {
  const auto name = std::find_if(names.begin(), names.end(), [&](const Name& row) { return row.id == id; });
  return name == names.end() ? nullptr : &*name;
}

template <std::size_t N>
std::string NameIn(const std::array<Name, N>& names, std::string_view id, Language language) {
  const Name* name = Find(names, id);
  if (name == nullptr) return std::string(id);
  return std::string(language == Language::kFrench ? name->french : name->english);
}

}  // namespace

std::string ItemName(std::string_view item, Language language) {
  return NameIn(kItems, item, language);
}
std::string FieldName(record::FieldId field, Language language) {
  return NameIn(kFields, record::NameOf(field), language);
}
std::string EventName(std::string_view event, Language language) {
  return NameIn(kEvents, event, language);
}

std::string SubjectName(order::SubjectKind kind, Language language) {
  static constexpr std::array<Name, 7> kSubjects{{
      {"message", "Message", "Message"},
      {"account", "Compte", "Account"},
      {"phone", "Téléphone", "Telephone"},
      {"email", "Courrier électronique", "E-mail"},
      {"subscriber", "Abonné", "Subscriber"},
      {"tuple", "Connexion", "Connection"},
      {"other_accounts", "Autres comptes du même auteur", "Other accounts of the same author"},
  }};
  return NameIn(kSubjects, order::ToText(kind), language);
}

std::string CertaintyName(resolve::Certainty certainty, Language language) {
  static constexpr std::array<Name, 5> kCertainties{{
      {"unique", "une seule réponse", "one answer only"},
      {"ambiguous", "plusieurs réponses possibles", "several answers are possible"},
      {"none", "aucune réponse", "no answer"},
      {"outside_retention", "hors de la durée de conservation", "outside retention"},
      {"log_gap", "journaux incomplets : la réponse n'est pas certaine",
       "gap in the logs: the answer is not certain"},
  }};
  return NameIn(kCertainties, resolve::ToText(certainty), language);
}

std::string ClockName(ClockSource source, Language language) {
  static constexpr std::array<Name, 4> kClocks{{
      {"event", "heure de l'événement", "clock of the event"},
      {"message", "heure du message", "clock of the message"},
      {"export", "heure d'exportation", "clock of the export"},
      {"receipt", "heure de réception", "clock of receipt"},
  }};
  return NameIn(kClocks, ToText(source), language);
}

std::string GapName(resolve::GapKind kind, Language language) {
  static constexpr std::array<Name, 4> kGaps{{
      {"outside_retention", "hors durée de conservation", "outside retention"},
      {"lost_records", "enregistrements perdus", "records lost"},
      {"still_open", "période encore ouverte", "still open"},
      {"no_window", "aucun enregistrement conservé", "no window kept"},
  }};
  return NameIn(kGaps, resolve::ToText(kind), language);
}

std::string DateText(const law::CivilDate& date, Language language) {
  static constexpr std::array<Name, 12> kMonths{{{"1", "janvier", "January"},
                                                 {"2", "février", "February"},
                                                 {"3", "mars", "March"},
                                                 {"4", "avril", "April"},
                                                 {"5", "mai", "May"},
                                                 {"6", "juin", "June"},
                                                 {"7", "juillet", "July"},
                                                 {"8", "août", "August"},
                                                 {"9", "septembre", "September"},
                                                 {"10", "octobre", "October"},
                                                 {"11", "novembre", "November"},
                                                 {"12", "décembre", "December"}}};
  const std::string month = NameIn(kMonths, std::to_string(date.month), language);
  const std::string day = language == Language::kFrench && date.day == 1 ? "1er" : std::to_string(date.day);
  return fmt::format("{} {} {}", day, month, date.year);
}

std::string DurationText(std::int64_t ns, Language language) {
  struct Unit {
    std::int64_t ns;
    std::string_view name;
  };
  static constexpr std::array<Unit, 4> kUnits{
      {{kNsPerSecond, "s"}, {kNsPerMs, "ms"}, {1000, "µs"}, {1, "ns"}}};
  if (ns == 0) return "0 s";
  const std::string sign = ns < 0 ? "−" : "";
  const std::uint64_t size = ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  for (const Unit& unit : kUnits) {
    const auto step = static_cast<std::uint64_t>(unit.ns);
    if (size < step) continue;
    std::string fraction = fmt::format("{:03}", size % step * 1000 / step);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    const std::string point = fraction.empty() ? "" : language == Language::kFrench ? "," : ".";
    return fmt::format("{}{}{}{} {}", sign, size / step, point, fraction, unit.name);
  }
  return "0 s";
}

}  // namespace probatio::report
