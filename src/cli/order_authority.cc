// probatio order authority, order authenticate: the issuing authorities that the provider knows, and an order
// held against one of them (order/authority.h).
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/files.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "order/authority.h"
#include "order/urgent.h"

namespace probatio::cli {
namespace {

constexpr const char* kIndex = "authorities";  // the ids, one a line
constexpr std::size_t kCertificateFilesMax = 16;
constexpr std::size_t kRevocationFilesMax = 16;

struct Options {
  std::string id;
  std::string name;
  std::string phone;
  std::string source;
  std::vector<std::string> certificates;
  std::vector<std::string> timestamp_certificates;
  std::string by;
  std::string order;
  std::string authority;
  std::string reason;
  std::string paper;
  std::string signature;
  std::vector<std::string> revocation;
  bool signed_revision = false;
  bool urgent = false;
};

std::string KeyOf(const std::string& id) {
  return "authority." + id;
}

Result<std::optional<order::Authority>> Known(Deployment& deployment, const std::string& id) {
  const Result<std::string> json = deployment.casebook().Setting(KeyOf(id));
  if (!json.ok()) {
    if (json.error().code() == ErrorCode::kNotFound) return std::optional<order::Authority>();
    return json.error();
  }
  order::Authority authority = TRY(order::AuthorityFromJson(json.value()));
  return std::optional(std::move(authority));
}

Result<order::Authority> Find(Deployment& deployment, const std::string& id) {
  std::optional<order::Authority> known = TRY(Known(deployment, id));
  if (!known) return NotFound("authority " + id + ": not known (probatio order authority add)");
  return *std::move(known);
}

Result<std::string> Index(Deployment& deployment) {
  Result<std::string> ids = deployment.casebook().Setting(kIndex);
  if (!ids.ok() && ids.error().code() == ErrorCode::kNotFound) return std::string();
  return ids;
}

// The entry first: a change that the ledger does not know of must not come into force.
Status Keep(Deployment& deployment, const order::Authority& authority) {
  const std::string json = order::AuthorityToJson(authority);
  TRY(order::AuthorityFromJson(json));
  TRY(deployment.ledger().Append({"authority_changed",
                                  deployment.clock().Now(),
                                  {{"authority", authority.id},
                                   {"entered_by", authority.entered_by.text()},
                                   {"confirmed", authority.confirmed_by ? "yes" : "no"}}}));
  TRY(deployment.casebook().SetSetting(KeyOf(authority.id), json));
  const std::string ids = TRY(Index(deployment));
  if (("\n" + ids).find("\n" + authority.id + "\n") != std::string::npos) return Done{};
  return deployment.casebook().SetSetting(kIndex, ids + authority.id + "\n");
}

Result<std::string> ReadAnchors(const std::vector<std::string>& paths) {
  std::string pem;
  for (const std::string& path : paths) {
    const std::vector<crypto::Certificate> certificates = TRY(ReadCertificates(path));
    for (const crypto::Certificate& one : certificates) pem += one.ToPem();
  }
  return pem;
}

Status Add(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const casebook::Person by =
      TRY(RegisteredPerson(*deployment, options.by, casebook::DutyOf(order::EventKind::kAuthenticated)));
  order::Authority authority;
  authority.id = TRY_IN("ID", CheckIdText(options.id));
  authority.name = options.name;
  authority.phone = options.phone;
  authority.source = options.source;
  authority.anchor_pem = TRY(ReadAnchors(options.certificates));
  authority.stamp_anchor_pem = TRY(ReadAnchors(options.timestamp_certificates));
  authority.entered_by = by.id;
  authority.entered_at = deployment->clock().Now();
  const std::optional<order::Authority> known = TRY(Known(*deployment, authority.id));
  authority.replaced = known.has_value();
  TRY(Keep(*deployment, authority));
  session.out << "entered " << authority.id << "; a second person looks the details up again, then: probatio "
              << "order authority confirm " << authority.id << " --by ID\n";
  if (authority.replaced)
    session.out << "changed details are not used for " << order::kCoolingDays << " days\n";
  return Done{};
}

Status ConfirmIt(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const casebook::Person by =
      TRY(RegisteredPerson(*deployment, options.by, casebook::DutyOf(order::EventKind::kAuthenticated)));
  order::Authority authority = TRY(Find(*deployment, options.id));
  authority = TRY(order::Confirm(std::move(authority), by.id));
  TRY(Keep(*deployment, authority));
  session.out << "confirmed " << authority.id << "\n";
  return Done{};
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::string ids = TRY(Index(*deployment));
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t begin = 0; begin < ids.size();) {
    const std::size_t end = ids.find('\n', begin);
    const order::Authority authority = TRY(Find(*deployment, ids.substr(begin, end - begin)));
    list.push_back(nlohmann::json::parse(order::AuthorityToJson(authority)));
    if (!session.json)
      session.out << fmt::format("{}  {}  {}{}{}\n", authority.id, authority.name, authority.phone,
                                 authority.anchor_pem.empty() ? "" : "  with a certificate",
                                 authority.confirmed_by ? "" : "  (not confirmed)");
    begin = end + 1;
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

Result<order::Proof> Prove(Deployment& deployment, const order::Order& order, const Options& options) {
  const order::Authority authority = TRY(Find(deployment, options.authority));
  const Instant now = deployment.clock().Now();
  if (options.paper.empty()) return order::ProveByCallBack(authority, order, options.reason, now);
  const Buffer file = TRY(ReadFile(options.paper, order::kSignedPaperBytesMax));
  order::SignedPaper paper{file, {}, options.signed_revision, {}};
  if (!options.signature.empty())
    paper.signature = TRY(ReadFile(options.signature, crypto::kSignatureBytesMax));
  paper.revocation = TRY(ReadRevocation(options.revocation));
  return order::ProveBySignature(authority, order, paper, now);
}

Status Authenticate(Session& session, const Options& options) {
  if (options.authority.empty() && !options.paper.empty())
    return Error(ErrorCode::kUsage, "order authenticate: --paper needs --authority");
  if (options.authority.empty() && options.urgent)
    return Error(ErrorCode::kUsage, "order authenticate: --urgent needs --authority, whose number is called");
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event =
      TRY(EventBy(*deployment, options.by, order::EventKind::kAuthenticated, options.reason));
  const std::string known = TRY(Index(*deployment));
  // A house that knows authorities holds every order against one; words alone would be the way round it.
  if (options.authority.empty() && !known.empty())
    return Denied(
        "order authenticate: authorities are known here: name the one that issued it (--authority)");
  if (!options.authority.empty()) {
    const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
    const order::Proof proof = TRY_IN("order authenticate", Prove(*deployment, loaded.order, options));
    event.item = proof.way;
    event.reason = proof.words;
    if (options.urgent) event.until = TRY(order::UrgentUntil(loaded.order, deployment->clock().Now()));
  }
  TRY(RecordOrderEvent(*deployment, id, event));
  session.out << id.text() << ": authenticated: " << event.reason << "\n";
  if (event.until)
    session.out << "a second person confirms before " << law::ParisText(*event.until)
                << ": probatio order confirm " << id.text() << " --by ID\n";
  return Done{};
}

void AddAuthorities(CLI::App* order, Session& session) {
  CLI::App* authority = order->add_subcommand("authority", "the issuing authorities that are known here");
  authority->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* add = authority->add_subcommand("add", "enter one, or change it");
  add->add_option("ID", options->id, "such as tj-paris")->required();
  add->add_option("--name", options->name, "as its orders write it")->required();
  add->add_option("--phone", options->phone, "the number to call back, from a public directory");
  CLI::Option* certificate =
      add->add_option("--certificate", options->certificates, "what its signatures chain to; repeatable")
          ->expected(1, kCertificateFilesMax);
  add->add_option("--timestamp-certificate", options->timestamp_certificates,
                  "what its time-stamps chain to, where that is something else; repeatable")
      ->expected(1, kCertificateFilesMax)
      ->needs(certificate);
  add->add_option("--source", options->source, "where that was looked up; never the order itself")
      ->required();
  add->add_option("--by", options->by, "who looked it up")->required();
  OnRun(add, session, [&session, options] { return Add(session, *options); });
  CLI::App* confirm = authority->add_subcommand("confirm", "a second person looked the details up again");
  confirm->add_option("ID", options->id, "the authority's id")->required();
  confirm->add_option("--by", options->by, "who confirms")->required();
  OnRun(confirm, session, [&session, options] { return ConfirmIt(session, *options); });
  CLI::App* list = authority->add_subcommand("list", "all of them");
  OnRun(list, session, [&session] { return List(session); });
}

}  // namespace

void AddAuthenticity(CLI::App* order, Session& session) {
  AddAuthorities(order, session);
  auto options = std::make_shared<Options>();
  CLI::App* authenticate =
      order->add_subcommand("authenticate", "the paper is genuine: say how it was checked");
  authenticate->add_option("ORDER", options->order, "the order's id")->required();
  authenticate->add_option("--by", options->by, "who checked it")->required();
  authenticate->add_option("--reason", options->reason,
                           "how; of a call back: who answered, what was confirmed");
  authenticate->add_option("--authority", options->authority, "the known authority it is held against");
  CLI::Option* paper =
      authenticate->add_option("--paper", options->paper, "the signed file, one of the order's papers");
  CLI::Option* signature =
      authenticate->add_option("--signature", options->signature,
                               "its detached CMS signature (.p7s); without it, the one inside the PDF");
  authenticate
      ->add_option("--revocation", options->revocation,
                   "a revocation list or an OCSP response for its certificates; repeatable")
      ->expected(1, kRevocationFilesMax)
      ->needs(paper);
  authenticate
      ->add_flag("--signed-revision", options->signed_revision,
                 "the paper is what the PDF's last signature covers; what was added later is left out")
      ->needs(paper)
      ->excludes(signature);
  authenticate->add_flag("--urgent", options->urgent,
                         "a life is at stake: a second person confirms the transcription afterwards");
  signature->needs(paper);
  OnRun(authenticate, session, [&session, options] { return Authenticate(session, *options); });
}

}  // namespace probatio::cli
