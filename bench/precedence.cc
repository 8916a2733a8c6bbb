#include "precedence.h"

#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace probatio::bench {
namespace fs = std::filesystem;
namespace {

// proc(5): behind the name in parentheses come the state and the parent.
pid_t ParentOf(const fs::path& process) {
  std::ifstream in(process / "stat");
  std::string text;
  std::getline(in, text);
  const std::size_t name_end = text.rfind(')');
  return name_end == std::string::npos ? 0 : static_cast<pid_t>(std::stol(text.substr(name_end + 4)));
}

bool IsNumber(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

std::set<pid_t> OurProcesses() {
  std::map<pid_t, pid_t> parents;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename().string();
    if (IsNumber(name)) parents[static_cast<pid_t>(std::stol(name))] = ParentOf(entry.path());
  }
  std::set<pid_t> ours{getpid()};
  for (std::size_t before = 0; before != ours.size();) {
    before = ours.size();
    for (const auto& [process, parent] : parents) {
      if (ours.count(parent) > 0) ours.insert(process);
    }
  }
  return ours;
}

// Every thread there is; those that they start later take after them.
bool Schedule(int policy, int priority) {
  bool all = true;
  for (const pid_t process : OurProcesses()) {
    std::error_code gone;
    const std::string tasks = "/proc/" + std::to_string(process) + "/task";
    for (const auto& entry : fs::directory_iterator(tasks, gone)) {
      const sched_param how{priority};
      const auto task = static_cast<pid_t>(std::stol(entry.path().filename().string()));
      if (sched_setscheduler(task, policy, &how) != 0 && process == getpid()) all = false;
    }
  }
  return all;
}

}  // namespace

Precedence::Precedence(bool wanted)
    : taken_(wanted && Schedule(SCHED_RR, sched_get_priority_min(SCHED_RR))) {}
Precedence::~Precedence() {
  if (taken_) Schedule(SCHED_OTHER, 0);
}

}  // namespace probatio::bench
