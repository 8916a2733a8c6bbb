// Two processes work on one deployment: a run that lives in one of them is nobody else's to close, until its
// process is killed.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "cli/test_deployment.h"

namespace probatio::cli {
namespace {

constexpr auto kCreate = record::NatEventKind::kNat44SessionCreate;
const Instant kNow = Instant::ParseRfc3339("2026-11-24T10:05:00Z").value();

// A process with a run that has acknowledged one row, has given the store back, and waits for its end.
class LivingRun {
 public:
  explicit LivingRun(const TestDeployment& deployment) {
    std::array<int, 2> ready{};
    CHECK(::pipe(ready.data()) == 0);
    child_ = ::fork();
    CHECK(child_ >= 0);
    if (child_ == 0) Live(deployment, ready[1]);
    CHECK(::read(ready[0], name_.data(), name_.size()) == static_cast<ssize_t>(name_.size()));
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~LivingRun() { Kill(); }
  LivingRun(const LivingRun&) = delete;
  LivingRun& operator=(const LivingRun&) = delete;

  void Kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  const std::string& name() const { return name_; }

 private:
  [[noreturn]] static void Live(const TestDeployment& test, int ready) {
    const std::unique_ptr<Deployment> deployment = test.Open();
    const std::unique_ptr<keep::Run> run = deployment->OpenRun().value();
    deployment->turn().GiveBack();
    CHECK(run->Append(std::vector{SessionEvent(kCreate, 40'000, kNow)}).ok());
    CHECK(::write(ready, run->name().data(), run->name().size()) == 8);
    ::pause();
    ::_exit(1);
  }

  pid_t child_ = 0;
  std::string name_ = std::string(8, ' ');
};

std::vector<seal::SegmentInfo> SegmentsOf(Deployment& deployment, const std::string& run) {
  std::vector<seal::SegmentInfo> segments = deployment.manifest().All();
  std::erase_if(segments, [&](const seal::SegmentInfo& info) { return keep::RunOf(info.id) != run; });
  return segments;
}

TEST(LivingRun, IsLeftAloneByAnImportBesideItAndRecoveredOnceItIsKilled) {
  TestDeployment test;
  LivingRun living(test);
  const std::string log = test.file("activity.jsonl");
  const std::string row =
      R"({"class":"activity","event":"login","at":"2026-11-24T10:00:00Z","account":"acc-1","source_ip":"192.0.2.7","source_port":50123,"proto":"tcp"})"
      "\n";
  ASSERT_TRUE(WriteFile(log, AsBytes(row)).ok());
  ASSERT_EQ(test.Run({"import", "--format", "jsonl", log}), 0) << test.said;
  EXPECT_EQ(test.said.find("interrupted"), std::string::npos) << test.said;
  ASSERT_EQ(test.Run({"window", "list"}), 0) << test.said;
  {
    const std::unique_ptr<Deployment> deployment = test.Open();
    EXPECT_EQ(deployment->recovered().segments, 0U);
    const std::vector<seal::SegmentInfo> segments = SegmentsOf(*deployment, living.name());
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_EQ(segments.front().state, seal::SegmentState::kOpen);
  }
  living.Kill();
  const std::unique_ptr<Deployment> deployment = test.Open();
  EXPECT_EQ(deployment->recovered().segments, 1U);
  EXPECT_EQ(deployment->recovered().batches, 1U);
  EXPECT_EQ(deployment->recovered().damaged, 0U);
  EXPECT_EQ(SegmentsOf(*deployment, living.name()).front().state, seal::SegmentState::kClosedByCrash);
}

TEST(LivingRun, WhoNeedsTheStoreWhileAnotherHasItIsToldWhoThatIs) {
  TestDeployment test;
  const std::unique_ptr<Deployment> ours = test.Open();
  const std::unique_ptr<keep::Run> run = ours->OpenRun().value();
  ours->turn().GiveBack();
  ours->turn().set_wait_max_seconds(0);
  const std::unique_ptr<Deployment> other = test.Open();
  const Status taken = run->Append(std::vector{SessionEvent(kCreate, 40'000, kNow)});
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code(), ErrorCode::kStorage);
  EXPECT_NE(taken.error().what().find("in use by process " + std::to_string(::getpid())), std::string::npos)
      << taken.error().what();
  EXPECT_EQ(run->counts().accepted, 0U);
  other->turn().GiveBack();
  EXPECT_TRUE(run->Append(std::vector{SessionEvent(kCreate, 40'000, kNow)}).ok());
}

}  // namespace
}  // namespace probatio::cli
