// An issuing authority as the provider knows it from somewhere else than its letters: how to call it back,
// and what its signatures chain to. An order is authenticated against this, never against an address or a
// number that the order itself brings (docs/operate/authenticity.md). Pure; thread-safe.
#pragma once

#include "crypto/revocation.h"
#include "order/order.h"

namespace probatio::order {

inline constexpr std::size_t kAuthorityBytesMax = 65'536;
inline constexpr std::size_t kSignedPaperBytesMax = 64U << 20;
inline constexpr int kCoolingDays = 7;  // changed details are not used for so long: who is robbed notices

struct Authority {
  std::string id;                // as in an id: "tj-paris"
  std::string name;              // as orders write the court or authority
  std::string phone;             // to call back; may be empty
  std::string source;            // where phone and anchor were looked up
  std::string anchor_pem;        // what its signatures chain to, one certificate or several; may be empty
  std::string stamp_anchor_pem;  // what its time-stamps chain to; empty: the same
  PersonId entered_by;
  Instant entered_at;
  bool replaced = false;                 // whether other details stood here before
  std::optional<PersonId> confirmed_by;  // a second person, who looked them up again
};

std::string AuthorityToJson(const Authority& authority);
Result<Authority> AuthorityFromJson(std::string_view json);

// kDenied: confirmed already, or by whoever entered it.
Result<Authority> Confirm(Authority authority, const PersonId& by);

// What an authentication rests on, in words for the event's reason.
struct Proof {
  std::string way;  // "call_back", "signature"
  std::string words;
};
// Both: kDenied when the order names another authority, nobody confirmed the details, or they changed less
// than kCoolingDays ago.
// kDenied when there is no number to call.
Result<Proof> ProveByCallBack(const Authority& authority, const Order& order, const std::string& who_answered,
                              Instant now);

// A signed file, and what came along to judge its signature by.
struct SignedPaper {
  Bytes file;
  std::optional<Buffer> signature = {};  // detached CAdES; without one the file is a PDF signed inside
  // Of a PDF to which something was added after its last signature (PAdES-LT): the paper is the revision that
  // was signed, by its own digest, and the rest is left out.
  bool signed_revision = false;
  std::vector<crypto::RevocationValue> revocation = {};
};
// The paper is one that the order names by its digest. kDenied when it is not, or there is no anchor; kCrypto
// says what is wrong with the signature, or that a certificate was revoked. The chain is judged at the
// time-stamp, else now: what a signer says of the time proves nothing. What is not known of a revocation is
// said in the words.
Result<Proof> ProveBySignature(const Authority& authority, const Order& order, const SignedPaper& paper,
                               Instant now);

}  // namespace probatio::order
