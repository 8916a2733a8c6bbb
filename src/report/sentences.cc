// The sentences of the resolver and of the scope, which speak English, in French. A sentence that changed
// over there stays English here rather than being lost.
#include <algorithm>
#include <array>

#include "report/words.h"

namespace probatio::report {
namespace {

struct Phrase {
  std::string_view id;  // the English words
  std::string_view french;
};

constexpr std::array<Phrase, 38> kSentences{{
    {"holder of the public address and port at the instant",
     "titulaire de l'adresse publique et du port à l'instant"},
    {"access session of the inside address", "session d'accès de l'adresse interne"},
    {"the account that sent the message", "le compte qui a envoyé le message"},
    {"event of the account: account_created", "événement du compte : création du compte"},
    {"event of the account: login", "événement du compte : connexion"},
    {"event of the account: message_sent", "événement du compte : envoi du message"},
    {"identity data that held within the period", "données d'identité en vigueur dans la période"},
    {"account data that held within the period", "données du compte en vigueur dans la période"},
    {"its start was not seen", "son début n'a pas été vu"},
    {"its beginning was not seen", "son début n'a pas été vu"},
    {"closed by the next start on the same address", "close par le début suivant sur la même adresse"},
    {"closed by a restart of the nas", "close par un redémarrage du serveur d'accès"},
    {"closed by re-allocation", "close par une nouvelle attribution"},
    {"no stop was seen", "aucune fin n'a été vue"},
    {"no end was seen", "aucune fin n'a été vue"},
    {"an address binding names no port", "une attribution d'adresse ne nomme aucun port"},
    {"held for part of the instant's stated error only",
     "détenu pendant une partie seulement de la marge d'erreur"},
    {"one customer can have held the address and port at the instant",
     "un seul client a pu détenir l'adresse et le port à cet instant"},
    {"several customers can have held the address and port at the instant and none was chosen",
     "plusieurs clients ont pu détenir l'adresse et le port à cet instant ; aucun n'a été choisi"},
    {"no event shows a holder of the address and port at the instant",
     "aucun événement ne montre de titulaire de l'adresse et du port à cet instant"},
    {"the instant lies outside what may still be read", "l'instant est hors de ce qui peut encore être lu"},
    {"records around the instant are missing or not yet readable, so another holder is possible",
     "des enregistrements proches de l'instant manquent ou ne sont pas encore lisibles ; un autre titulaire "
     "est possible"},
    {"a candidate ends at an inside address that no access session ties to a subscriber",
     "une réponse s'arrête à une adresse interne qu'aucune session d'accès ne relie à un abonné"},
    {"no candidate's account or identity was opened",
     "ni le compte ni l'identité d'aucune réponse n'ont été ouverts"},
    {"part of what was searched could not be seen: see gaps",
     "une partie de ce qui a été cherché n'a pas pu être vue : voir ci-dessous"},
    {"no event of the kinds asked for was found", "aucun événement des types demandés n'a été trouvé"},
    {"one candidate was found", "une seule réponse a été trouvée"},
    {"several candidates were found and none was chosen",
     "plusieurs réponses ont été trouvées ; aucune n'a été choisie"},
    {"no data held", "aucune donnée détenue"},
    {"nothing was found, and part of the period may no longer be read",
     "rien n'a été trouvé, et une partie de la période ne peut plus être lue"},
    {"records are missing or not yet readable for part of the period",
     "des enregistrements manquent ou ne sont pas encore lisibles pour une partie de la période"},
    {"no candidate's events, account or identity were opened",
     "ni les événements, ni le compte, ni l'identité d'aucune réponse n'ont été ouverts"},
    {"no identity data held", "aucune donnée d'identité détenue"},
    {"no account data held", "aucune donnée de compte détenue"},
    {"outside retention", "hors durée de conservation"},
    {"no part of the period may still be kept for all its items",
     "aucune partie de la période ne peut encore être conservée pour toutes ses données"},
    {"no record here holds it", "aucun enregistrement d'ici ne la contient"},
    {"outside what was searched", "hors de ce qui a été cherché"},
}};

template <std::size_t N>
const Phrase* Find(const std::array<Phrase, N>& phrases, std::string_view english) {
  const auto phrase =
      std::find_if(phrases.begin(), phrases.end(), [&](const Phrase& row) { return row.id == english; });
  return phrase == phrases.end() ? nullptr : &*phrase;
}

// The beginnings of the scope's reasons, where the rest is a person's own words or a rule's name.
constexpr std::array<Phrase, 8> kBeginnings{{
    {"refused by rule ", "refusé par la règle "},
    {"refuse by ", "refusé par "},
    {"decline by ", "écarté par "},
    {"appeal by ", "appel formé, décision de "},
    {"ask_interpretation by ", "interprétation demandée (CPC 461), décision de "},
    {"ask_rectification by ", "rectification demandée (CPC 462), décision de "},
    {"outside retention before ", "hors durée de conservation avant le "},
    {"outside retention from ", "hors durée de conservation à partir du "},
}};

std::string FrenchClause(std::string_view clause) {
  if (const Phrase* known = Find(kSentences, clause)) return std::string(known->french);
  for (const Phrase& beginning : kBeginnings) {
    if (clause.substr(0, beginning.id.size()) == beginning.id) {
      return std::string(beginning.french) + std::string(clause.substr(beginning.id.size()));
    }
  }
  return std::string(clause);
}

}  // namespace

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

}  // namespace probatio::report
