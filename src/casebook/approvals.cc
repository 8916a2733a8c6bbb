// Approvals: the exact text that was signed, with the signature and the certificate of who signed it. A scope
// names what is sought, so it is sealed. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

struct ApprovalRow {
  long long index = 0;
  std::string person;
  long long at = 0;
  std::string scope;        // sealed
  std::string certificate;  // sealed
  std::string signature;    // Base64
};

std::vector<ApprovalRow> SelectRows(soci::session& sql, const OrderId& id) {
  ApprovalRow row;
  soci::statement select =
      (sql.prepare << "SELECT ledger_index, person, at, scope, certificate, signature FROM approvals"
                      " WHERE order_id = :id ORDER BY ledger_index",
       soci::into(row.index), soci::into(row.person), soci::into(row.at), soci::into(row.scope),
       soci::into(row.certificate), soci::into(row.signature), soci::use(id.text()));
  select.execute();
  std::vector<ApprovalRow> rows;
  while (select.fetch()) rows.push_back(row);
  return rows;
}

Result<order::Approval> OpenRow(const SealedColumns& columns, const ApprovalRow& row) {
  PersonId person = TRY_IN("casebook: approvals.person", PersonId::Parse(row.person));
  const std::string pem =
      TRY(columns.Open({"approvals", "certificate", std::to_string(row.index)}, row.certificate));
  auto certificate = TRY_IN("casebook: approvals.certificate", crypto::Certificate::FromPem(pem));
  Buffer signature = TRY_IN("casebook: approvals.signature", FromBase64(row.signature));
  return order::Approval{std::move(person), std::move(certificate), std::move(signature),
                         Instant::FromUnixNs(row.at)};
}

// The same bytes a second time are a replay: an approval of another day, of a scope that reads the same.
Status RefuseTakenBefore(soci::session& sql, const std::string& signature) {
  long long found = 0;
  sql << "SELECT COUNT(*) FROM approvals WHERE signature = :signature", soci::into(found),
      soci::use(signature);
  return found == 0 ? Status(Done{}) : Denied("approved: this very approval was taken before");
}

}  // namespace

Result<std::uint64_t> Casebook::Parts::LastChange(const OrderId& id) {
  const std::vector<RecordedEvent> events = TRY(SelectEvents(id));
  std::uint64_t last = 0;
  for (const RecordedEvent& recorded : events) {
    const order::EventKind kind = recorded.event.kind;
    if (kind == order::EventKind::kAssessed || kind == order::EventKind::kDecided)
      last = recorded.ledger_index;
  }
  return last;
}

Status Casebook::AddApproval(const OrderId& id, const std::string& scope_json,
                             const order::Approval& approval, ledger::Ledger& ledger) {
  // Whoever approves approves a scope that can be read again.
  TRY(order::ScopeFromJson(scope_json));
  order::Event event;
  event.kind = order::EventKind::kApproved;
  event.at = approval.at;
  event.person = approval.person;
  const auto insert_approval = [&](std::uint64_t index) -> Status {
    const std::string key = std::to_string(index);
    const long long ledger_index = ToSql(index);
    const long long at = approval.at.unix_ns();
    const std::string scope = parts_->columns.Seal({"approvals", "scope", key}, scope_json);
    const std::string pem =
        parts_->columns.Seal({"approvals", "certificate", key}, approval.certificate.ToPem());
    const std::string signature = ToBase64(approval.signature);
    TRY(RefuseTakenBefore(parts_->sql(), signature));
    parts_->sql()
        << "INSERT INTO approvals (ledger_index, order_id, person, at, scope, certificate, signature)"
           " VALUES (:index, :id, :person, :at, :scope, :certificate, :signature)",
        soci::use(ledger_index), soci::use(id.text()), soci::use(approval.person.text()), soci::use(at),
        soci::use(scope), soci::use(pem), soci::use(signature);
    return Done{};
  };
  const auto nothing = [](std::uint64_t) -> Status { return Done{}; };
  return parts_->RecordEvent("order_event", id, event, ledger, nothing, insert_approval);
}

Result<order::SignedScope> Casebook::SignedScopeOf(const OrderId& id) {
  TRY(parts_->RequireOrder(id));
  const std::uint64_t valid_from = TRY(parts_->LastChange(id));
  const auto rows = TRY(parts_->database->Run(
      [&]() -> Result<std::vector<ApprovalRow>> { return SelectRows(parts_->sql(), id); }));
  order::SignedScope signed_scope;
  for (const ApprovalRow& row : rows) {
    if (static_cast<std::uint64_t>(row.index) < valid_from) continue;
    const std::string key = std::to_string(row.index);
    std::string scope = TRY(parts_->columns.Open({"approvals", "scope", key}, row.scope));
    // A scope that was drawn up anew needs its own signatures: those under the one before do not count.
    if (scope != signed_scope.scope_json) signed_scope.approvals.clear();
    order::Approval approval = TRY(OpenRow(parts_->columns, row));
    signed_scope.scope_json = std::move(scope);
    signed_scope.approvals.push_back(std::move(approval));
  }
  if (signed_scope.approvals.empty())
    return NotFound(fmt::format("order {}: nobody has approved it", id.text()));
  return signed_scope;
}

}  // namespace probatio::casebook
