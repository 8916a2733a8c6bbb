// Which scope approvers are asked to sign: an approval that comes back, from another machine and perhaps days
// later, is held against what was asked for and against nothing that came with it. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {

Status Casebook::RequestApproval(const OrderId& id, const std::string& scope_json, Instant at,
                                 ledger::Ledger& ledger) {
  TRY(parts_->RequireOrder(id));
  const order::Scope scope = TRY(order::ScopeFromJson(scope_json));
  if (scope.order != id) return Denied("approval request: the scope is of another order");
  Buffer salt(kSaltBytes);
  parts_->random.Fill(salt);
  // Salted: a scope names what is sought, and could be guessed.
  const crypto::Digest digest = crypto::Sha256({salt, AsBytes(scope_json)});
  const ledger::Entry entry{"approval_requested", at, {{"order", id.text()}, {"digest", ToHex(digest)}}};
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t index) -> Status {
    const std::string key = std::to_string(index);
    const long long ledger_index = ToSql(index);
    const long long asked_at = at.unix_ns();
    const std::string sealed = parts_->columns.Seal({"approval_requests", "scope", key}, scope_json);
    const std::string sealed_salt = parts_->columns.Seal({"approval_requests", "salt", key}, AsText(salt));
    parts_->sql() << "INSERT INTO approval_requests (ledger_index, order_id, at, scope, salt)"
                     " VALUES (:index, :id, :at, :scope, :salt)",
        soci::use(ledger_index), soci::use(id.text()), soci::use(asked_at), soci::use(sealed),
        soci::use(sealed_salt);
    return Done{};
  }));
  return Done{};
}

Result<order::UnderApproval> Casebook::ScopeUnderApproval(const OrderId& id) {
  TRY(parts_->RequireOrder(id));
  const std::uint64_t changed = TRY(parts_->LastChange(id));
  const long long after = ToSql(changed);
  long long index = 0;
  long long at = 0;
  std::string sealed;
  TRY(parts_->database->Run([&]() -> Status {
    parts_->sql() << "SELECT ledger_index, at, scope FROM approval_requests WHERE order_id = :id"
                     " AND ledger_index > :after ORDER BY ledger_index DESC LIMIT 1",
        soci::into(index), soci::into(at), soci::into(sealed), soci::use(id.text()), soci::use(after);
    if (parts_->sql().got_data()) return Done{};
    return NotFound(
        fmt::format("order {}: no scope is to be approved since it was last assessed or decided", id.text()));
  }));
  std::string scope =
      TRY(parts_->columns.Open({"approval_requests", "scope", std::to_string(index)}, sealed));
  return order::UnderApproval{id, std::move(scope), Instant::FromUnixNs(at)};
}

}  // namespace probatio::casebook
