// probatio import: the same inputs as decode, into the sealed store. A batch is acknowledged when it is on
// disk.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/input_options.h"
#include "cli/mapped_input.h"
#include "cli/window_commands.h"
#include "keep/enter.h"

namespace probatio::cli {
namespace {

struct Options {
  InputOptions input;
  bool dry_run = false;
  std::vector<std::string> files;
};

constexpr std::size_t kProgressLines = 20;  // for one file
constexpr std::size_t kOtherBatchRecords = 4096;

// NAT events are journaled by the batch, the more together the cheaper; other records one by one, so that
// they are acknowledged in smaller steps.
std::size_t BatchOf(std::span<const record::Record> rest) {
  const std::size_t most = std::min(keep::kBatchRecordsMax, rest.size());
  const auto is_other = [](const record::Record& record) {
    return !std::holds_alternative<record::NatEvent>(record);
  };
  const bool mixed = std::any_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(most), is_other);
  return mixed ? std::min(kOtherBatchRecords, most) : most;
}

Status AppendAll(keep::Run& run, const std::string& path, const std::vector<record::Record>& records,
                 std::ostream& err) {
  const std::span<const record::Record> all(records);
  std::size_t lines = 0;
  for (std::size_t done = 0; done < all.size();) {
    const std::span<const record::Record> batch = all.subspan(done, BatchOf(all.subspan(done)));
    TRY_IN(path, run.Append(batch));
    done += batch.size();
    if (done * kProgressLines / all.size() > lines) {
      lines = done * kProgressLines / all.size();
      err << path << ": " << done << " of " << all.size() << " records safe on disk\n" << std::flush;
    }
  }
  return Done{};
}

void PrintResult(Session& session, const keep::Run& run, const keep::RunCounts& counts, std::uint64_t lost) {
  if (session.json) {
    const nlohmann::json result = {{"run", run.name()},
                                   {"accepted", counts.accepted},
                                   {"late", counts.late},
                                   {"outside_retention", counts.outside_retention},
                                   {"unfindable", counts.unfindable},
                                   {"lost", lost},
                                   {"segments", counts.segments}};
    session.out << result.dump(2) << "\n";
    return;
  }
  session.out << "run " << run.name() << ": " << counts.accepted << " records sealed in " << counts.segments
              << " segments";
  if (counts.late != 0) session.out << ", " << counts.late << " of them into late segments";
  session.out << "\n";
  if (counts.outside_retention != 0) {
    session.out << counts.outside_retention << " records refused: older than the law lets them be kept\n";
  }
  if (counts.unfindable != 0)
    session.out << counts.unfindable << " records not kept: nothing to find them by\n";
  if (lost != 0)
    session.out << lost << " records were lost before they reached us, by the exporter's own count\n";
}

Status Import(Session& session, const Options& options) {
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
  const std::unique_ptr<keep::Run> run = TRY(deployment->OpenRun());
  deployment->turn().GiveBack();  // a collector goes on meanwhile; the run takes the store when it needs it
  std::uint64_t lost = 0;
  bool partly = false;
  for (const std::string& path : options.files) {
    const Input input = TRY(ReadInput(kind, path));
    PrintCounts(input, session.err);
    partly = partly || !input.errors.empty();
    lost += input.lost;
    TRY(AppendAll(*run, path, input.records, session.err));
    for (const decode::SequenceGap& gap : input.gaps) {
      run->NoteLost(seal::Stream::kNatSession, gap.exported, gap.records);
      run->NoteLost(seal::Stream::kNatBlock, gap.exported, gap.records);
    }
  }
  session.err << "sealing\n";
  const keep::RunCounts counts = TRY(run->Close());
  const ledger::Entry entry{"import",
                            deployment->clock().Now(),
                            {{"run", run->name()},
                             {"accepted", std::to_string(counts.accepted)},
                             {"refused", std::to_string(counts.outside_retention + counts.unfindable)},
                             {"lost", std::to_string(lost)}}};
  TRY(keep::Enter(deployment->ledger(), {&entry, 1}).status);
  PrintResult(session, *run, counts, lost);
  TRY(deployment->manifest().Refresh(deployment->ledger()));
  for (const std::string& advice : ResealAdvice(*deployment)) session.err << advice << "\n";
  if (partly) return Invalid("some of the input could not be read; what could be read is sealed");
  return Done{};
}

}  // namespace

void AddImport(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("import", "read logs into the sealed store");
  auto options = std::make_shared<Options>();
  AddInputOptions(command, &options->input);
  command->add_flag("--dry-run", options->dry_run, "show how the first rows of csv or jsonl would be read");
  command->add_option("FILE", options->files, "the input")->required();
  OnRun(command, session, [&session, options] { return Import(session, *options); });
}

}  // namespace probatio::cli
