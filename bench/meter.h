// Clocks, processor time, latencies, bytes of files, and the machine they were measured on.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace probatio::bench {

double WallSeconds();
double ProcessCpuSeconds();  // of all threads of this process
double ThreadCpuSeconds();

struct LoadCost {
  double cpu_seconds = 0;
  double wall_seconds = 0;
  std::map<std::string, double> stage_cpu_seconds;
};

// Measures a load. The caller wraps the making of rows in Feeding, which is then not the engine's cost;
// background threads of the engine count even while rows are made.
class LoadMeter {
 public:
  // Of an engine inside this process, or else of the server whose processor time this tells.
  LoadMeter();
  explicit LoadMeter(std::function<double()> server_cpu_seconds);

  template <class Make>
  auto Feeding(Make make) {
    const double cpu = ThreadCpuSeconds();
    const double wall = WallSeconds();
    const auto made = make();
    fed_cpu_ += ThreadCpuSeconds() - cpu;
    fed_wall_ += WallSeconds() - wall;
    return made;
  }
  // Ends a stage and names it; the next one begins.
  void EndStage(const std::string& name);
  LoadCost Stop();

 private:
  double Cpu() const;

  std::function<double()> server_cpu_;
  double begin_cpu_ = 0;
  double begin_wall_ = 0;
  double stage_cpu_ = 0;
  double fed_cpu_ = 0;
  double fed_wall_ = 0;
  std::map<std::string, double> stages_;
};

// CHECKs that there are any; p in [0, 1].
double Percentile(std::vector<double> values, double p);

std::uint64_t BytesUnder(const std::string& folder);
// True when the kernel's whole cache was dropped; else only what lies under the folder was given up.
bool DropCaches(const std::string& folder);

std::string MachineText();

}  // namespace probatio::bench
