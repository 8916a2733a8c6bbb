// How long it takes to verify a package of many rows, on one core: what a recipient waits for. Processor
// time: others may be at work on the machine.
#include <fmt/format.h>
#include <sys/resource.h>

#include <ctime>

#include "evidence/example_package.h"

namespace probatio::evidence {
namespace {

constexpr std::size_t kRows[] = {100, 1'000, 10'000};

Buffer PackageOf(std::size_t rows) {
  order::Scope scope = ExampleScope();
  scope.lines[0].subject = {order::SubjectKind::kAccount, "u-48213", std::nullopt};
  ExampleCase example(scope);
  std::vector<record::Activity> logins;
  for (std::size_t i = 0; i < rows; ++i) {
    record::Activity login = seal::MessageSent("u-48213", "m-1");
    login.event = record::ActivityKind::kLogin;
    login.message.reset();
    login.origin.at.at = At("2024-10-21T07:00:00Z") + static_cast<std::int64_t>(i) * kNsPerSecond;
    login.source_port = static_cast<std::uint16_t>(1024 + i);
    logins.push_back(login);
  }
  example.activities = SealActivities(logins);
  example.disclosure.answers[0].candidates = {{"u-48213", example.Supports("u-48213", "m-1"), {}}};
  example.Enter();
  return example.Build().value();
}

long PeakMemoryMiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void Measure(std::size_t rows) {
  const Buffer package = PackageOf(rows);
  const std::clock_t begin = std::clock();
  const Result<Verification> verification = VerifyPackage(package, TrustInTheHouse());
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(verification.ok());
  if (!verification.value().valid) fmt::print("{}", Failures(verification));
  CHECK(verification.value().valid && verification.value().rows.size() >= rows);
  fmt::print("{:>8} {:>10.1f} {:>10.3f} {:>12.1f} {:>10}\n", rows,
             static_cast<double>(package.size()) / (1 << 20), seconds,
             1e6 * seconds / static_cast<double>(rows), PeakMemoryMiB());
}

}  // namespace
}  // namespace probatio::evidence

int main() {
  fmt::print("{:>8} {:>10} {:>10} {:>12} {:>10}\n", "rows", "MiB", "CPU s", "us/row", "peak MiB");
  for (const std::size_t rows : probatio::evidence::kRows) probatio::evidence::Measure(rows);
  return 0;
}
