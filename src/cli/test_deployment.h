// A small operator's deployment in a temporary folder, made by the commands that make real ones.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/session.h"

namespace probatio::cli {

class TestDeployment {
 public:
  explicit TestDeployment(const std::string& now = "2026-11-24T10:05:00Z") {
    folder_ = std::filesystem::temp_directory_path().string() + "/probatio-cli-XXXXXX";
    CHECK(::mkdtemp(folder_.data()) != nullptr);
    const std::string passphrase = folder_ + "/passphrase";
    CHECK(WriteFile(passphrase, AsBytes("a passphrase of a test"), Mode::kPrivate).ok());
    CHECK(RunCommand({"custody", "keygen", "custodian-1", "--name", "Custodian 1", "--out", folder_,
                      "--passphrase-file", passphrase, "--from", "2024-01-01T00:00:00Z"}) == 0);
    CHECK(RunCommand({"init", path(), "--provider", "Test operator", "--profile", "ecs_operator", "--origin",
                      "probatio.example/test", "--custodian", folder_ + "/custodian-1.crt", "--needed", "1",
                      "--demo", "--at", now}) == 0);
  }
  ~TestDeployment() { std::filesystem::remove_all(folder_); }
  TestDeployment(const TestDeployment&) = delete;
  TestDeployment& operator=(const TestDeployment&) = delete;

  std::string path() const { return folder_ + "/operator"; }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  std::unique_ptr<Deployment> Open() const { return Deployment::Open(path()).value(); }

  // `probatio --config FOLDER ...`; the exit code. What it says is in `said`.
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--config", path()});
    return RunCommand(arguments);
  }
  std::string said;

 private:
  int RunCommand(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    const int code = cli::Run(arguments, out, out);
    said = out.str();
    return code;
  }
  std::string folder_;
};

inline record::Record SessionEvent(record::NatEventKind kind, std::uint16_t port, Instant at) {
  record::NatEvent event;
  event.origin.at.at = at;
  event.event = kind;
  event.proto = 6;
  event.inside_ip = IpAddress::Parse("198.51.100.4").value();
  event.public_ip = IpAddress::Parse("203.0.113.9").value();
  event.public_port = port;
  return event;
}

}  // namespace probatio::cli
