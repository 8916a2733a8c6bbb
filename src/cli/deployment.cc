#include "cli/deployment.h"

#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "cli/custodian_file.h"
#include "cli/files.h"
#include "cli/held.h"
#include "cli/published_folder.h"
#include "cli/system_clock.h"
#include "crypto/system_random.h"
#include "keep/hold.h"
#include "keep/reseal_take.h"

namespace probatio::cli {
namespace {

// Whoever waits for the lock reads here for whom.
Status NoteHolder(int fd) {
  const std::string process = std::to_string(::getpid()) + "\n";
  const bool noted = ::ftruncate(fd, 0) == 0 && ::pwrite(fd, process.data(), process.size(), 0) > 0;
  return noted ? Status(Done{}) : StorageError(std::string("lock: cannot write: ") + std::strerror(errno));
}

std::string HolderOf(const std::string& folder) {
  const Result<std::string> process = ReadText(folder + "/lock", 32);
  if (!process.ok() || process.value().empty()) return "another process";
  return "process " + process.value().substr(0, process.value().find('\n'));
}

// Nothing when another process has it.
Result<std::optional<int>> TryLock(const std::string& folder) {
  const int fd = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return StorageError(folder + "/lock: cannot create: " + std::strerror(errno));
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
    const Status noted = NoteHolder(fd);
    if (noted.ok()) return std::optional<int>(fd);
    ::close(fd);
    return noted.error();
  }
  const int reason = errno;
  ::close(fd);
  if (reason == EWOULDBLOCK) return std::optional<int>();
  return StorageError(folder + "/lock: cannot lock: " + std::strerror(reason) +
                      ": a deployment lies on a local disk");
}

// Tries for so long, then says who it is that stands in the way.
Result<int> TakeLock(const std::string& folder, int wait_max_seconds) {
  for (int tries = wait_max_seconds * kLockTriesPerSecond;; --tries) {
    const std::optional<int> lock = TRY(TryLock(folder));
    if (lock.has_value()) return *lock;
    if (tries <= 0) {
      return StorageError(folder + ": in use by " + HolderOf(folder) +
                          ": wait for it to end, then try again");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1000 / kLockTriesPerSecond));
  }
}

// A demonstration clock is set by init and by nothing else: the ledger's first entry says which clock this
// is.
Status CheckFirstEntry(const ledger::Ledger& ledger, const Config& config) {
  if (ledger.size() == 0) return StorageError("ledger: empty; was this deployment made by init?");
  const ledger::Entry& first = ledger.entries().front();
  const auto clock = first.fields.find("demonstration_clock");
  const bool demonstration = clock != first.fields.end() && clock->second == "yes";
  if (first.type != "deployment_created" || demonstration != config.demonstration_clock) {
    return Denied(
        "config: demonstration.clock differs from the ledger's first entry; it cannot be set later");
  }
  return Done{};
}

// Our own segment ids begin with their stream (seal::MakeSegmentId).
record::RecordClass ClassOf(const SegmentId& segment) {
  const Result<seal::Stream> stream = seal::ParseStream(segment.text().substr(0, segment.text().find('-')));
  CHECK(stream.ok());
  return seal::ClassOf(stream.value());
}

}  // namespace

Result<std::unique_ptr<Clock>> ClockOf(const Config& config) {
  if (!config.demonstration_clock) return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
  const DemonstrationClock clock = TRY(DemonstrationClock::Read(config.Path("demonstration-clock")));
  return std::unique_ptr<Clock>(std::make_unique<DemonstrationClock>(clock));
}

// A regime that builds on another stands beside it: fr.toml for `builds_on = "fr"`.
std::string BasePath(const std::string& path, const std::string& base) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return (folder / (base + ".toml")).string();
}

Result<law::Regime> ReadRegime(const std::string& path) {
  std::string text = TRY(ReadText(path, law::kRegimeBytesMax));
  law::Regime regime = TRY(law::ParseRegime(text, path));
  if (!regime.builds_on.empty()) {
    const std::string base_path = BasePath(path, regime.builds_on);
    const std::string base_text = TRY(ReadText(base_path, law::kRegimeBytesMax));
    const law::Regime base = TRY(law::ParseRegime(base_text, base_path));
    regime = TRY_IN(path, law::BuildOn(base, regime));
    text = base_text + text;
  }
  regime.digest = ToHex(crypto::Sha256(AsBytes(text)));
  return regime;
}

Result<std::unique_ptr<Deployment>> Deployment::Open(const std::string& config_path) {
  std::unique_ptr<Deployment> deployment(new Deployment);
  TRY(deployment->Build(config_path, nullptr));
  return deployment;
}

Result<std::unique_ptr<Deployment>> Deployment::OpenRestored(const std::string& config_path,
                                                             std::uint64_t* restored) {
  std::unique_ptr<Deployment> deployment(new Deployment);
  TRY(deployment->Build(config_path, restored));
  return deployment;
}

// The store first: whoever gets the lock finds it free.
Deployment::~Deployment() {
  if (box_ != nullptr) box_->GiveBack();
  if (lock_ >= 0) ::close(lock_);
}

void Deployment::GiveBack() {
  box_->GiveBack();
  ::close(lock_);
  lock_ = -1;
}

Status Deployment::TakeAgain(int wait_max_seconds) {
  lock_ = TRY(TakeLock(config_.folder, wait_max_seconds));
  const Status read = ReadAnew();
  if (!read.ok()) GiveBack();
  return read;
}

Status Deployment::ReadAnew() {
  TRY(box_->Open());
  TRY(ledger_->Refresh());
  TRY(manifest_->Refresh(*ledger_));
  // Somebody else's damaged journal is no reason to stop: its segments stay open, every look-up in them says
  // so, and the next command that opens the deployment names the file.
  const Result<keep::Recovered> recovered =
      keep::CloseCrashedSegments(*ledger_, *manifest_, *journals_, *clock_);
  if (recovered.ok()) recovered_ = recovered.value();
  roster_ = TRY(ReadRoster(config_, *ledger_));
  return Done{};
}

Status DeploymentTurn::DoTake() {
  return deployment_.TakeAgain(wait_max_seconds_);
}
void DeploymentTurn::DoGiveBack() {
  deployment_.GiveBack();
}

// Before anything is appended: a ledger that was put back to an older state would go on as a fork.
Status Deployment::OpenLedger(std::uint64_t* restored) {
  ledger_ = TRY(ledger::Ledger::Open(casebook_->ledger_storage(), config_.origin, keys_->ledger));
  const PublishedFolder published(config_.File(config_.published));
  if (restored != nullptr) {
    *restored = TRY_IN(published.folder(), ledger::RestoreFrom(published, *ledger_));
  } else {
    TRY_IN(published.folder(), ledger::CheckContinues(*ledger_, published));
  }
  return CheckFirstEntry(*ledger_, config_);
}

Status Deployment::Build(const std::string& config_path, std::uint64_t* restored) {
  config_ = TRY(ReadConfig(config_path));
  lock_ = TRY(TakeLock(config_.folder, kOpenWaitMaxSeconds));
  random_ = std::make_unique<crypto::SystemRandom>();
  clock_ = TRY(ClockOf(config_));
  regime_ = TRY(ReadRegime(config_.Path(config_.regime)));
  keys_ = TRY(ReadServerKeys(config_.Path("keys")));
  casebook_ = TRY(casebook::Casebook::Open(config_.Path("casebook.db"), casebook::OpenMode::kExisting,
                                           keys_->deployment, *random_));
  TRY(OpenLedger(restored));
  box_ = std::make_unique<LentBox>(config_.Path("store"));
  TRY(box_->Open());
  journals_ = keep::DiskJournals(config_.Path("journal"));
  manifest_ = TRY(keep::Manifest::FromLedger(*ledger_));
  recovered_ = TRY(keep::CloseCrashedSegments(*ledger_, *manifest_, *journals_, *clock_));
  TRY(keep::RetireReplaced(*box_, *ledger_, *manifest_, *journals_, *clock_));
  retention_ = std::make_unique<keep::RetentionRules>(regime_, config_.profile);
  vault_ =
      TRY(keep::Vault::Open(config_.Path("vault"), config_.vault_replicas, keep::SystemDisk(), *random_));
  items_.emplace(*vault_);
  erasure_.emplace(*vault_, *manifest_, *retention_, *clock_, *random_);

  roster_ = TRY(ReadRoster(config_, *ledger_));
  subjects_.emplace(
      *box_, keys_->index.Clone(),
      [this](const Key& key, seal::Stream stream, const seal::SubjectHandle& handle,
             std::string_view holder) -> Result<Buffer> {
        const Buffer inner = TRY(custody::WrapKey(key, roster_->SetFor(seal::ClassOf(stream)),
                                                  custody::SubjectContext(stream, handle, holder)));
        return erasure_->SealSubject(stream, handle, inner);
      },
      *random_,
      [this](record::RecordClass record_class, const seal::SubjectHandle& handle, Bytes outer) {
        return erasure_->OpenSubject(record_class, handle, outer);
      },
      &*retention_, &*items_);
  return subjects_->SettlePasswords(*ledger_, clock_->Now());
}

Result<std::unique_ptr<keep::Run>> Deployment::OpenRun(const keep::StreamSet& streams) {
  return keep::Run::Open({*box_,
                          *ledger_,
                          *journals_,
                          *subjects_,
                          *retention_,
                          *clock_,
                          *random_,
                          [this](const Key& key, const SegmentId& segment) -> Result<Buffer> {
                            const Buffer inner = TRY(custody::WrapKey(key, roster_->SetFor(ClassOf(segment)),
                                                                      custody::SegmentContext(segment)));
                            return erasure_->SealSegment(segment, inner);
                          },
                          config_.Path("journal"),
                          &keep::SystemDisk(),
                          {},
                          config_.pad_network_blocks,
                          streams,
                          &turn_});
}

Result<std::vector<crypto::Certificate>> Deployment::Approvers() {
  const std::vector<casebook::Person> people = TRY(casebook_->ListPeople());
  std::vector<crypto::Certificate> approvers;
  for (const casebook::Person& person : people) {
    if (person.role != casebook::Role::kApprover || !person.active) continue;
    crypto::Certificate certificate = TRY(crypto::Certificate::FromPem(person.certificate_pem));
    approvers.push_back(std::move(certificate));
  }
  return approvers;
}

Result<custody::Anchors> Deployment::Anchors() {
  custody::Anchors anchors;
  anchors.approvers = TRY(Approvers());
  anchors.ledger_key = ledger_->verifier_key();
  anchors.provider = config_.provider;
  for (const custody::Custodian& one : roster_->custodians()) anchors.custodians.push_back(one.certificate);
  return anchors;
}

namespace {

// What the order does not say of its subjects, the deployment's own list may.
Status AddProtections(casebook::Casebook& casebook, order::Order& order) {
  for (order::Line& line : order.lines) {
    if (!line.protected_profession.empty()) continue;
    line.protected_profession = TRY(casebook.ProtectionOf(line.subject));
  }
  return Done{};
}

}  // namespace

Result<disclosure::Case> CasebookCases::LoadUnsigned(const OrderId& id) {
  const std::string source = TRY(deployment_.casebook().OrderSource(id));
  const std::vector<order::Event> events = TRY(deployment_.casebook().EventsOf(id));
  disclosure::Case loaded;
  loaded.order = TRY(order::ParseOrder(source, deployment_.regime()));
  loaded.life = TRY(order::Replay(events));
  TRY(AddProtections(deployment_.casebook(), loaded.order));
  // What was pinned at reception was reckoned from the paper alone.
  const order::OwnHold hold = TRY(OwnHoldOf(deployment_, loaded.order));
  loaded.order = order::WithRecordedService(std::move(loaded.order), loaded.life);
  loaded.assessment = order::Assess(loaded.order, deployment_.regime(), deployment_.config().profile,
                                    deployment_.clock().Now(), hold);
  loaded.assessment.time_limit = order::TimeLimitOf(loaded.order, deployment_.clock().Now());
  return loaded;
}

namespace {

// What is not pinned may be purged while it is read, and the answer would be "none" for want of a record.
Status RequireHeld(Deployment& deployment, const order::Order& order) {
  const std::vector<keep::Pin> wanted = TRY(keep::PinsFor(order));
  if (wanted.empty()) return Done{};
  const Holding holding = TRY(HoldingOf(deployment, order.id));
  if (!holding.pins.empty() || holding.extraction.has_value()) return Done{};
  return Denied("order " + order.id.text() + ": nothing is held for it; pin it first: probatio hold add " +
                order.id.text());
}

}  // namespace

Result<disclosure::Case> CasebookCases::Load(const OrderId& id) {
  disclosure::Case loaded = TRY(LoadUnsigned(id));
  TRY(RequireHeld(deployment_, loaded.order));
  // Authorize asks the other gates; whom the order must address is known here.
  TRY(order::RequireEnforceable(order::CheckEnforceability(
      loaded.order, loaded.life, EntityOf(deployment_.config()), deployment_.clock().Now())));
  Result<order::SignedScope> signed_scope = deployment_.casebook().SignedScopeOf(id);
  if (signed_scope.ok()) {
    loaded.signed_scope = std::move(signed_scope).value();
  } else if (signed_scope.error().code() == ErrorCode::kNotFound) {
    return Denied("order " + id.text() + ": nobody has approved it; two people must");
  } else {
    return signed_scope.error();
  }
  return loaded;
}

Status CasebookCases::Record(const OrderId& id, const order::Event& event) {
  return deployment_.casebook().RecordEvent(id, event, deployment_.ledger());
}

}  // namespace probatio::cli
