// probatio quarantine retry: what could not be read, once more, after its decoder was mended. What reads now
// is imported and leaves the quarantine; the rest stays where it is.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <tuple>

#include "cli/import_runs.h"
#include "cli/input_formats.h"
#include "cli/input_options.h"
#include "cli/mapped_input.h"
#include "cli/put_aside.h"
#include "cli/quarantine_commands.h"
#include "decode/time/correct_records.h"

namespace probatio::cli {
namespace {

struct Options {
  InputOptions input;  // its format goes before that of the item
  std::string which;
};

// Items of one source share a decoder, which is given the header of their file first.
class Decoders {
 public:
  explicit Decoders(InputKind kind) : kind_(std::move(kind)) {}

  // Its records; none when it still cannot be read, or says nothing.
  Result<std::vector<record::Record>> Read(const keep::QuarantineItem& item) {
    std::vector<record::Record> records;
    if (item.content.size() < item.whole_bytes) return records;  // only its beginning was kept
    const decode::FileDecoder::Parts* const parts = TRY(PartsFor(item));
    Status read = parts->decoder->Decode({item.content, {}, {}, 0}, &records);
    if (read.ok() && parts->corrected_by) read = decode::CorrectRecords(*parts->corrected_by, records);
    if (!read.ok()) records.clear();
    return records;
  }

 private:
  Result<const decode::FileDecoder::Parts*> PartsFor(const keep::QuarantineItem& item) {
    const auto key = std::tuple(item.format, item.source, item.exporter, item.header);
    const auto known = parts_.find(key);
    if (known != parts_.end()) return &known->second;
    InputKind kind = kind_;
    if (kind.format.empty()) kind.format = item.format;
    if (kind.exporter.empty()) kind.exporter = item.exporter;
    decode::FileDecoder::Parts parts = TRY(IsMapped(kind) ? MappedParts(kind) : PlainParts(kind, false));
    std::vector<record::Record> none;
    if (!item.header.empty()) (void)parts.decoder->Decode({item.header, {}, {}, 0}, &none);
    return &parts_.emplace(key, std::move(parts)).first->second;
  }

  InputKind kind_;
  std::map<std::tuple<std::string, std::string, std::string, Buffer>, decode::FileDecoder::Parts> parts_;
};

struct Retried {
  std::vector<std::string> read;  // items
  std::uint64_t records = 0;
  std::uint64_t left = 0;
};

Status AppendAll(ImportRuns& runs, std::span<const record::Record> records) {
  while (!records.empty()) {
    std::size_t taken = 0;
    TRY(runs.Append(records, &taken));
    records = records.subspan(taken);
  }
  return Done{};
}

// What is sealed leaves the quarantine after that: a crash in between leaves items that read twice, and none
// that is lost.
Status Finish(Deployment& deployment, ImportRuns& runs, keep::QuarantineShelf& shelf,
              const Retried& retried) {
  TRY(runs.Close(0));
  TRY(deployment.ledger().Append({"quarantine_retried",
                                  deployment.clock().Now(),
                                  {{"read", std::to_string(retried.read.size())},
                                   {"records", std::to_string(retried.records)},
                                   {"left", std::to_string(retried.left)}}}));
  return shelf.Drop(retried.read);
}

void PrintRetried(Session& session, const Retried& retried) {
  if (session.json) {
    const nlohmann::json result = {
        {"read", retried.read.size()}, {"records", retried.records}, {"left", retried.left}};
    session.out << result.dump(2) << "\n";
    return;
  }
  session.out << fmt::format("{} items are read now and their {} records sealed; {} stay in the quarantine\n",
                             retried.read.size(), retried.records, retried.left);
}

Status Retry(Session& session, const Options& options) {
  InputKind kind = TRY(ReadInputOptions(options.input));
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  keep::QuarantineShelf shelf(QuarantineOf(*deployment));
  ImportRuns runs(*deployment);
  Decoders decoders(std::move(kind));
  Retried retried;
  std::vector<record::Record> waiting;
  std::vector<std::string> unreadable;
  const auto retry = [&](const keep::QuarantineShelf::Shown& shown) -> Status {
    if (options.which != "all" && options.which != shown.id) return Done{};
    const std::vector<record::Record> records = TRY_IN(shown.id, decoders.Read(shown.item));
    if (records.empty()) {
      ++retried.left;
      return Done{};
    }
    retried.read.push_back(shown.id);
    retried.records += records.size();
    waiting.insert(waiting.end(), records.begin(), records.end());
    if (waiting.size() < keep::kBatchRecordsMax) return Done{};
    TRY(AppendAll(runs, waiting));
    waiting.clear();
    return Done{};
  };
  TRY(shelf.ForEach(retry, &unreadable));
  TRY(AppendAll(runs, waiting));
  for (const std::string& reason : unreadable) session.err << "probatio: " << reason << "\n";
  if (retried.read.empty() && retried.left == 0 && options.which != "all")
    return NotFound("quarantine: no item " + options.which);
  TRY(Finish(*deployment, runs, shelf, retried));
  PrintRetried(session, retried);
  if (retried.left != 0) return Invalid("some of it still cannot be read");
  return Done{};
}

}  // namespace

void AddQuarantineRetry(CLI::App* quarantine, Session& session) {
  CLI::App* command = quarantine->add_subcommand("retry", "read it once more, and import what reads now");
  auto options = std::make_shared<Options>();
  AddInputOptions(command, &options->input);
  command->get_option("--format")->required(false);
  command->add_option("ID", options->which, "as the list names it, or all")->required();
  OnRun(command, session, [&session, options] { return Retry(session, *options); });
}

}  // namespace probatio::cli
