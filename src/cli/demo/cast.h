// The cast: two deployments with their people, custodians and stations, and the applicant who receives the
// packages.
#pragma once

#include "cli/demo/stage.h"

namespace probatio::cli::demo {

struct House {
  std::string name;      // "platform", "operator"
  std::string provider;  // as it stands in packages
  std::string origin;    // of its ledger
};

inline constexpr char kTranscriber[] = "counsel-1";
inline constexpr char kConfirmer[] = "counsel-2";
inline constexpr char kFirstApprover[] = "approver-1";
inline constexpr char kSecondApprover[] = "approver-2";

// People, custodians (two of three are at the station), deployment, registrations, the ceremony.
Status SetUp(Stage& stage, const House& house, const std::string& regime, const std::string& now);
Status SetUpApplicant(Stage& stage);

// The order file with the applicant's certificate as recipient, and `change` applied (may be empty).
Status PrepareOrder(Stage& stage, const std::string& from_file, const std::string& to_file,
                    const std::string& new_id);

// Received, confirmed, authenticated, enforceable, assessed; every item that waits for a human is decided:
// other accounts are declined with a reason, anything else complied with.
Status LiveUntilAssessed(Stage& stage, const House& house, const std::string& order_file,
                         const std::string& order);
std::vector<std::string> ApproveCommand(const Stage& stage, const House& house, const std::string& order,
                                        const std::string& approver, const std::string& scope_file);
Status ApproveBy(Stage& stage, const House& house, const std::string& order, const std::string& approver,
                 const std::string& scope_file = "");
std::vector<std::string> DiscloseCommand(const Stage& stage, const House& house, const std::string& order,
                                         const std::string& out);
// Opens with the applicant's key and verifies against the provider's published trust; the package in the
// clear.
Result<std::string> OpenAndVerify(Stage& stage, const House& house, const std::string& sealed);

std::vector<std::string> With(const Stage& stage, const House& house, std::vector<std::string> arguments);

}  // namespace probatio::cli::demo
