// probatio import: the same inputs as decode, into the sealed store. A batch is acknowledged when it is on
// disk; an import that ends early says how many records of which file are.
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/import_runs.h"
#include "cli/input.h"
#include "cli/input_options.h"
#include "cli/interrupt.h"
#include "cli/mapped_input.h"
#include "cli/progress.h"
#include "cli/put_aside.h"
#include "cli/window_commands.h"

namespace probatio::cli {
namespace {

struct Options {
  InputOptions input;
  bool dry_run = false;
  std::vector<std::string> files;
};

using Steady = std::chrono::steady_clock;

// The demonstration and the tests write into a string; only the program's own stderr can be a terminal.
ProgressStyle StyleOf(const Session& session) {
  if (session.json) return {ProgressForm::kJson};
  if (&session.err != &std::cerr || isatty(STDERR_FILENO) == 0) return {ProgressForm::kLines};
  ProgressStyle style{ProgressForm::kTerminal};
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) style.columns = size.ws_col;
  return style;
}

// The batches of one file: what is taken is safe, and said to be.
class FileImport {
 public:
  FileImport(ImportRuns& runs, const Interrupt& interrupt, Session& session, const ProgressFile& file)
      : runs_(runs),
        interrupt_(interrupt),
        err_(session.err),
        progress_(StyleOf(session), file, Steady::now()) {}

  Status Append(std::span<const record::Record> records, const InputPlace& place) {
    point_.of_bytes = place.of_bytes;
    while (!records.empty()) {
      if (interrupt_.came()) return Invalid("interrupted");
      std::size_t taken = 0;
      TRY(runs_.Append(records, &taken));
      records = records.subspan(taken);
      point_.records += taken;
      if (records.empty()) point_.bytes = place.bytes;  // the place is that of the last record
      err_ << progress_.Reached(point_, Steady::now()) << std::flush;
    }
    point_.bytes = place.bytes;  // also when no record was in these octets
    return Done{};
  }
  void End() { err_ << progress_.Ended(point_, Steady::now()) << std::flush; }
  void Stop() { err_ << progress_.Stopped() << std::flush; }
  std::uint64_t safe() const { return point_.records; }

 private:
  ImportRuns& runs_;
  const Interrupt& interrupt_;
  std::ostream& err_;
  Progress progress_;
  ProgressPoint point_;
};

std::string Joined(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
  return joined;
}

void PrintResult(Session& session, const ImportRuns& runs, std::uint64_t lost) {
  const keep::RunCounts& counts = runs.counts();
  if (session.json) {
    const nlohmann::json result = {{"run", Joined(runs.names())},
                                   {"accepted", counts.accepted},
                                   {"late", counts.late},
                                   {"outside_retention", counts.outside_retention},
                                   {"from_future", counts.from_future},
                                   {"unfindable", counts.unfindable},
                                   {"lost", lost},
                                   {"segments", counts.segments}};
    session.out << result.dump(2) << "\n";
    return;
  }
  if (runs.names().empty()) {
    session.out << "no record was read, so nothing was sealed\n";
    return;
  }
  session.out << (runs.names().size() > 1 ? "runs " : "run ") << Joined(runs.names()) << ": "
              << counts.accepted << " records sealed in " << counts.segments << " segments";
  if (counts.late != 0) session.out << ", " << counts.late << " of them into late segments";
  session.out << "\n";
  if (counts.outside_retention != 0) {
    session.out << counts.outside_retention << " records refused: older than the law lets them be kept\n";
  }
  if (counts.unfindable != 0)
    session.out << counts.unfindable << " records not kept: nothing to find them by\n";
  if (counts.from_future != 0)
    session.out << counts.from_future << " records refused: later than now; some clock is wrong\n";
  if (lost != 0)
    session.out << lost << " records were lost before they reached us, by the exporter's own count\n";
}

// One call of the command: its files, and what became of them together.
class Import {
 public:
  Import(Session& session, Deployment& deployment)
      : session_(session),
        deployment_(deployment),
        runs_(deployment),
        quarantine_(QuarantineOf(deployment)) {}

  // Until the first error; what was safe before it is sealed all the same.
  Status ReadAll(const InputKind& kind, const std::vector<std::string>& paths) {
    for (std::size_t i = 0; i < paths.size(); ++i) TRY(ReadOne(kind, {paths[i], i + 1, paths.size()}));
    return Done{};
  }

  Status Finish() {
    if (!runs_.names().empty()) {
      session_.err << "sealing\n";
      TRY(runs_.Close(lost_));
    }
    const keep::HeldTurn turn = TRY(keep::HeldTurn::Take(&deployment_.turn()));
    TRY(FinishPutAside(session_, deployment_, quarantine_));
    PrintResult(session_, runs_, lost_);
    return Done{};
  }
  bool partly() const { return partly_; }

 private:
  Status ReadOne(const InputKind& kind, const ProgressFile& which) {
    const std::string& path = which.name;
    FileImport file(runs_, interrupt_, session_, which);
    const auto append = [&](std::span<const record::Record> records, const InputPlace& place) {
      return file.Append(records, place);
    };
    const auto put_aside = [&](const decode::BrokenPiece& broken) {
      quarantine_.PutAside(ItemOf(kind, path, broken));
    };
    const Result<Input> read = ReadInput(kind, path, {append, put_aside});
    if (!read.ok()) {
      file.Stop();
      session_.err << path << ": stopped; the first " << file.safe() << " records of it are safe on disk\n";
      return read.error();
    }
    file.End();
    const Input& input = read.value();
    PrintCounts(input, session_.err);
    partly_ = partly_ || input.broken != 0;
    lost_ += input.lost;
    return runs_.NoteGaps(input.gaps);
  }

  Session& session_;
  Deployment& deployment_;
  Interrupt interrupt_;
  ImportRuns runs_;
  keep::Quarantine quarantine_;
  std::uint64_t lost_ = 0;
  bool partly_ = false;
};

Status ImportFiles(Session& session, const Options& options) {
  const InputKind kind = TRY(ReadInputOptions(options.input));
  if (options.dry_run) {
    for (const std::string& path : options.files) TRY(ShowFirstRows(session, kind, path, kDryRunRows));
    return Done{};
  }
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  if (deployment->recovered().segments != 0) {
    session.err << "an earlier import was interrupted: " << deployment->recovered().segments
                << " segments closed by crash; what was acknowledged is kept\n";
  }
  for (const std::string& warning :
       custody::ExpiryWarnings(deployment->roster(), deployment->clock().Now())) {
    session.err << warning << "\n";
  }
  Import import(session, *deployment);
  const Status read = import.ReadAll(kind, options.files);
  TRY(import.Finish());
  for (const std::string& advice : ResealAdvice(*deployment)) session.err << advice << "\n";
  TRY(Status(read));
  if (import.partly()) return Invalid("some of the input could not be read; what could be read is sealed");
  return Done{};
}

}  // namespace

void AddImport(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("import", "read logs into the sealed store");
  auto options = std::make_shared<Options>();
  AddInputOptions(command, &options->input);
  command->add_flag("--dry-run", options->dry_run, "show how the first rows of csv or jsonl would be read");
  command->add_option("FILE", options->files, "the input")->required();
  OnRun(command, session, [&session, options] { return ImportFiles(session, *options); });
}

}  // namespace probatio::cli
