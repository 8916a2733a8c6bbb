#include "cli/hangup.h"

#include <csignal>

namespace probatio::cli {
namespace {

volatile sig_atomic_t hangup_came = 0;
struct sigaction before_hangup;

void OnHangup(int /*number*/) {
  hangup_came = 1;
}

}  // namespace

Hangup::Hangup() {
  hangup_came = 0;
  struct sigaction action {};
  action.sa_handler = OnHangup;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGHUP, &action, &before_hangup);
}

Hangup::~Hangup() {
  ::sigaction(SIGHUP, &before_hangup, nullptr);
}

bool Hangup::TakeCame() {
  const bool came = hangup_came != 0;
  hangup_came = 0;
  return came;
}

}  // namespace probatio::cli
