// probatio custody reseal: on the station, segments are sealed anew. Keys are in memory for this call only;
// what is written is sealed.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>

#include "cli/custody_commands.h"
#include "cli/files.h"
#include "cli/station_folder.h"
#include "cli/system_clock.h"
#include "crypto/system_random.h"
#include "custody/reseal.h"
#include "keep/reseal_build.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string request;
  std::string station;
  std::string passphrase_file;
  std::string out;
};

Result<std::vector<keep::ResealInput>> InputsOf(const custody::OpenedReseal& opened,
                                                const seal::ResealFile& file) {
  if (file.sources.size() != opened.sources.size())
    return Invalid("reseal: the file does not hold the parts of every segment that is named");
  std::vector<keep::ResealInput> inputs;
  for (std::size_t i = 0; i < opened.sources.size(); ++i) {
    const seal::SegmentInfo& info = opened.sources[i];
    inputs.push_back({&info, &opened.keys.at(info.id), file.sources[i]});
  }
  return inputs;
}

Result<keep::ResealOutput> SealAnew(const custody::OpenedReseal& opened,
                                    const std::vector<keep::ResealInput>& inputs,
                                    const std::string& spill_folder, Random& random) {
  const keep::ResealBuild build{random,
                                opened.reseal.run,
                                opened.reseal.padded,
                                [&](const Key& key, const SegmentId& segment) {
                                  return custody::WrapKey(key, opened.set, custody::SegmentContext(segment));
                                },
                                spill_folder,
                                &keep::SystemDisk(),
                                {}};
  switch (opened.reseal.kind) {
    case custody::ResealKind::kRebuild:
      return keep::RebuildSegments(build, inputs);
    case custody::ResealKind::kMerge:
      return keep::MergeSegments(build, inputs);
    case custody::ResealKind::kVerify:
      return keep::VerifySegments(inputs);
  }
  CHECK(false);
  return Invalid("unreachable");
}

Status Reseal(Session& session, const Options& options) {
  const Buffer bytes = TRY(ReadFile(options.request));
  const seal::ResealFile file = TRY_IN(options.request, seal::ParseResealFile(bytes));
  const Station station = TRY(ReadStation(options.station, options.passphrase_file));
  crypto::SystemRandom random;
  seal::Resealed resealed;
  std::vector<seal::ResealSignature> signatures;
  Buffer body;
  {
    const custody::OpenedReseal opened =
        TRY_IN(options.request,
               custody::OpenReseal(file.request, station.anchors, station.present, SystemClock().Now()));
    const std::vector<keep::ResealInput> inputs = TRY_IN(options.request, InputsOf(opened, file));
    keep::ResealOutput output = TRY_IN(options.request, SealAnew(opened, inputs, options.station, random));
    resealed.request = opened.digest;
    resealed.rows_read = output.rows_read;
    resealed.segments = std::move(output.segments);
    body = TRY(seal::ResealedBody(resealed));
    signatures = TRY(custody::SignResealed(crypto::Sha256(body), opened.set, station.present));
    session.out << fmt::format(
        "{}: read {} segment(s), {} rows; sealed {} new segment(s) for {} custodians\n",
        custody::ToText(opened.reseal.kind), inputs.size(), resealed.rows_read, resealed.segments.size(),
        opened.set.custodians.size());
  }  // the keys go
  const Buffer answer = TRY(seal::ResealedBytes(body, signatures));
  TRY(WriteFile(options.out, answer));
  session.out << "wrote " << options.out << ", signed by " << signatures.size()
              << " custodian(s): carry it back, `probatio window take`\n";
  return Done{};
}

}  // namespace

void AddCustodyReseal(CLI::App& custody, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* reseal = custody.add_subcommand(
      "reseal", "on the station: rebuild, merge or verify segments, as the server's request says");
  reseal->add_option("--request", options->request, "the file of window rebuild, merge or verify")
      ->required();
  reseal->add_option("--station", options->station, "the station's folder")->required();
  reseal->add_option("--passphrase-file", options->passphrase_file, "for keys without a .passphrase file");
  reseal->add_option("--out", options->out, "the answer file")->required();
  OnRun(reseal, session, [&session, options] { return Reseal(session, *options); });
}

}  // namespace probatio::cli
