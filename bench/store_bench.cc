// Our store beside its peers, on the same rows in the same run: rate, size, look-ups, ratios, and the
// physical limit beside them. `./dev bench store` runs it; docs/performance.md explains the figures.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "report.h"

namespace probatio::bench {
namespace {

using Make = std::function<Result<std::unique_ptr<Engine>>(const std::string&)>;
const std::map<std::string, Make> kPeers{{"sqlite", MakeSqlite},
                                         {"clickhouse", MakeClickhouse},
                                         {"postgresql", MakePostgresql},
                                         {"nfdump", MakeNfdump}};

struct Options {
  TraceOptions trace;
  std::vector<std::string> peers{"sqlite", "clickhouse", "postgresql", "nfdump"};
  std::string json;
  std::string work;
  std::size_t look_ups = 1000;
  Conditions conditions;
  bool ahead_of_others = false;
};

Result<Figures> MeasureIn(const std::string& folder, const Make& make, const Trace& trace,
                          const Questions& questions, const Counts& counts) {
  std::filesystem::create_directories(folder);
  const std::unique_ptr<Engine> engine = TRY(make(folder));
  return Measure(*engine, trace, questions, counts, folder);
}

// A peer that fails is a line of the report. Its files go before the next one comes.
void MeasurePeer(const std::string& name, const std::string& folder, const Trace& trace,
                 const Questions& questions, const Counts& counts, Run* run) {
  const auto make = kPeers.find(name);
  Result<Figures> figures = make == kPeers.end() ? Result<Figures>(NotFound("no such peer"))
                                                 : MeasureIn(folder, make->second, trace, questions, counts);
  std::filesystem::remove_all(folder);
  if (figures.ok()) {
    run->peers[name] = std::move(figures).value();
  } else {
    run->absent[name] = figures.error().what();
  }
}

Status RunAll(const Options& options) {
  const Trace trace(options.trace);
  Counts counts(options.look_ups);
  counts.ahead_of_others = options.ahead_of_others;
  const Questions questions = DrawQuestions(trace, counts.warm_up + counts.warm, counts.miss);
  Run run;
  run.options = options.trace;
  run.addresses = trace.addresses();
  run.hours = static_cast<double>(trace.period().end - trace.period().begin) / kNsPerHour;
  run.rows_per_address_second = trace.RowsPerAddressSecond();
  run.bound = BoundOf(trace);
  const auto ours = [&](const std::string& folder) { return MakeProbatio(folder, options.conditions); };
  run.ours = TRY_IN("probatio", MeasureIn(options.work + "/probatio", ours, trace, questions, counts));
  std::filesystem::remove_all(options.work + "/probatio");
  for (const std::string& peer : options.peers) {
    if (peer != "none") MeasurePeer(peer, options.work + "/" + peer, trace, questions, counts, &run);
  }
  fmt::print("{}", ToText(run));
  if (options.json.empty()) return Done{};
  std::ofstream file(options.json);
  file << ToJson(run) << std::flush;
  if (!file.good()) return StorageError(options.json + ": cannot be written");
  return Done{};
}

// The one folder in which everything is written, and which goes with this object.
class WorkFolder {
 public:
  explicit WorkFolder(const std::string& where) {
    std::filesystem::create_directories(where);
    path_ = where + "/probatio-bench-XXXXXX";
    CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~WorkFolder() { std::filesystem::remove_all(path_); }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace
}  // namespace probatio::bench

int main(int argc, char** argv) {
  using namespace probatio;
  using namespace probatio::bench;
  Options options;
  std::string where = "/var/tmp";
  const std::map<std::string, Mode> modes{{"session", Mode::kSession}, {"block", Mode::kBlock}};
  const std::map<std::string, std::int64_t> resolutions{{"ms", 1}, {"s", 1000}};
  CLI::App app{"our store and its peers on one trace"};
  app.add_option("--rows", options.trace.rows, "sessions, or blocks")->check(CLI::PositiveNumber);
  app.add_option("--seed", options.trace.seed, "of the trace");
  app.add_option("--mode", options.trace.mode)->transform(CLI::CheckedTransformer(modes));
  app.add_option("--resolution", options.trace.resolution_ms)
      ->transform(CLI::CheckedTransformer(resolutions));
  app.add_option("--peers", options.peers, "sqlite,clickhouse,postgresql,nfdump, or none")->delimiter(',');
  app.add_option("--look-ups", options.look_ups, "warm ones; half as many misses, a 25th as many cold ones");
  app.add_flag("--ahead-of-others", options.ahead_of_others,
               "time look-ups at real-time priority, ours and the peers', on a machine that others use too");
  app.add_option("--rows-in-memory", options.conditions.rows_in_memory, "ours: NAT rows before they spill");
  app.add_option("--rows-per-run", options.conditions.rows_per_run,
                 "ours: closes the run after so many rows; a window then lies in several segments");
  app.add_option("--json", options.json, "write the figures to this file");
  app.add_option("--work", where, "a folder on the disk to be measured");
  CLI11_PARSE(app, argc, argv);
  const WorkFolder work(where);
  options.work = work.path();
  const Status status = RunAll(options);
  if (status.ok()) return 0;
  fmt::print(stderr, "store_bench: {}\n", status.error().what());
  return 1;
}
