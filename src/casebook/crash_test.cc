// Power cuts, played with processes that are killed: what was acknowledged is there, and nothing is there by
// halves.
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <thread>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

// Kills its own process when it is asked for randomness for the n-th time.
class DeadlyRandom : public Random {
 public:
  explicit DeadlyRandom(int calls_left) : calls_left_(calls_left) {}
  void Fill(std::span<std::uint8_t> out) override {
    if (calls_left_-- == 0) ::raise(SIGKILL);
    system_.Fill(out);
  }

 private:
  crypto::SystemRandom system_;
  int calls_left_;
};

class CrashTest : public CasebookTest {
 protected:
  // Runs `work` in a process of its own; true when it was killed, false when it came to its end.
  static bool Killed(const std::function<bool()>& work) {
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) ::_exit(work() ? 0 : 1);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    if (!WIFSIGNALED(status)) CHECK(WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
  }

  void ExpectWhole(std::uint64_t acknowledged) {
    const auto casebook = Reopen();
    const ledger::Ledger ledger = LedgerOf(*casebook);
    EXPECT_GE(ledger.size(), acknowledged);
    const Status agreed = casebook->CheckAgainst(ledger);
    EXPECT_TRUE(agreed.ok()) << agreed.error().what();
    std::uint64_t events = 0;
    const auto orders = casebook->ListOrders().value();
    for (const OrderId& id : orders) events += casebook->EventsOf(id).value().size();
    EXPECT_EQ(events, ledger.size());
  }
};

// A salt, then a seal for the event and one for its salt are drawn; the last two inside the transaction, when
// the ledger's entry has been written and not committed.
TEST_F(CrashTest, KilledBetweenEntryAndEventLeavesNeither) {
  {
    const auto casebook = Create();
    ledger::Ledger ledger = LedgerOf(*casebook);
    ASSERT_TRUE(casebook->AddOrder(ExampleOrder(), Received(), ledger).ok());
  }
  for (int calls = 0; calls < 3; ++calls) {
    const bool killed = Killed([&] {
      DeadlyRandom random(calls);
      const auto casebook = Casebook::Open(path_, OpenMode::kExisting, deployment_key_, random);
      if (!casebook.ok()) return false;
      ledger::Ledger ledger = LedgerOf(*casebook.value());
      return casebook.value()->RecordEvent(ExampleOrderId(), Confirmed(), ledger).ok();
    });
    EXPECT_TRUE(killed) << calls;
    const auto casebook = Reopen();
    EXPECT_EQ(LedgerOf(*casebook).size(), 1U) << calls;
    EXPECT_EQ(casebook->EventsOf(ExampleOrderId()).value().size(), 1U) << calls;
  }
  const bool killed = Killed([&] {
    DeadlyRandom random(3);
    const auto casebook = Casebook::Open(path_, OpenMode::kExisting, deployment_key_, random);
    if (!casebook.ok()) return false;
    ledger::Ledger ledger = LedgerOf(*casebook.value());
    return casebook.value()->RecordEvent(ExampleOrderId(), Confirmed(), ledger).ok();
  });
  EXPECT_FALSE(killed) << "no more randomness is drawn than this test counts on";
  ExpectWhole(2);
}

TEST_F(CrashTest, WhatWasAcknowledgedSurvivesAKillAtAnyMoment) {
  Create();
  int next_order = 0;
  std::uint64_t acknowledged_entries = 0;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      auto casebook = Casebook::Open(path_, OpenMode::kExisting, deployment_key_, random_);
      if (!casebook.ok()) ::_exit(1);
      ledger::Ledger ledger = LedgerOf(*casebook.value());
      for (int number = next_order;; ++number) {
        if (!casebook.value()->AddOrder(ExampleOrder(number), Received(), ledger).ok()) ::_exit(1);
        if (!casebook.value()->RecordEvent(ExampleOrderId(number), Confirmed(), ledger).ok()) ::_exit(1);
        if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(1);
      }
    }
    ::close(ends[1]);
    int number = -1;
    ASSERT_EQ(::read(ends[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
    std::array<std::uint8_t, 1> chance{};
    random_.Fill(chance);
    std::this_thread::sleep_for(std::chrono::milliseconds(chance[0] % 40));
    ::kill(child, SIGKILL);
    while (::read(ends[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number)) {
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));

    const auto casebook = Reopen();
    for (int acknowledged = next_order; acknowledged <= number; ++acknowledged) {
      EXPECT_EQ(casebook->EventsOf(ExampleOrderId(acknowledged)).value().size(), 2U) << acknowledged;
    }
    acknowledged_entries += 2 * static_cast<std::uint64_t>(number - next_order + 1);
    ExpectWhole(acknowledged_entries);
    next_order = number + 1000;  // beyond what the dead process may have left unacknowledged
  }
}

}  // namespace
}  // namespace probatio::casebook
