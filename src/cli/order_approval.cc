// probatio order scope, approval-request, approval-show, approve, approval-take: an order is approved by two
// people, each on their own machine. Files are carried between the server and them: a request there, an
// answer back. Where both stand on one machine, `approve ORDER` takes the same steps with the same bytes.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>

#include "cli/approval_text.h"
#include "cli/files.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "cli/system_clock.h"
#include "order/plan.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string order;  // an id, or a request's file
  std::string by;
  std::string key;
  std::string passphrase_file;
  std::string scope;
  std::string out;
  std::string answer;
  int hours = 0;
  bool preserve = false;
  bool french = false;

  order::GrantKind kind() const {
    return preserve ? order::GrantKind::kPreserve : order::GrantKind::kDisclose;
  }
};

Result<std::string> DrawUp(Deployment& deployment, const disclosure::Case& loaded, const Options& options) {
  const std::int64_t hours = options.hours > 0 ? options.hours : deployment.config().grant_hours;
  const order::Scope scope = TRY(order::BuildScope(
      loaded.order, loaded.life, loaded.assessment, options.kind(), deployment.config().provider,
      deployment.RegimeName(), deployment.clock().Now() + hours * kNsPerHour));
  return order::ScopeToJson(scope);
}

Result<bool> IsSigned(Deployment& deployment, const OrderId& id) {
  const Result<order::SignedScope> signed_scope = deployment.casebook().SignedScopeOf(id);
  if (signed_scope.ok()) return true;
  if (signed_scope.error().code() == ErrorCode::kNotFound) return false;
  return signed_scope.error();
}

// The scope asked for before, while it holds, so that all sign the same bytes. Nothing when one is to be
// drawn up; whoever signed already must not find, with the second signature, that it was another scope.
Result<std::optional<order::UnderApproval>> AskedBefore(Deployment& deployment, const OrderId& id,
                                                        const Options& options) {
  Result<order::UnderApproval> asked = deployment.casebook().ScopeUnderApproval(id);
  if (!asked.ok()) {
    if (asked.error().code() == ErrorCode::kNotFound) return std::optional<order::UnderApproval>();
    return asked.error();
  }
  const order::Scope scope = TRY(order::ScopeFromJson(asked.value().scope_json));
  const bool is_signed = TRY(IsSigned(deployment, id));
  const bool holds = scope.kind == options.kind() && deployment.clock().Now() < scope.valid_until;
  if (holds && (is_signed || options.hours == 0)) return std::optional(std::move(asked).value());
  if (!is_signed) return std::optional<order::UnderApproval>();
  return Denied(fmt::format(
      "order {}: the scope signed before is to {} until {}; assess the order again to sign another",
      id.text(), order::ToText(scope.kind), scope.valid_until.ToRfc3339()));
}

// One that is drawn up now is entered in the ledger: approvals are held against it and nothing else.
Result<order::UnderApproval> AskFor(Deployment& deployment, const OrderId& id, const Options& options) {
  std::optional<order::UnderApproval> before = TRY(AskedBefore(deployment, id, options));
  if (before.has_value()) return std::move(*before);
  const disclosure::Case loaded = TRY(CasebookCases(deployment).LoadUnsigned(id));
  if (loaded.life.state != order::State::kAssessed) {
    return Denied(fmt::format("approved: the order is {}: a scope is drawn up when it is assessed",
                              order::ToText(loaded.life.state)));
  }
  const std::string scope_json = TRY(DrawUp(deployment, loaded, options));
  TRY(deployment.casebook().RequestApproval(id, scope_json, deployment.clock().Now(), deployment.ledger()));
  return deployment.casebook().ScopeUnderApproval(id);
}

Result<std::string> WriteRequestText(Deployment& deployment, const OrderId& id,
                                     const order::UnderApproval& asked) {
  order::ApprovalRequest request{asked.requested_at, {}, asked.scope_json, {}};
  const disclosure::Case loaded = TRY(CasebookCases(deployment).LoadUnsigned(id));
  const order::Scope scope = TRY(order::ScopeFromJson(asked.scope_json));
  const order::Plan plan = order::MakePlan(loaded.order, loaded.life, loaded.assessment, scope.kind);
  for (const order::PlanLine& line : plan.lines) {
    for (const std::string& gap : line.gaps) {
      const std::string text = line.id + ": " + gap;
      if (std::find(request.known_gaps.begin(), request.known_gaps.end(), text) == request.known_gaps.end() &&
          request.known_gaps.size() < order::kApprovalGapsMax)
        request.known_gaps.push_back(text);
    }
  }
  request.order_source = TRY(deployment.casebook().OrderSource(id));
  std::string text = order::ApprovalRequestToText(request);
  TRY(order::ApprovalRequestFromText(text));  // what an approver's machine would refuse is not carried there
  return text;
}

Status WriteScope(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const order::UnderApproval asked = TRY(AskFor(*deployment, id, options));
  if (options.out.empty()) {
    session.out << asked.scope_json << "\n";
    return Done{};
  }
  return WriteFile(options.out, AsBytes(asked.scope_json));
}

Status WriteRequest(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const order::UnderApproval asked = TRY(AskFor(*deployment, id, options));
  const std::string text = TRY(WriteRequestText(*deployment, id, asked));
  TRY(WriteFile(options.out, AsBytes(text), Mode::kPrivate));
  session.out << "wrote " << options.out
              << ": carry it to each approver's own machine, then bring the answers back\n";
  return Done{};
}

Result<order::ApprovalRequest> ReadRequest(const std::string& path) {
  const std::string text = TRY(ReadText(path, order::kApprovalRequestBytesMax));
  return TRY_IN(path, order::ApprovalRequestFromText(text));
}

report::Language LanguageOf(const Options& options) {
  return options.french ? report::Language::kFrench : report::Language::kEnglish;
}

Status ShowRequest(Session& session, const Options& options) {
  const order::ApprovalRequest request = TRY(ReadRequest(options.order));
  return TRY_IN(options.order, PrintApprovalRequest(request, LanguageOf(options), session.out));
}

Result<KeyPair> ReadSigningKey(const Options& options) {
  const Secret secret = TRY(ReadPassphrase(options.passphrase_file));
  return std::filesystem::path(options.key).extension() == ".pkcs11" ? ReadTokenKeyPair(options.key, secret)
                                                                     : ReadKeyPair(options.key, secret);
}

// On the approver's machine: neither casebook nor store, and the machine's own clock.
Status ApproveCarried(Session& session, const Options& options) {
  if (options.out.empty()) return Error(ErrorCode::kUsage, "approve: a request is answered with --out FILE");
  const order::ApprovalRequest request = TRY(ReadRequest(options.order));
  const PersonId person = TRY_IN("--by", PersonId::Parse(options.by));
  TRY_IN(options.order, PrintApprovalRequest(request, LanguageOf(options), session.out));
  const KeyPair pair = TRY(ReadSigningKey(options));
  const order::ApprovalAnswer answer =
      TRY(order::SignScope(request.scope_json, person, pair.key, pair.certificate, SystemClock().Now()));
  TRY(CreateFile(options.out, AsBytes(order::ApprovalAnswerToJson(answer))));
  session.out << "\nsigned by " << person.text() << ": carry " << options.out << " back to the server\n";
  return Done{};
}

// With the second signature both must be of two people with two keys (order::CheckApprovals).
Status CheckBeside(Deployment& deployment, const OrderId& id, const order::Approval& approval) {
  Result<order::SignedScope> before = deployment.casebook().SignedScopeOf(id);
  if (!before.ok()) {
    if (before.error().code() == ErrorCode::kNotFound) return Done{};
    return before.error();
  }
  order::SignedScope both = std::move(before).value();
  // The same person again is for the order's life to refuse, in its words.
  for (const order::Approval& earlier : both.approvals) {
    if (earlier.person == approval.person) return Done{};
  }
  both.approvals.push_back(approval);
  const std::vector<crypto::Certificate> approvers = TRY(deployment.Approvers());
  return order::CheckApprovals(both, approvers);
}

// The one way by which an approval enters: `carried` are the bytes that came back, from wherever.
Status Take(Session& session, Deployment& deployment, std::string_view carried) {
  const order::ApprovalAnswer answer = TRY(order::ApprovalAnswerFromJson(carried));
  const casebook::Person known =
      TRY(RegisteredPerson(deployment, answer.approval.person.text(), casebook::Duty::kApprove));
  const crypto::Certificate registered = TRY(crypto::Certificate::FromPem(known.certificate_pem));
  const order::UnderApproval asked = TRY(deployment.casebook().ScopeUnderApproval(answer.order));
  TRY(order::CheckAnswer(answer, asked, registered, deployment.clock().Now()));
  TRY(CheckBeside(deployment, answer.order, answer.approval));
  TRY(deployment.casebook().AddApproval(answer.order, asked.scope_json, answer.approval,
                                        deployment.ledger()));
  const std::vector<order::Event> events = TRY(deployment.casebook().EventsOf(answer.order));
  const order::Life life = TRY(order::Replay(events));
  session.out << "approved by " << known.id.text() << "; the order is " << order::ToText(life.state)
              << (life.state == order::State::kApproved ? "" : ": a second person must approve") << "\n";
  return Done{};
}

Status TakeCarried(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::string carried = TRY(ReadText(options.answer, order::kApprovalAnswerBytesMax));
  return TRY_IN(options.answer, Take(session, *deployment, carried));
}

// Approver and server on one machine, for a demonstration or a house that accepts it: the same request, the
// same signature, the same check.
Status ApproveHere(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const casebook::Person known = TRY(RegisteredPerson(*deployment, options.by, casebook::Duty::kApprove));
  const KeyPair pair = TRY(ReadSigningKey(options));
  const order::UnderApproval asked = TRY(AskFor(*deployment, id, options));
  std::string read = asked.scope_json;
  if (!options.scope.empty()) read = TRY(ReadText(options.scope, order::kScopeBytesMax));
  const order::ApprovalAnswer answer =
      TRY(order::SignScope(read, known.id, pair.key, pair.certificate, deployment->clock().Now()));
  return Take(session, *deployment, order::ApprovalAnswerToJson(answer));
}

void AddDrawnUp(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_option("ORDER", options->order, "the order's id")->required();
  command->add_flag("--preserve", options->preserve, "to preserve (hold extract) instead of to disclose");
  command->add_option("--hours", options->hours, "how long it may be executed")->check(CLI::PositiveNumber);
}

void AddLanguage(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_flag("--french", options->french, "in French instead of English");
}

}  // namespace

void AddOrderApproval(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* scope = order->add_subcommand(
      "scope", "what would be released, to whom, until when: the bytes that approvers sign");
  AddDrawnUp(scope, options);
  scope->add_option("--out", options->out, "file instead of standard output");
  OnRun(scope, session, [&session, options] { return WriteScope(session, *options); });

  CLI::App* request =
      order->add_subcommand("approval-request", "write what approvers read and sign on their own machines");
  AddDrawnUp(request, options);
  request->add_option("--out", options->out, "the request file (docs/formats/approval.md)")->required();
  OnRun(request, session, [&session, options] { return WriteRequest(session, *options); });

  CLI::App* show = order->add_subcommand("approval-show", "a request in plain words, on any machine");
  show->add_option("FILE", options->order, "the request file")->required();
  AddLanguage(show, options);
  OnRun(show, session, [&session, options] { return ShowRequest(session, *options); });

  CLI::App* approve = order->add_subcommand("approve", "sign the scope; two different people must");
  approve->add_option("FILE", options->order, "the request file, or an order's id where the casebook is")
      ->required();
  approve->add_option("--by", options->by, "who approves")->required();
  approve->add_option("--key", options->key, "the approver's .key file, or .pkcs11 for a token")->required();
  approve->add_option("--passphrase-file", options->passphrase_file, "its first line opens the key")
      ->required();
  approve->add_option("--out", options->out, "with a request: the answer file");
  AddLanguage(approve, options);
  approve->add_option("--scope", options->scope,
                      "with an id: the scope as the approver read it; refused when it is no longer the same");
  approve->add_flag("--preserve", options->preserve, "with an id: to preserve, for hold extract");
  approve->add_option("--hours", options->hours, "with an id, first approval: how long it may be executed")
      ->check(CLI::PositiveNumber);
  OnRun(approve, session, [&session, options] {
    return std::filesystem::is_regular_file(options->order) ? ApproveCarried(session, *options)
                                                            : ApproveHere(session, *options);
  });

  CLI::App* take =
      order->add_subcommand("approval-take", "check an answer that was carried back, and enter it");
  take->add_option("ANSWER", options->answer, "the answer file")->required();
  OnRun(take, session, [&session, options] { return TakeCarried(session, *options); });
}

}  // namespace probatio::cli
