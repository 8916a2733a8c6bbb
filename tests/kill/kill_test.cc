// Kills a collector five times at random moments and looks for every record that it acknowledged. The child
// appends batches over a real disk and reports each acknowledged one through a pipe; the parent kills it, and
// the next child recovers. An argument is taken as the seed of an earlier try.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "deployment.h"
#include "seal/segment_leaves.h"

namespace probatio::kill {
namespace {

constexpr int kRounds = 5;
constexpr std::uint32_t kBatchesPerRun =
    25;  // then the run is closed and another opened: closes are killed too
constexpr std::size_t kRecordsPerBatch = 8;

struct Batch {
  std::uint32_t round = 0;
  std::uint32_t number = 0;
  auto operator<=>(const Batch&) const = default;
};

std::string AccountOf(const Batch& batch) {
  return fmt::format("acc-{}-{}", batch.round, batch.number);
}

std::vector<record::Record> RecordsOf(const Batch& batch, Instant now) {
  std::vector<record::Record> records;
  for (std::size_t i = 0; i < kRecordsPerBatch; ++i) {
    record::Activity activity;
    activity.origin.at.at =
        now - static_cast<std::int64_t>(i) * kNsPerDay;  // a segment for each of some days
    activity.event = record::ActivityKind::kMessageSent;
    activity.source_ip = IpAddress::Parse("192.0.2.7").value();
    activity.source_port = static_cast<std::uint16_t>(40'000 + i);
    activity.account = AccountOf(batch);
    activity.message = fmt::format("m-{}-{}-{}", batch.round, batch.number, i);
    records.push_back(activity);
  }
  return records;
}

// ---- The child: appends until it is killed
// --------------------------------------------------------------------------

Status Collect(const std::string& folder, std::uint32_t round, int report) {
  keep::Recovered recovered;
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(folder, &recovered));
  Batch batch{round, 0};
  while (true) {
    const std::unique_ptr<keep::Run> run = TRY(keep::Run::Open(deployment->Parts()));
    for (std::uint32_t i = 0; i < kBatchesPerRun; ++i, ++batch.number) {
      TRY(run->Append(RecordsOf(batch, deployment->clock.Now())));
      if (::write(report, &batch, sizeof batch) != static_cast<ssize_t>(sizeof batch)) return Done{};
    }
    TRY(run->Close());
  }
}

// ---- The parent: kills, and looks
// -----------------------------------------------------------------------------------

// Runs one child and kills it some time after its first acknowledged batch. Its batches go to `acknowledged`.
bool KillOne(const std::string& folder, std::uint32_t round, int milliseconds,
             std::set<Batch>* acknowledged) {
  int ends[2];
  if (::pipe(ends) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    const Status ended = Collect(folder, round, ends[1]);
    std::fprintf(stderr, "kill_test: child: %s\n", ended.ok() ? "no reader" : ended.error().what().c_str());
    ::_exit(1);
  }
  ::close(ends[1]);
  Batch batch;
  bool started = ::read(ends[0], &batch, sizeof batch) == static_cast<ssize_t>(sizeof batch);
  if (started) acknowledged->insert(batch);
  ::usleep(static_cast<useconds_t>(milliseconds) * 1000);
  ::kill(child, SIGKILL);
  while (::read(ends[0], &batch, sizeof batch) == static_cast<ssize_t>(sizeof batch))
    acknowledged->insert(batch);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return started && WIFSIGNALED(status);
}

Result<std::vector<record::Record>> ClosedRows(Deployment& deployment, const seal::SegmentInfo& info,
                                               const seal::WindowKeys& keys) {
  seal::LeafCache cache;
  const seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(*deployment.box, info, &cache));
  std::vector<seal::BlockLeaf> all;
  for (std::size_t page = 0; page < leaves.pages(); ++page) {
    const auto held = TRY(leaves.Page(page));
    all.insert(all.end(), held->leaves.begin(), held->leaves.end());
  }
  std::vector<record::Record> rows;
  for (const seal::BlockLeaf& leaf : all) {
    if (seal::IsSentinel(leaf)) continue;
    const std::optional<Buffer> block =
        TRY(deployment.box->Read(seal::BlockKey(info.id, leaf.token, leaf.position)));
    if (!block) return StorageError("segment " + info.id.text() + ": a block is missing");
    const seal::OpenedBlock opened = TRY(seal::OpenBlock(info.id, leaf, keys.KeysOf(leaf.token), *block));
    rows.insert(rows.end(), opened.rows.begin(), opened.rows.end());
  }
  return rows;
}

Result<std::vector<record::Record>> CrashedRows(Deployment& deployment, const seal::SegmentInfo& info,
                                                seal::WindowKeys& keys, const std::set<Batch>& acknowledged) {
  const keep::KeptJournals archive(*deployment.journals);
  const std::vector<Buffer> batches = TRY(archive.Batches(info.id));
  std::vector<record::Record> rows;
  for (const Batch& batch : acknowledged) {
    const seal::Token token = keys.TokenOf(seal::ForAccount(AccountOf(batch)));
    const std::vector<record::Record> found = TRY(seal::SearchJournal(
        info.id, batches, info.journal, keys.JournalIndexKey(), token, keys.KeysOf(token)));
    rows.insert(rows.end(), found.begin(), found.end());
  }
  return rows;
}

// How often each message of an acknowledged batch is held. Light copies have no address and are not counted.
Status Look(const std::string& folder, const std::set<Batch>& acknowledged,
            std::map<std::string, int>* held) {
  keep::Recovered recovered;
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(folder, &recovered));
  std::size_t closed = 0;
  std::size_t crashed = 0;
  for (const seal::SegmentInfo& info : deployment->manifest.All()) {
    if (info.state == seal::SegmentState::kOpen) return StorageError("a segment is open after recovery");
    const Key key = TRY(deployment->WindowKey(info));
    seal::WindowKeys keys(key);
    const bool whole = info.state == seal::SegmentState::kClosed;
    whole ? ++closed : ++crashed;
    std::vector<record::Record> rows;
    if (whole) rows = TRY(ClosedRows(*deployment, info, keys));
    if (!whole) rows = TRY(CrashedRows(*deployment, info, keys, acknowledged));
    for (const record::Record& row : rows) {
      const auto& activity = std::get<record::Activity>(row);
      if (activity.source_ip) ++(*held)[activity.message.value_or("")];
    }
  }
  std::printf("kill_test: %zu segments closed, %zu closed by crash, %zu damaged\n", closed, crashed,
              static_cast<std::size_t>(recovered.damaged));
  if (recovered.damaged > 0) return StorageError("a journal is damaged");
  return Done{};
}

int CountWrong(const std::set<Batch>& acknowledged, const std::map<std::string, int>& held) {
  int wrong = 0;
  for (const Batch& batch : acknowledged) {
    for (std::size_t i = 0; i < kRecordsPerBatch; ++i) {
      const auto found = held.find(fmt::format("m-{}-{}-{}", batch.round, batch.number, i));
      if (found == held.end() || found->second != 1) ++wrong;
    }
  }
  return wrong;
}

int RunTest(std::uint32_t seed) {
  std::printf("kill_test: seed %u\n", seed);
  std::fflush(stdout);
  std::string pattern = (std::filesystem::temp_directory_path() / "kill_test_XXXXXX").string();
  const std::string folder = ::mkdtemp(pattern.data());
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> milliseconds(0, 700);
  std::set<Batch> acknowledged;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    if (!KillOne(folder, round, milliseconds(random), &acknowledged)) {
      std::fprintf(stderr, "kill_test: the child of round %u ended by itself\n", round);
      return 1;
    }
  }
  std::map<std::string, int> held;
  const Status looked = Look(folder, acknowledged, &held);
  const int wrong = CountWrong(acknowledged, held);
  std::printf("kill_test: %zu batches acknowledged, %d records lost or doubled\n", acknowledged.size(),
              wrong);
  if (!looked.ok()) std::fprintf(stderr, "kill_test: %s\n", looked.error().what().c_str());
  if (wrong > 0 || !looked.ok()) {
    std::fprintf(stderr, "kill_test: what was left is in %s\n", folder.c_str());
    return 1;
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace probatio::kill

int main(int argc, char** argv) {
  const auto seed =
      argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : std::random_device{}();
  return probatio::kill::RunTest(seed);
}
