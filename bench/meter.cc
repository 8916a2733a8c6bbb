#include "meter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

namespace probatio::bench {
namespace fs = std::filesystem;
namespace {

double SecondsOf(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Visit>
void ForEachFile(const std::string& folder, Visit visit) {
  std::error_code gone;  // servers make and remove files under our hands
  for (fs::recursive_directory_iterator at(folder, gone), end; !gone && at != end; at.increment(gone)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored)) visit(*at);
  }
}

std::string ModelOfProcessor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

}  // namespace

double WallSeconds() {
  return SecondsOf(CLOCK_MONOTONIC);
}
double ProcessCpuSeconds() {
  return SecondsOf(CLOCK_PROCESS_CPUTIME_ID);
}
double ThreadCpuSeconds() {
  return SecondsOf(CLOCK_THREAD_CPUTIME_ID);
}

LoadMeter::LoadMeter() : begin_cpu_(ProcessCpuSeconds()), begin_wall_(WallSeconds()) {}
LoadMeter::LoadMeter(std::function<double()> server_cpu_seconds)
    : server_cpu_(std::move(server_cpu_seconds)), begin_cpu_(server_cpu_()), begin_wall_(WallSeconds()) {}

double LoadMeter::Cpu() const {
  return server_cpu_ ? server_cpu_() - begin_cpu_ : ProcessCpuSeconds() - begin_cpu_ - fed_cpu_;
}

void LoadMeter::EndStage(const std::string& name) {
  const double cpu = Cpu();
  stages_[name] = cpu - stage_cpu_;
  stage_cpu_ = cpu;
}

LoadCost LoadMeter::Stop() {
  return {Cpu(), WallSeconds() - begin_wall_ - fed_wall_, stages_};
}

double Percentile(std::vector<double> values, double p) {
  CHECK(!values.empty());
  const auto rank = static_cast<std::size_t>(p * static_cast<double>(values.size()));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::min(rank, values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::uint64_t BytesUnder(const std::string& folder) {
  std::uint64_t bytes = 0;
  ForEachFile(folder, [&](const fs::directory_entry& file) {
    std::error_code gone;
    const std::uintmax_t size = file.file_size(gone);
    if (!gone) bytes += size;
  });
  return bytes;
}

bool DropCaches(const std::string& folder) {
  sync();
  std::ofstream drop("/proc/sys/vm/drop_caches");
  drop << "3\n" << std::flush;
  if (drop.good()) return true;
  ForEachFile(folder, [](const fs::directory_entry& file) {
    const int descriptor = open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    close(descriptor);
  });
  return false;
}

std::string MachineText() {
  utsname system{};
  uname(&system);
  struct sysinfo memory {};
  sysinfo(&memory);
  const double gib = static_cast<double>(memory.totalram) * memory.mem_unit / (1U << 30);
  return fmt::format("{}, {} cores, {:.0f} GiB, {} {}", ModelOfProcessor(),
                     std::thread::hardware_concurrency(), gib, system.sysname, system.release);
}

}  // namespace probatio::bench
