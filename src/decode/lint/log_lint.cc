#include "decode/lint/log_lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "decode/jsonl/jsonl_decoder.h"
#include "decode/lint/column_facts.h"
#include "decode/time/civil_time.h"

namespace probatio::decode {
namespace {

constexpr std::uint64_t kRowsToJudge = 20;  // one address in fewer rows may be one visitor

class Linter {
 public:
  Linter(const LogColumns& log, const Mapping* mapping) : facts_(FactsOf(log, mapping)), mapping_(mapping) {
    report_.shape = std::string(ToText(log.shape));
    report_.rows = log.rows.size();
    if (log.unread > 0)
      Add(Weight::kWarning, "shape",
          fmt::format("{} lines are not {} like the others", log.unread, report_.shape));
  }

  LintReport Run() {
    Address();
    Port();
    Time();
    Names();
    Content();
    return std::move(report_);
  }

 private:
  void Add(Weight weight, std::string rule, std::string text) {
    report_.findings.push_back({weight, std::move(rule), std::move(text)});
  }

  void Address() {
    const ColumnFacts* const column = Of(Role::kAddress);
    if (column == nullptr) return Add(Weight::kFault, "client-address", "no column holds a client address");
    if (column->public_addresses == 0)
      return Add(
          Weight::kFault, "client-address",
          "column " + column->name +
              " holds inside addresses only: your proxy's, not the client's. Pass the client's on: PROXY "
              "protocol, or a header that only your proxy can set");
    if (column->addresses.size() == 1 && column->said >= kRowsToJudge)
      return Add(Weight::kFault, "client-address",
                 "column " + column->name +
                     " holds one address in every row: that of a proxy, most likely. Pass the client's on");
    if (column->said > column->public_addresses)
      Add(Weight::kWarning, "client-address",
          fmt::format(
              "column {}: {} of {} rows hold an inside address: requests of your own machines, or a way "
              "around the proxy that passes the client's on",
              column->name, column->said - column->public_addresses, column->said));
    Add(Weight::kGood, "client-address", "column " + column->name + " holds client addresses");
  }

  void Port() {
    const ColumnFacts* const column = Of(Role::kPort);
    if (column == nullptr)
      return Add(
          Weight::kFault, "source-port",
          "no column holds the client's source port: an address that an operator shares names dozens of "
          "customers, and no order can tell them apart (RFC 6302, section 2)");
    if (column->zero_ports == column->said)
      return Add(Weight::kFault, "source-port",
                 "column " + column->name +
                     " is 0 in every row: the address came in a header, and headers carry no port. Use PROXY "
                     "protocol");
    const bool few = column->ports.size() <= 2 && column->said >= kRowsToJudge;
    const bool served = std::all_of(column->ports.begin(), column->ports.end(), [](std::uint16_t port) {
      return port < 1024 || port == 8080 || port == 8443;
    });
    if (few || served)
      return Add(Weight::kFault, "source-port",
                 "column " + column->name + " is a port that is served, not the one the client came from");
    if (column->zero_ports > 0)
      Add(Weight::kWarning, "source-port",
          fmt::format("column {}: 0 in {} of {} rows", column->name, column->zero_ports, column->said));
    Add(Weight::kGood, "source-port", "column " + column->name + " holds source ports");
  }

  void Time() {
    const ColumnFacts* const column = Of(Role::kTime);
    if (column == nullptr) return Add(Weight::kFault, "time", "no column holds a time that can be read");
    const bool zoned =
        column->zoned_times == column->times || (mapping_ != nullptr && !mapping_->zone.empty());
    if (!zoned)
      return Add(Weight::kFault, "time",
                 "column " + column->name +
                     " holds local times without a zone: at a change of time an hour is there twice, and a "
                     "reader in "
                     "another country reads another instant. Log UTC");
    if (column->step_ns > kNsPerSecond)
      return Add(Weight::kFault, "time",
                 "column " + column->name + " is coarser than a second (RFC 6302 asks for the second)");
    if (column->step_ns == kNsPerSecond) {
      Add(Weight::kWarning, "time",
          "column " + column->name +
              " is to the second: as RFC 6302 asks, but a port may have two holders within one. Log "
              "milliseconds");
    }
    if (column->backward_times * 2 > column->times)
      Add(Weight::kWarning, "time",
          "column " + column->name + " runs backwards: is it the time of the event?");
    Add(Weight::kGood, "time", "column " + column->name + " holds times with a zone");
  }

  void Names() {
    const ColumnFacts* const account = Of(Role::kAccount);
    const ColumnFacts* const message = Of(Role::kMessage);
    if (account == nullptr)
      return Add(Weight::kFault, "account",
                 message == nullptr ? "no column names an account: an order names an account or a message, "
                                      "and these rows cannot be "
                                      "found by either. Let the application hand its account id to the log"
                                    : "column " + message->name +
                                          " names messages, but no column names the account behind them");
    Add(Weight::kGood, "account", "column " + account->name + " names accounts");
    if (message != nullptr) Add(Weight::kGood, "message", "column " + message->name + " names messages");
    if (message == nullptr)
      Add(Weight::kWarning, "message",
          "no column names messages: an order that begins with one cannot be answered");
    const bool constant = mapping_ != nullptr && mapping_->constants.contains("event");
    if (Of(Role::kEvent) == nullptr && !constant)
      Add(Weight::kWarning, "event",
          "no column says what happened (account created, login, message sent): the law keeps those apart");
  }

  void Content() {
    for (const ColumnFacts& column : facts_) {
      if (SpeaksOfContent(column.name))
        Add(Weight::kWarning, "content",
            "column " + column.name +
                " speaks of content or of a recipient: Probatio drops it; better not log it");
    }
  }

  const ColumnFacts* Of(Role role) const {
    const auto found = std::find_if(facts_.begin(), facts_.end(),
                                    [&](const ColumnFacts& column) { return column.roles.contains(role); });
    return found == facts_.end() ? nullptr : &*found;
  }

  std::vector<ColumnFacts> facts_;
  const Mapping* mapping_;
  LintReport report_;
};

}  // namespace

bool LintReport::could_answer() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const LintFinding& finding) { return finding.weight == Weight::kFault; });
}

LintReport LintLog(const LogColumns& log, const Mapping* mapping) {
  return Linter(log, mapping).Run();
}

}  // namespace probatio::decode
