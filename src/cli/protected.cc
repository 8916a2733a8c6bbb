// probatio protected: the deployment's own list of selectors whose holders professional secrecy protects.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/order_file.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kSelectorFileBytesMax = 4'096;

struct Options {
  std::string kind;
  std::string file;
  std::string profession;
  std::string by;
  std::uint64_t id = 0;
};

// The selector comes in a file: a command line is read by others and kept by the shell.
Result<order::Subject> SubjectOf(const Options& options) {
  order::Subject subject;
  std::string value = TRY(ReadText(options.file, kSelectorFileBytesMax));
  value.erase(value.find_last_not_of("\r\n \t") + 1);
  if (options.kind == "ip") {
    subject.kind = order::SubjectKind::kTuple;
    subject.tuple.emplace();
    subject.tuple->ip = TRY_IN(options.file, IpAddress::Parse(value));
    return subject;
  }
  for (const order::SubjectKind kind : {order::SubjectKind::kPhone, order::SubjectKind::kEmail,
                                        order::SubjectKind::kAccount, order::SubjectKind::kSubscriber}) {
    if (order::ToText(kind) == options.kind) subject.kind = kind;
  }
  subject.value = std::move(value);
  return subject;
}

Status Add(Session& session, const Options& options) {
  const order::Subject subject = TRY(SubjectOf(options));
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const casebook::Person by = TRY(RegisteredPerson(*deployment, options.by, casebook::Duty::kJudge));
  const std::uint64_t id = TRY(deployment->casebook().AddProtection(
      subject, options.profession, by.id, deployment->clock().Now(), deployment->ledger()));
  session.out << "listed as " << id << " (" << options.profession
              << "); an order that names it ends at a person\n";
  return Done{};
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<casebook::Protection> protections = TRY(deployment->casebook().ListProtections());
  nlohmann::json list = nlohmann::json::array();
  for (const casebook::Protection& one : protections) {
    list.push_back({{"id", one.id},
                    {"profession", one.profession},
                    {"added_by", one.added_by.text()},
                    {"added_at", one.added_at.ToRfc3339()}});
    if (!session.json)
      session.out << one.id << "  " << one.profession << "  by " << one.added_by.text() << " at "
                  << one.added_at.ToRfc3339() << "\n";
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

Status Remove(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const casebook::Person by = TRY(RegisteredPerson(*deployment, options.by, casebook::Duty::kJudge));
  TRY(deployment->casebook().RemoveProtection(options.id, by.id, deployment->clock().Now(),
                                              deployment->ledger()));
  session.out << "removed " << options.id << "\n";
  return Done{};
}

}  // namespace

void AddProtected(CLI::App& app, Session& session) {
  CLI::App* group = app.add_subcommand("protected",
                                       "selectors of lawyers, journalists, doctors, ...: an order "
                                       "that names one ends at a person");
  group->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* add =
      group->add_subcommand("add", "put a selector on the list; only a keyed digest of it is kept");
  add->add_option("KIND", options->kind, "phone, email, account, subscriber or ip")
      ->required()
      ->check(CLI::IsMember({"phone", "email", "account", "subscriber", "ip"}));
  add->add_option("--from-file", options->file, "the file that holds the selector alone")->required();
  add->add_option("--profession", options->profession, "lawyer, journalist, doctor, ... (the regime's words)")
      ->required();
  add->add_option("--by", options->by, "your id")->required();
  OnRun(add, session, [&session, options] { return Add(session, *options); });
  CLI::App* list =
      group->add_subcommand("list", "what is on it: number, profession, by whom; never a selector");
  OnRun(list, session, [&session] { return List(session); });
  CLI::App* remove = group->add_subcommand("remove", "take one off; by another person than who put it on");
  remove->add_option("NUMBER", options->id, "its number in the list")->required();
  remove->add_option("--by", options->by, "your id")->required();
  OnRun(remove, session, [&session, options] { return Remove(session, *options); });
}

}  // namespace probatio::cli
