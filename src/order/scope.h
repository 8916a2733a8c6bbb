// The scope: exactly what may be released, to whom, until when. Its canonical bytes are what two people sign,
// what the custodians' station checks, and what stands in the package as scope.json. Pure; thread-safe.
#pragma once

#include "crypto/certificate.h"
#include "order/life.h"

namespace probatio::order {

inline constexpr std::size_t kScopeBytesMax = 4U << 20;
inline constexpr std::size_t kScopeLeftOutMax = kOrderLinesMax * kLineItemsMax;
inline constexpr std::size_t kApprovalsMax = 16;

enum class GrantKind : std::uint8_t { kPreserve, kDisclose };
std::string_view ToText(GrantKind kind);  // "preserve", "disclose"

struct ScopeItem {
  std::string item;
  std::string basis;      // "rule fr.cpc145.id", or "person counsel-1: <reason>"
  std::string reference;  // the text cited
};

struct ScopeLine {
  std::string id;
  Subject subject;
  std::vector<std::string> events;
  Period period;
  std::vector<ScopeItem> items;  // never empty: a line with nothing to release is not in the scope
};

struct Scope {
  GrantKind kind = GrantKind::kDisclose;
  OrderId order;
  crypto::Digest order_digest{};  // SHA-256 of the transcribed order
  std::string court;
  std::string register_number;
  std::string regime;    // "fr 2026-03-31"
  std::string provider;  // who discloses
  std::vector<ScopeLine> lines;
  std::vector<std::string> left_out;    // "L7 other accounts: declined by counsel-1: ...", in words
  std::vector<std::string> recipients;  // SHA-256 fingerprints of their certificates, hexadecimal
  Instant valid_until;                  // no execution from this instant on

  const ScopeLine* Find(const std::string& line) const;
};

// What the order asks ∩ what is decided (by a rule or by a person) ∩ what may still be kept. kDenied when an
// item still waits for a person, naming it; kRefused when nothing at all may be released.
Result<Scope> BuildScope(const Order& order, const Life& life, const Assessment& assessment, GrantKind kind,
                         const std::string& provider, const std::string& regime, Instant valid_until);

std::string ScopeToJson(const Scope& scope);         // canonical: one byte string for one scope
Result<Scope> ScopeFromJson(std::string_view json);  // refuses what ScopeToJson would not have written

struct Approval {
  PersonId person;
  crypto::Certificate certificate;
  Buffer signature;  // over ApprovalMessage
  Instant at;
};

// "probatio-approval/1\n" ‖ scope JSON ‖ "\n" ‖ person ‖ "\n" ‖ instant: what an approver's own device signs.
Buffer ApprovalMessage(std::string_view scope_json, const PersonId& person, Instant at);

struct SignedScope {
  std::string scope_json;
  std::vector<Approval> approvals;
};

// Two approvals by two different people with two different pinned certificates, each signature valid over
// exactly this scope. kDenied says which rule fails: "approvals: one person signed; two are needed".
Status CheckApprovals(const SignedScope& signed_scope, std::span<const crypto::Certificate> pinned_approvers);

}  // namespace probatio::order
