// The people that a look-up needs: three custodians with keys of their own, two approvers, and an order whose
// lines are the questions. Every permission is the real one: signed scope, Authorize, the station's checks,
// shares of two custodians.
#pragma once

#include "base/clock.h"
#include "custody/custodians.h"
#include "custody/station.h"
#include "custody/test_people.h"
#include "questions.h"

namespace probatio::bench {

inline constexpr char kProvider[] = "example operator";

class Court : public custody::Custodians {
 public:
  explicit Court(const Clock& clock);

  const custody::CustodianSet& custodians() const { return set_; }
  // The station pins its anchors; before that it answers nobody.
  void Pin(const std::string& ledger_verifier_key);

  // A grant over these questions, one line each: "L<number>". At most order::kOrderLinesMax.
  Result<order::Grant> GrantFor(std::span<const Question> questions);
  static std::string LineOf(const Question& question);
  static order::Tuple TupleOf(const Question& question);
  const order::Life& life() const { return life_; }

  Result<Buffer> Exchange(std::string_view sent_request_json, const std::string& request_id) override;

 private:
  const Clock& clock_;
  crypto::SystemRandom random_;
  std::vector<custody::CustodianKey> keys_;
  std::vector<custody::CustodianKey> approvers_;
  custody::CustodianSet set_{{}, 2};
  custody::Anchors anchors_;
  order::Life life_;
};

}  // namespace probatio::bench
