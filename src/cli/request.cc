// probatio request PACKAGE: the (address, port, instant) rows of a verified package as the subjects of the
// next order, machine to machine: nobody retypes an address, a port or a time zone.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/keys.h"
#include "cli/system_clock.h"
#include "evidence/verify.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string package;
  std::string trust;
};

Status Request(Session& session, const Options& options) {
  const Buffer file = TRY(ReadFile(options.package, evidence::kContainerBytesMax));
  evidence::Trust trust;
  trust.now = SystemClock().Now();
  trust.anchors = TRY(ReadCertificates(options.trust));
  const evidence::Verification verification = TRY_IN(options.package, evidence::VerifyPackage(file, trust));
  if (!verification.valid) {
    return CryptoError(options.package +
                       ": does not verify, so nothing is taken from it: " + verification.failures.front());
  }
  nlohmann::json subjects = nlohmann::json::array();
  for (const evidence::VerifiedTuple& verified : verification.tuples) {
    const order::Tuple& tuple = verified.tuple;
    subjects.push_back({{"row", verified.row},
                        {"tuple",
                         {{"ip", tuple.ip.ToText()},
                          {"port", tuple.port},
                          {"proto", record::ProtocolName(tuple.proto)},
                          {"at", tuple.at.ToRfc3339()},
                          {"error_s", (tuple.error_ns + kNsPerSecond - 1) / kNsPerSecond}}}});
  }
  const nlohmann::json request = {
      {"from_order", verification.order}, {"provider", verification.provider}, {"subjects", subjects}};
  session.out << request.dump(2) << "\n";
  return Done{};
}

}  // namespace

void AddRequest(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("request", "the connections of a verified package, as subjects of the next order");
  auto options = std::make_shared<Options>();
  command->add_option("PACKAGE", options->package, "the package (.asice)")->required();
  command->add_option("--trust", options->trust, "PEM file with the certificates you trust")->required();
  OnRun(command, session, [&session, options] { return Request(session, *options); });
}

}  // namespace probatio::cli
