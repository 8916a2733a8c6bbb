// probatio collect: the listeners and folders of collect.toml, into the sealed store, until it is told to
// stop. SIGHUP reads collect.toml again; SIGINT and SIGTERM store what came, seal, and end.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <mutex>

#include "cli/collecting.h"
#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/hangup.h"
#include "cli/interrupt.h"
#include "cli/put_aside.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string file;
  bool check = false;
};

// One line each, from any thread.
class Voice {
 public:
  explicit Voice(Session& session) : session_(session) {}

  void Say(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (session_.json) {
      session_.err << nlohmann::json{{"says", what}}.dump() << "\n" << std::flush;
    } else {
      session_.err << "probatio: " << what << "\n" << std::flush;
    }
  }
  void SayCounts(const Collecting::Counts& counts) {
    const std::lock_guard lock(mutex_);
    if (session_.json) {
      session_.err << Json(counts).dump() << "\n" << std::flush;
      return;
    }
    session_.err << counts.name << ": " << counts.source.pieces << " pieces, " << counts.source.records
                 << " records, " << counts.source.undecodable << " not read, " << counts.source.strangers
                 << " of strangers";
    PrintNonZero(counts.others, ", ");
    session_.err << "\n";
    for (const auto& [exporter, numbers] : counts.exporters) {
      session_.err << "  " << exporter << ":";
      PrintNonZero(numbers, " ");
      session_.err << "\n";
    }
    session_.err << std::flush;
  }

 private:
  static nlohmann::json Json(const Collecting::Counts& counts) {
    return {{"listener", counts.name},
            {"pieces", counts.source.pieces},
            {"records", counts.source.records},
            {"undecodable", counts.source.undecodable},
            {"strangers", counts.source.strangers},
            {"sessions_displaced", counts.source.sessions_displaced},
            {"exporters", counts.exporters},
            {"others", counts.others}};
  }
  void PrintNonZero(const std::map<std::string, std::uint64_t>& numbers, const char* before) {
    for (const auto& [name, count] : numbers) {
      if (count == 0) continue;
      session_.err << before << name << " " << count;
      before = ", ";
    }
  }

  Session& session_;
  std::mutex mutex_;
};

// The command while it runs.
class Collector {
 public:
  Collector(Session& session, std::string file, Deployment& deployment, CollectSink& sink)
      : session_(session),
        file_(std::move(file)),
        deployment_(deployment),
        sink_(sink),
        voice_(session),
        quarantine_(QuarantineOf(deployment)) {}

  Status Run(CollectConfig config) {
    collecting_ = TRY(Open(config));
    Begin({});
    while (!interrupt_.came()) {
      collecting_->Round();
      sink_.Tick(deployment_.clock().Now());
      if (hangup_.TakeCame()) Reload(&config);
      SayStatus(config);
    }
    voice_.Say("stopping: storing what came");
    End();
    if (broke_off_) return StorageError("a listener or folder broke off meanwhile; what came is stored");
    return Done{};
  }

  Status Finish() {
    const keep::HeldTurn turn = TRY(keep::HeldTurn::Take(&deployment_.turn()));
    return FinishPutAside(session_, deployment_, quarantine_);
  }

 private:
  Result<std::unique_ptr<Collecting>> Open(const CollectConfig& config) {
    return Collecting::Open(
        config,
        {deployment_.config().Path("collect"), deployment_.clock(), sink_, quarantine_,
         [this](const std::string& what) { voice_.Say(what); }, [this] { return interrupt_.came(); }},
        collecting_.get());
  }

  void Begin(const Collecting::ToldDrops& told) {
    collecting_->Begin(told);
    voice_.Say("collecting");
  }

  Collecting::ToldDrops End() {
    Collecting::ToldDrops told = collecting_->Stop();
    for (const Collecting::Counts& counts : collecting_->counts()) voice_.SayCounts(counts);
    broke_off_ = broke_off_ || collecting_->broke_off();
    return told;
  }

  // A file that is wrong, or whose listeners cannot be opened, changes nothing.
  void Reload(CollectConfig* config) {
    Result<CollectConfig> fresh = ReadCollectConfig(file_);
    Result<std::unique_ptr<Collecting>> next = fresh.ok() ? Open(fresh.value()) : fresh.error();
    if (!next.ok()) {
      voice_.Say(next.error().what() + "; going on as before");
      return;
    }
    const Collecting::ToldDrops told = End();
    collecting_ = std::move(next).value();
    *config = std::move(fresh).value();
    Begin(told);
  }

  void SayStatus(const CollectConfig& config) {
    const Instant now = deployment_.clock().Now();
    if (now >= said_at_ && now - said_at_ < config.status_every_s * kNsPerSecond) return;
    if (said_at_ != Instant()) {
      for (const Collecting::Counts& counts : collecting_->counts()) voice_.SayCounts(counts);
      collecting_->SaveState();
      const Status flushed = quarantine_.Flush();
      if (!flushed.ok()) voice_.Say(flushed.error().what());
    }
    said_at_ = now;
  }

  Session& session_;
  const std::string file_;
  Deployment& deployment_;
  CollectSink& sink_;
  Voice voice_;
  Interrupt interrupt_;
  Hangup hangup_;
  keep::Quarantine quarantine_;
  std::unique_ptr<Collecting> collecting_;
  bool broke_off_ = false;  // of those before
  Instant said_at_;
};

void PrintResult(Session& session, const CollectedCounts& counts) {
  if (session.json) {
    const nlohmann::json result = {{"accepted", counts.accepted},
                                   {"refused", counts.refused},
                                   {"lost", counts.lost},
                                   {"runs", counts.runs},
                                   {"failed", counts.failed}};
    session.out << result.dump(2) << "\n";
    return;
  }
  session.out << counts.accepted << " records sealed, " << counts.refused << " refused, " << counts.lost
              << " lost before they reached us\n";
  if (counts.failed != 0) {
    session.out << counts.failed << " runs could not be sealed: the next command that opens the deployment "
                << "keeps what was acknowledged (docs/operate/after-a-crash.md)\n";
  }
}

Status Collect(Session& session, const Options& options) {
  if (options.check) {
    const std::string file = options.file.empty() ? "collect.toml" : options.file;
    const CollectConfig config = TRY(ReadCollectConfig(file));
    session.out << file << ": " << config.listeners.size() << " listeners, " << config.folders.size()
                << " folders\n";
    return Done{};
  }
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::string file = options.file.empty() ? deployment->config().Path("collect.toml") : options.file;
  CollectConfig config = TRY(ReadCollectConfig(file));
  if (deployment->recovered().segments != 0) {
    session.err << "an earlier run ended without sealing: " << deployment->recovered().segments
                << " segments closed by crash; what was acknowledged is kept\n";
  }
  for (const std::string& warning :
       custody::ExpiryWarnings(deployment->roster(), deployment->clock().Now())) {
    session.err << warning << "\n";
  }
  CollectLimits limits;
  limits.sessions_grace_ns = config.sessions_grace_s * kNsPerSecond;
  limits.days_close_every_ns = config.days_close_every_h * kNsPerHour;
  const std::unique_ptr<CollectSink> sink = TRY(CollectSink::Open(
      {*deployment,
       [&session](const std::string& what) { session.err << "probatio: " << what << "\n"
                                                         << std::flush; },
       limits}));
  Collector collector(session, file, *deployment, *sink);
  const Status ran = collector.Run(std::move(config));
  session.err << "sealing\n" << std::flush;
  const Status closed = sink->Close();
  PrintResult(session, sink->counts());
  const Status finished = collector.Finish();
  TRY(Status(ran));
  TRY(Status(closed));
  return finished;
}

}  // namespace

void AddCollect(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "collect", "listen to exporters and watch folders, into the sealed store, until Ctrl-C");
  auto options = std::make_shared<Options>();
  command->add_option("--file", options->file,
                      "what to listen to; collect.toml in the deployment's folder if not given");
  command->add_flag("--check", options->check, "only read the file and say what is wrong in it");
  OnRun(command, session, [&session, options] { return Collect(session, *options); });
}

}  // namespace probatio::cli
