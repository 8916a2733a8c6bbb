// probatio people contact, absent, contacts: who is told about orders, where, and who stands in.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "cli/deployment.h"
#include "cli/people_commands.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string id;
  std::string email;
  std::string substitute;
  std::string from;
  std::string to;
  bool on_call = false;
  bool off_call = false;
};

Result<std::optional<casebook::Contact>> Known(Deployment& deployment, const PersonId& id) {
  std::vector<casebook::Contact> contacts = TRY(deployment.casebook().ListContacts());
  for (casebook::Contact& contact : contacts) {
    if (contact.person == id) return std::optional(std::move(contact));
  }
  return std::optional<casebook::Contact>();
}

// What is not named stays as it was.
Status SetContact(Session& session, const Options& options, bool email_given) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const PersonId id = TRY_IN("ID", PersonId::Parse(options.id));
  const std::optional<casebook::Contact> known = TRY(Known(*deployment, id));
  casebook::Contact contact = known.value_or(casebook::Contact{});
  contact.person = id;
  if (email_given) contact.email = options.email;
  if (options.on_call) contact.on_call = true;
  if (options.off_call) contact.on_call = false;
  if (options.substitute == "none") contact.substitute.reset();
  if (!options.substitute.empty() && options.substitute != "none")
    contact.substitute = TRY_IN("--substitute", PersonId::Parse(options.substitute));
  TRY(deployment->casebook().SetContact(contact, deployment->clock().Now(), deployment->ledger()));
  session.out << id.text() << (contact.on_call ? " is on call" : " is not on call")
              << (contact.email.empty() ? ", without an e-mail address" : "") << "\n";
  return Done{};
}

Status AddAbsence(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const PersonId id = TRY_IN("ID", PersonId::Parse(options.id));
  Period absence;
  absence.begin = TRY_IN("--from", Instant::ParseRfc3339(options.from));
  absence.end = TRY_IN("--to", Instant::ParseRfc3339(options.to));
  TRY(deployment->casebook().AddAbsence(id, absence));
  session.out << id.text() << " is away from " << absence.begin.ToRfc3339() << " to "
              << absence.end.ToRfc3339() << "\n";
  return Done{};
}

// Addresses are not listed: whoever set one knows it.
Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<casebook::Contact> contacts = TRY(deployment->casebook().ListContacts());
  const Instant now = deployment->clock().Now();
  nlohmann::json list = nlohmann::json::array();
  for (const casebook::Contact& contact : contacts) {
    const order::OnCall one{contact.person, contact.on_call, contact.substitute, contact.absences};
    nlohmann::json absences = nlohmann::json::array();
    for (const Period& absence : contact.absences)
      absences.push_back({{"from", absence.begin.ToRfc3339()}, {"to", absence.end.ToRfc3339()}});
    list.push_back({{"person", contact.person.text()},
                    {"on_call", contact.on_call},
                    {"has_email", !contact.email.empty()},
                    {"substitute", contact.substitute ? contact.substitute->text() : ""},
                    {"absent_now", one.AbsentAt(now)},
                    {"absences", std::move(absences)}});
    if (session.json) continue;
    session.out << contact.person.text() << (contact.on_call ? "  on call" : "  not on call")
                << (contact.email.empty() ? "  no e-mail" : "  e-mail");
    if (contact.substitute) session.out << "  substitute " << contact.substitute->text();
    session.out << (one.AbsentAt(now) ? "  absent now" : "") << "\n";
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

}  // namespace

void AddContacts(CLI::App* people, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* contact = people->add_subcommand("contact", "how a person is told about orders");
  contact->add_option("ID", options->id, "the person's id")->required();
  CLI::Option* email = contact->add_option("--email", options->email, "address; sealed in the casebook");
  CLI::Option* on_call = contact->add_flag("--on-call", options->on_call, "is told about every order");
  contact->add_flag("--off-call", options->off_call, "is no longer told")->excludes(on_call);
  contact->add_option("--substitute", options->substitute,
                      "who is told while this person is absent, or none");
  OnRun(contact, session,
        [&session, options, email] { return SetContact(session, *options, email->count() > 0); });

  CLI::App* absent = people->add_subcommand("absent", "a person is away: the substitute is told");
  absent->add_option("ID", options->id, "the person's id")->required();
  absent->add_option("--from", options->from, "such as 2024-12-24T18:00:00+01:00")->required();
  absent->add_option("--to", options->to, "the first instant back")->required();
  OnRun(absent, session, [&session, options] { return AddAbsence(session, *options); });

  CLI::App* list = people->add_subcommand("contacts", "who is told, and who is absent now");
  OnRun(list, session, [&session] { return List(session); });
}

}  // namespace probatio::cli
