// The one path by which data leaves. Its steps are the policy, so they stand in one place, in order: grant,
// resolve, ledger, package. Nothing reads a record without the grant; nothing leaves before the ledger holds
// its entry. One object is for one thread.
#pragma once

#include <functional>

#include "base/clock.h"
#include "evidence/package.h"
#include "order/grant.h"
#include "resolve/resolver.h"
#include "seal/directory.h"

namespace probatio::disclosure {

// What the casebook knows of one order.
struct Case {
  order::Order order;
  order::Life life;
  order::Assessment assessment;
  order::SignedScope signed_scope;
};

// Does the case still bear the grant after the reading, during which people may have taken hours? kDenied: it
// was stayed, executed by somebody else, or its approvals have ended and others were given.
Status CheckStillApproved(const Case& after, const order::Grant& grant, Instant now);

// Implemented over the casebook.
class Cases {
 public:
  virtual ~Cases() = default;
  virtual Result<Case> Load(const OrderId& order) = 0;  // kNotFound
  virtual Status Record(const OrderId& order, const order::Event& event) = 0;
};

// Makes report.pdf from what is disclosed (report/report.h, handed in by main).
using MakeReport =
    std::function<Result<Buffer>(const Case&, const evidence::Disclosure&,
                                 const std::vector<std::pair<std::string, crypto::Digest>>& files)>;

struct Package {
  Buffer asice;  // in the clear: encrypt to the recipients before it waits or travels
  std::vector<crypto::Certificate> recipients;  // exactly those of the signed scope
  std::vector<resolve::LineAnswer> answers;
};

// Encrypts the package to its recipients and makes it durable; the order counts as executed only after that.
using HandOver = std::function<Status(const Package&)>;

struct Parts {
  Cases& cases;
  resolve::RecordReader& reader;
  const seal::SegmentDirectory& directory;
  ledger::Ledger& ledger;
  const Clock& clock;
  const evidence::Signer& signer;
  std::span<const crypto::Certificate> pinned_approvers;
  resolve::Limits limits;
  std::string provider;
  bool demonstration_clock = false;
  MakeReport make_report;
  HandOver hand_over;
};

// Executes one order. A failure before the hand-over leaves the order approved, to be executed again. kDenied
// when Authorize refuses or the grant ends on the way (a stay, a withdrawal, the expiry).
Result<Package> Execute(const Parts& parts, const OrderId& order, const PersonId& by);

}  // namespace probatio::disclosure
