// probatio notify: tells people what is due of the orders, once; run by a timer (docs/operate/notices.md). It
// opens the casebook alone and not the store, so that an import that runs for hours keeps nobody from being
// told.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/notice_text.h"
#include "crypto/system_random.h"

namespace probatio::cli {
namespace {

constexpr const char* kHookAddressee = "@hook";

// One message to one addressee.
struct Outgoing {
  order::Notice notice;
  std::string addressee;         // a person's id, or "@hook", which is none
  std::string email;             // empty for the hook
  std::vector<PersonId> people;  // for the hook: who is told
};

// How it went with one of them, for whoever runs the command.
struct Outcome {
  Outgoing message;
  std::string word;  // "due", "sent", "sent before", "waits", "failed", "no address"
  std::string why;

  bool IsTrouble() const { return word == "failed" || word == "waits" || word == "no address"; }
};

class Desk {
 public:
  static Result<std::unique_ptr<Desk>> Open(const std::string& config_path) {
    std::unique_ptr<Desk> desk(new Desk);
    desk->config_ = TRY(ReadConfig(config_path));
    desk->clock_ = TRY(ClockOf(desk->config_));
    desk->regime_ = TRY(ReadRegime(desk->config_.Path(desk->config_.regime)));
    ServerKeys keys = TRY(ReadServerKeys(desk->config_.Path("keys")));
    desk->casebook_ = TRY(casebook::Casebook::Open(
        desk->config_.Path("casebook.db"), casebook::OpenMode::kExisting, keys.deployment, desk->random_));
    TRY(desk->ReadSecrets());
    desk->contacts_ = TRY(desk->casebook_->ListContacts());
    return desk;
  }

  Instant Now() const { return clock_->Now(); }
  bool HasWay() const { return config_.notices.mail() || config_.notices.web_hook(); }

  // What is due now. An order that cannot be read keeps nobody from hearing of the others.
  Result<std::vector<Outgoing>> Due(std::vector<std::string>* unreadable) {
    const std::vector<OrderId> orders = TRY(casebook_->ListOrders());
    std::vector<Outgoing> due;
    for (const OrderId& id : orders) {
      const Result<std::vector<order::Notice>> notices = DueOf(id);
      if (!notices.ok()) {
        unreadable->push_back(notices.error().what());
        continue;
      }
      for (const order::Notice& notice : notices.value()) Address(notice, &due);
    }
    return due;
  }

  Result<Outcome> Look(const Outgoing& message) {
    const std::vector<casebook::SentNotice> known = TRY(casebook_->NoticesOf(message.notice.order));
    for (const casebook::SentNotice& sent : known) {
      if (sent.key != message.notice.Key() || sent.addressee != message.addressee) continue;
      if (sent.sent_at) return Outcome{message, "sent before", "at " + sent.sent_at->ToRfc3339()};
      if (Now() < sent.next_try) {
        return Outcome{message, "waits",
                       fmt::format("until {}, attempt {} failed: {}", sent.next_try.ToRfc3339(),
                                   sent.attempts, sent.failure)};
      }
    }
    if (!CanSend(message)) return Outcome{message, "no address", "no way to reach this person is configured"};
    return Outcome{message, "due", "since " + message.notice.since.ToRfc3339()};
  }

  Result<Outcome> Send(const Outgoing& message) {
    Outcome outcome = TRY(Look(message));
    if (outcome.word != "due") return outcome;
    const std::string key = message.notice.Key();
    const bool mine = TRY(casebook_->BeginNotice(key, message.addressee, Now()));
    if (!mine) return Outcome{message, "sent before", "by another process"};
    const Status sent = message.email.empty() ? SendHook(message) : SendMail(message);
    if (sent.ok()) {
      TRY(casebook_->FinishNotice(key, message.addressee, Now()));
      return Outcome{message, "sent", ""};
    }
    TRY(casebook_->FailNotice(key, message.addressee, sent.error().what()));
    return Outcome{message, "failed", sent.error().what()};
  }

 private:
  Desk() = default;

  Status ReadSecrets() {
    const NoticesConfig& notices = config_.notices;
    if (!notices.password_file.empty()) password_ = TRY(ReadPassphrase(config_.File(notices.password_file)));
    if (notices.web_hook()) hook_secret_ = TRY(ReadKeyFile(config_.File(notices.hook_secret_file)));
    return Done{};
  }

  Result<std::vector<order::Notice>> DueOf(const OrderId& id) {
    const std::string source = TRY(casebook_->OrderSource(id));
    const order::Order order = TRY_IN("order " + id.text(), order::ParseOrder(source, regime_));
    const std::vector<order::Event> events = TRY(casebook_->EventsOf(id));
    const order::Life life = TRY(order::Replay(events));
    return order::NoticesDue(order, life, config_.notices.repeat_hours * kNsPerHour, Now());
  }

  void Address(const order::Notice& notice, std::vector<Outgoing>* due) const {
    std::vector<order::OnCall> people;
    for (const casebook::Contact& contact : contacts_)
      people.push_back({contact.person, contact.on_call, contact.substitute, contact.absences});
    const std::vector<PersonId> told = order::WhoIsTold(people, notice.kind, Now());
    for (const casebook::Contact& contact : contacts_) {
      if (std::find(told.begin(), told.end(), contact.person) == told.end()) continue;
      // Whoever has no address is told through the hook, if there is one.
      if (contact.email.empty() && config_.notices.web_hook()) continue;
      due->push_back({notice, contact.person.text(), contact.email, {}});
    }
    if (config_.notices.web_hook()) due->push_back({notice, kHookAddressee, "", told});
    if (told.empty()) due->push_back({notice, "", "", {}});
  }

  bool CanSend(const Outgoing& message) const {
    if (message.addressee == kHookAddressee && message.email.empty()) return config_.notices.web_hook();
    return !message.email.empty() && config_.notices.mail();
  }

  Status SendMail(const Outgoing& message) {
    const std::string& from = config_.notices.from;
    net::Mail mail = NoticeMail(message.notice, message.addressee, from.substr(from.find('@') + 1), Now());
    mail.from = from;
    mail.to = message.email;
    net::MailServer server = config_.notices.server;
    server.password = &password_;
    if (!server.authorities.empty()) server.authorities = config_.File(server.authorities);
    return net::SendMail(server, mail);
  }

  Status SendHook(const Outgoing& message) {
    const std::string body = NoticeJson(message.notice, message.people, Now());
    net::Hook hook = config_.notices.hook;
    if (!hook.authorities.empty()) hook.authorities = config_.File(hook.authorities);
    return net::PostJson(hook, body, {{"Probatio-Signature", HookSignature(hook_secret_, body, Now())}});
  }

  Config config_;
  std::unique_ptr<Clock> clock_;
  crypto::SystemRandom random_;
  law::Regime regime_;
  std::unique_ptr<casebook::Casebook> casebook_;
  std::vector<casebook::Contact> contacts_;
  Secret password_;
  Key hook_secret_;
};

nlohmann::json ToJsonValue(const Outcome& outcome) {
  const order::Notice& notice = outcome.message.notice;
  return {{"order", notice.order.text()},
          {"event", order::ToText(notice.kind)},
          {"repeat", notice.repeat},
          {"limit", notice.limit ? nlohmann::json(notice.limit->ToRfc3339()) : nlohmann::json(nullptr)},
          {"addressee", outcome.message.addressee},
          {"outcome", outcome.word},
          {"why", outcome.why}};
}

void Print(Session& session, const std::vector<Outcome>& outcomes) {
  if (session.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const Outcome& outcome : outcomes) list.push_back(ToJsonValue(outcome));
    session.out << list.dump(2) << "\n";
    return;
  }
  for (const Outcome& outcome : outcomes) {
    const order::Notice& notice = outcome.message.notice;
    const std::string& addressee = outcome.message.addressee;
    session.out << fmt::format("{}  {}  {}  {}{}{}\n", notice.Key(),
                               notice.limit ? notice.limit->ToRfc3339() : "no time limit",
                               addressee.empty() ? "nobody is on call" : addressee, outcome.word,
                               outcome.why.empty() ? "" : ": ", outcome.why);
  }
}

Status Notify(Session& session, bool dry_run) {
  const std::unique_ptr<Desk> desk = TRY(Desk::Open(session.config));
  std::vector<std::string> unreadable;
  const std::vector<Outgoing> due = TRY(desk->Due(&unreadable));
  std::vector<Outcome> outcomes;
  for (const Outgoing& message : due) {
    Outcome outcome = TRY(dry_run ? desk->Look(message) : desk->Send(message));
    outcomes.push_back(std::move(outcome));
  }
  Print(session, outcomes);
  for (const std::string& why : unreadable) session.err << "probatio: " << why << "\n";
  if (!due.empty() && !desk->HasWay()) {
    return Error(ErrorCode::kRefused, "notify: [notices] of probatio.toml names neither mail nor web hook");
  }
  const bool trouble = std::any_of(outcomes.begin(), outcomes.end(),
                                   [](const Outcome& outcome) { return outcome.IsTrouble(); });
  if (trouble || !unreadable.empty())
    return Error(ErrorCode::kRefused, "notify: not everybody could be told; it is tried again");
  return Done{};
}

}  // namespace

void AddNotify(CLI::App& app, Session& session) {
  CLI::App* notify =
      app.add_subcommand("notify", "tell the people on call what is due: reception, 50 %, 80 %, overdue");
  auto dry_run = std::make_shared<bool>(false);
  notify->add_flag("--dry-run", *dry_run, "show who would be told, and what failed, and send nothing");
  OnRun(notify, session, [&session, dry_run] { return Notify(session, *dry_run); });
}

}  // namespace probatio::cli
