#include "cli/interrupt.h"

#include <signal.h>

#include <array>

namespace probatio::cli {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM};

volatile sig_atomic_t came_at_all = 0;
std::array<struct sigaction, kSignals.size()> before;

// The second one ends the process at once: who insists does not wait for the sealing.
void OnSignal(int /*number*/) {
  came_at_all = 1;
}

}  // namespace

Interrupt::Interrupt() {
  came_at_all = 0;
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals.at(i), &action, &before.at(i));
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals.at(i), &before.at(i), nullptr);
}

bool Interrupt::came() const {
  return came_at_all != 0;
}

}  // namespace probatio::cli
