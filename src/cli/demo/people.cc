#include "cli/demo/people.h"

#include <fmt/format.h>

namespace probatio::cli::demo {
namespace {

constexpr const char* kSurnames[] = {
    "Aubrécourt", "Bellefontaine", "Carvençal",   "Dufraîche", "Estéban-Noël", "Févrière",
    "Grandchêne", "Hautebruyère",  "Île-Marais",  "Jolivêtre", "Kervœllec",    "Lançonnet",
    "Montaigüe",  "Névrac",        "Orçay-Ménil", "Prébois",   "Quérigaut",    "Rougemël",
    "Sainte-Aÿe", "Thévenoux",     "Urgél",       "Valcœur",   "Wœrthlin",     "Yvrenne"};
constexpr const char* kFirstNames[] = {"Aélis",  "Benoît",  "Clémence", "Désiré", "Éloïse", "François",
                                       "Gaël",   "Héloïse", "Inès",     "Joël",   "Kévin",  "Loïc",
                                       "Maëlle", "Noé",     "Océane",   "Paulin", "Rémi",   "Solène",
                                       "Théo",   "Ursule",  "Valère",   "Zoé"};
constexpr const char* kTowns[] = {"Ville-Exemple", "Saint-Modèle", "Bourg-Fictif", "Montinventé",
                                  "Pré-en-Conte"};
constexpr const char* kStreets[] = {"rue de l'Exemple", "allée des Épreuves", "place du Modèle",
                                    "chemin de l'Étude"};

}  // namespace

record::Identity InventPerson(const std::string& holder, int number, Instant from, Dice& dice) {
  record::Identity person;
  person.origin.at.at = from;
  person.origin.exporter = "crm";
  person.holder = holder;
  person.surname = dice.Pick(kSurnames);
  person.first_name = dice.Pick(kFirstNames);
  person.birth_date =
      fmt::format("{}-{:02}-{:02}", 1950 + dice.Below(55), 1 + dice.Below(12), 1 + dice.Below(28));
  const std::string town = dice.Pick(kTowns);
  person.birth_place = town;
  person.postal_address =
      fmt::format("{} {}, 99{:03} {}", 1 + dice.Below(120), dice.Pick(kStreets), dice.Below(1000), town);
  person.emails = {fmt::format("{}@mail.example", holder)};
  person.phones = {fmt::format("+3363998{:04}", number % 10'000)};
  return person;
}

}  // namespace probatio::cli::demo
