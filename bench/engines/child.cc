#include "engines/child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace probatio::bench {
namespace {

constexpr int kStopSecondsMax = 30;

// Between fork and exec: only calls that are safe there.
[[noreturn]] void Become(char* const* argv, int log, const passwd* user) {
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  setpgid(0, 0);  // a Ctrl-C is for us alone; we stop our servers in order
  if (user != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // after setuid, which clears it
  execv(argv[0], argv);
  _exit(127);
}

struct ProcessTimes {
  pid_t parent = 0;
  double seconds = 0;  // its own and those of its children that it waited for
};

std::map<pid_t, ProcessTimes> AllProcesses() {
  std::map<pid_t, ProcessTimes> all;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    std::ifstream in(entry.path() / "stat");
    std::string text;
    if (!std::getline(in, text) || text.find(')') == std::string::npos) continue;
    // proc(5): after the name in parentheses, field 3 is the state, 4 the parent, 14 to 17 the times.
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::vector<std::string> field;
    for (std::string word; fields >> word;) field.push_back(word);
    if (field.size() < 15) continue;
    double sum = 0;
    for (std::size_t i = 11; i <= 14; ++i) sum += std::stod(field[i]);
    all[static_cast<pid_t>(std::stol(text))] = {static_cast<pid_t>(std::stol(field[1])), sum / ticks};
  }
  return all;
}

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Result<std::unique_ptr<Child>> Child::Start(const std::vector<std::string>& argv, const std::string& log,
                                            const std::string& user) {
  if (access(argv[0].c_str(), X_OK) != 0) return NotFound("not installed: " + argv[0]);
  const passwd* const account = user.empty() || getuid() != 0 ? nullptr : getpwnam(user.c_str());
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0) return StorageError("cannot write " + log);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) Become(words.data(), output, account);
  close(output);
  if (pid < 0) return StorageError("fork failed");
  return std::unique_ptr<Child>(new Child(pid));
}

Child::~Child() {
  if (!ended_) Stop(SIGTERM);
}

bool Child::Alive() {
  if (ended_) return false;
  rusage used{};
  if (wait4(pid_, &status_, WNOHANG, &used) != pid_) return true;
  ended_ = true;
  final_cpu_ = SecondsOf(used.ru_utime) + SecondsOf(used.ru_stime);
  return false;
}

double Child::CpuSeconds() const {
  if (ended_) return final_cpu_;
  const std::map<pid_t, ProcessTimes> all = AllProcesses();
  const auto is_ours = [&](pid_t pid) {
    for (auto at = all.find(pid); at != all.end(); at = all.find(at->second.parent)) {
      if (at->first == pid_) return true;
    }
    return false;
  };
  double seconds = 0;
  for (const auto& [pid, times] : all) {
    if (is_ours(pid)) seconds += times.seconds;
  }
  return seconds;
}

int Child::Stop(int signal) {
  if (Alive()) kill(pid_, signal);
  for (int tenth = 0; tenth < kStopSecondsMax * 10 && Alive(); ++tenth) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  if (Alive()) kill(pid_, SIGKILL);
  return Wait();
}

int Child::Wait() {
  while (Alive()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return status_;
}

Result<std::string> OutputOf(const std::vector<std::string>& argv, const std::string& log) {
  std::filesystem::remove(log);
  const std::unique_ptr<Child> child = TRY(Child::Start(argv, log));
  const int status = child->Wait();
  std::ifstream in(log);
  std::string output((std::istreambuf_iterator<char>(in)), {});
  if (status == 0) return output;
  return StorageError(fmt::format("{} ended with {}: {}", argv[0], status, output.substr(0, 200)));
}

Result<std::uint16_t> FreePort(int socket_type) {
  const int descriptor = socket(AF_INET, socket_type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(descriptor);
  if (!bound) return StorageError("no free port on the loopback interface");
  return ntohs(address.sin_port);
}

}  // namespace probatio::bench
