// A deployment, opened: every part built and connected, under the folder's lock. One object is for one
// thread.
#pragma once

#include <memory>

#include "casebook/casebook.h"
#include "cli/config.h"
#include "cli/keys.h"
#include "cli/lent_box.h"
#include "custody/roster.h"
#include "custody/station.h"
#include "disclosure/disclosure.h"
#include "keep/erasure.h"
#include "keep/recovery.h"
#include "keep/run.h"

namespace probatio::cli {

// How long one process waits for another that has the deployment, and how often it tries: a command that
// begins, one that comes back from waiting for people, a run that needs the store again.
inline constexpr int kOpenWaitMaxSeconds = 30;
inline constexpr int kLockWaitMaxSeconds = 3600;
inline constexpr int kTurnWaitMaxSeconds = 600;
inline constexpr int kLockTriesPerSecond = 10;

class Deployment;

// A run's turn with the deployment (keep/store_turn.h). Who opened the deployment has it until he gives it
// back.
class DeploymentTurn : public keep::StoreTurn {
 public:
  explicit DeploymentTurn(Deployment& deployment) : StoreTurn(true), deployment_(deployment) {}
  // For who has other work meanwhile: 0 does not wait at all.
  void set_wait_max_seconds(int seconds) { wait_max_seconds_ = seconds; }

 private:
  Status DoTake() override;
  void DoGiveBack() override;
  Deployment& deployment_;
  int wait_max_seconds_ = kTurnWaitMaxSeconds;
};

// The folder's files: probatio.toml, the regime, keys/, custodians.pem, trust.pem, casebook.db, store/,
// journal/, vault/, holds/.
class Deployment {
 public:
  // Takes the lock (kStorage "in use by process 1234" after kOpenWaitMaxSeconds), reads the keys, opens
  // casebook, ledger and box, and closes by crash what a dead run left open. kStorage or kCrypto when the
  // ledger is not the continuation of the one that was published: a backup was put back.
  static Result<std::unique_ptr<Deployment>> Open(const std::string& config_path);
  // The same after the ledger took what the published folder has beyond it (ledger/published_tree.h).
  static Result<std::unique_ptr<Deployment>> OpenRestored(const std::string& config_path,
                                                          std::uint64_t* restored);
  ~Deployment();

  // For a command that waits for people: gives lock and store back, so that other processes work meanwhile.
  // Until TakeAgain nothing of the store may be used, but by a run through its turn.
  void GiveBack();
  // Waits for whoever has the lock now, then reads what was entered meanwhile. kStorage names him after
  // `wait_max_seconds`; nothing is held then.
  Status TakeAgain(int wait_max_seconds = kLockWaitMaxSeconds);
  // The same for runs, which take it by themselves; begins held.
  DeploymentTurn& turn() { return turn_; }

  const Config& config() const { return config_; }
  const ServerKeys& keys() const { return *keys_; }
  const Clock& clock() const { return *clock_; }
  Random& random() { return *random_; }
  const law::Regime& regime() const { return regime_; }
  casebook::Casebook& casebook() { return *casebook_; }
  ledger::Ledger& ledger() { return *ledger_; }
  seal::Box& box() { return *box_; }
  keep::Manifest& manifest() { return *manifest_; }
  keep::Journals& journals() { return *journals_; }
  const keep::RetentionRules& retention() const { return *retention_; }
  keep::Vault& vault() { return *vault_; }
  keep::ItemKeys& items() { return *items_; }
  const keep::Erasure& erasure() const { return *erasure_; }
  keep::Subjects& subjects() { return *subjects_; }
  const keep::Recovered& recovered() const { return recovered_; }

  Result<std::unique_ptr<keep::Run>> OpenRun(const keep::StreamSet& streams = {});
  // The erasure layer around what the custodians wrapped.
  Result<Buffer> SealOuter(const SegmentId& segment, Bytes inner) {
    return erasure_->SealSegment(segment, inner);
  }
  Result<std::vector<crypto::Certificate>> Approvers();  // of the active people with that role
  Result<custody::Anchors> Anchors();                    // what a ceremony pins on the custodians' station
  const custody::Roster& roster() const { return *roster_; }  // the custodians
  std::string RegimeName() const { return regime_.id + " " + regime_.as_of; }

 private:
  Deployment() = default;
  Status Build(const std::string& config_path, std::uint64_t* restored);
  Status OpenLedger(std::uint64_t* restored);
  Status ReadAnew();

  DeploymentTurn turn_{*this};
  Config config_;
  int lock_ = -1;
  std::unique_ptr<Random> random_;
  std::optional<ServerKeys> keys_;
  std::unique_ptr<Clock> clock_;
  law::Regime regime_;
  std::unique_ptr<casebook::Casebook> casebook_;
  std::optional<ledger::Ledger> ledger_;
  std::unique_ptr<LentBox> box_;
  std::unique_ptr<keep::Journals> journals_;
  std::optional<keep::Manifest> manifest_;
  std::unique_ptr<keep::RetentionRules> retention_;
  std::optional<keep::Vault> vault_;
  std::optional<keep::ItemKeys> items_;
  std::optional<keep::Erasure> erasure_;
  std::optional<custody::Roster> roster_;
  std::optional<keep::Subjects> subjects_;
  keep::Recovered recovered_;
};

// The machine's clock, or the demonstration's.
Result<std::unique_ptr<Clock>> ClockOf(const Config& config);

// Reads and parses a regime file, with the one beside it that it builds on.
std::string BasePath(const std::string& path, const std::string& base);
Result<law::Regime> ReadRegime(const std::string& path);

// The casebook seen as the cases of disclosure/.
class CasebookCases : public disclosure::Cases {
 public:
  explicit CasebookCases(Deployment& deployment) : deployment_(deployment) {}
  Result<disclosure::Case> Load(const OrderId& order) override;
  Status Record(const OrderId& order, const order::Event& event) override;
  // Without a signed scope, as long as nobody approved.
  Result<disclosure::Case> LoadUnsigned(const OrderId& order);

 private:
  Deployment& deployment_;
};

}  // namespace probatio::cli
