// The names of items, fields, events and findings, and the resolver's sentences in French.
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

constexpr std::array<Name, 39> kFields{{
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
}};

constexpr std::array<Name, 25> kEvents{{
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
}};

// English is what the resolver says; only French is looked up.
constexpr std::array<Name, 38> kSentences{{
    {"holder of the public address and port at the instant",
     "titulaire de l'adresse publique et du port à l'instant", ""},
    {"access session of the inside address", "session d'accès de l'adresse interne", ""},
    {"the account that sent the message", "le compte qui a envoyé le message", ""},
    {"event of the account: account_created", "événement du compte : création du compte", ""},
    {"event of the account: login", "événement du compte : connexion", ""},
    {"event of the account: message_sent", "événement du compte : envoi du message", ""},
    {"identity data that held within the period", "données d'identité en vigueur dans la période", ""},
    {"account data that held within the period", "données du compte en vigueur dans la période", ""},
    {"its start was not seen", "son début n'a pas été vu", ""},
    {"its beginning was not seen", "son début n'a pas été vu", ""},
    {"closed by the next start on the same address", "close par le début suivant sur la même adresse", ""},
    {"closed by a restart of the nas", "close par un redémarrage du serveur d'accès", ""},
    {"closed by re-allocation", "close par une nouvelle attribution", ""},
    {"no stop was seen", "aucune fin n'a été vue", ""},
    {"no end was seen", "aucune fin n'a été vue", ""},
    {"an address binding names no port", "une attribution d'adresse ne nomme aucun port", ""},
    {"held for part of the instant's stated error only",
     "détenu pendant une partie seulement de la marge d'erreur", ""},
    {"one customer can have held the address and port at the instant",
     "un seul client a pu détenir l'adresse et le port à cet instant", ""},
    {"several customers can have held the address and port at the instant and none was chosen",
     "plusieurs clients ont pu détenir l'adresse et le port à cet instant ; aucun n'a été choisi", ""},
    {"no event shows a holder of the address and port at the instant",
     "aucun événement ne montre de titulaire de l'adresse et du port à cet instant", ""},
    {"the instant lies outside what may still be read", "l'instant est hors de ce qui peut encore être lu",
     ""},
    {"records around the instant are missing or not yet readable, so another holder is possible",
     "des enregistrements proches de l'instant manquent ou ne sont pas encore lisibles ; un autre titulaire "
     "est possible",
     ""},
    {"a candidate ends at an inside address that no access session ties to a subscriber",
     "une réponse s'arrête à une adresse interne qu'aucune session d'accès ne relie à un abonné", ""},
    {"no candidate's account or identity was opened",
     "ni le compte ni l'identité d'aucune réponse n'ont été ouverts", ""},
    {"part of what was searched could not be seen: see gaps",
     "une partie de ce qui a été cherché n'a pas pu être vue : voir ci-dessous", ""},
    {"no event of the kinds asked for was found", "aucun événement des types demandés n'a été trouvé", ""},
    {"one candidate was found", "une seule réponse a été trouvée", ""},
    {"several candidates were found and none was chosen",
     "plusieurs réponses ont été trouvées ; aucune n'a été choisie", ""},
    {"no data held", "aucune donnée détenue", ""},
    {"nothing was found, and part of the period may no longer be read",
     "rien n'a été trouvé, et une partie de la période ne peut plus être lue", ""},
    {"records are missing or not yet readable for part of the period",
     "des enregistrements manquent ou ne sont pas encore lisibles pour une partie de la période", ""},
    {"no candidate's events, account or identity were opened",
     "ni les événements, ni le compte, ni l'identité d'aucune réponse n'ont été ouverts", ""},
    {"no identity data held", "aucune donnée d'identité détenue", ""},
    {"no account data held", "aucune donnée de compte détenue", ""},
    {"outside retention", "hors durée de conservation", ""},
    {"no part of the period may still be kept for all its items",
     "aucune partie de la période ne peut encore être conservée pour toutes ses données", ""},
    {"no record here holds it", "aucun enregistrement d'ici ne la contient", ""},
    {"outside what was searched", "hors de ce qui a été cherché", ""},
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

// The beginnings of the scope's reasons, where the rest is a person's own words or a rule's name.
constexpr std::array<Name, 8> kBeginnings{{
    {"refused by rule ", "refusé par la règle ", ""},
    {"refuse by ", "refusé par ", ""},
    {"decline by ", "écarté par ", ""},
    {"appeal by ", "appel formé, décision de ", ""},
    {"ask_interpretation by ", "interprétation demandée (CPC 461), décision de ", ""},
    {"ask_rectification by ", "rectification demandée (CPC 462), décision de ", ""},
    {"outside retention before ", "hors durée de conservation avant le ", ""},
    {"outside retention from ", "hors durée de conservation à partir du ", ""},
}};

std::string FrenchClause(std::string_view clause) {
  if (const Name* known = Find(kSentences, clause)) return std::string(known->french);
  for (const Name& beginning : kBeginnings) {
    if (clause.substr(0, beginning.id.size()) == beginning.id) {
      return std::string(beginning.french) + std::string(clause.substr(beginning.id.size()));
    }
  }
  return std::string(clause);
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

std::string Sentence(std::string_view sentence, Language language) {
  if (language == Language::kEnglish) return std::string(sentence);
  std::string out;
  while (true) {
    const std::size_t end = sentence.find("; ");
    out += FrenchClause(sentence.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += " ; ";
    sentence.remove_prefix(end + 2);
  }
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
