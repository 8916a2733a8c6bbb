// A small world for the tests of this folder: a box, a ledger and journals that survive a restart, with one
// counter over all their writes, so that a test can cut the power before or after any of them, or fill the
// disk at any of them.
#pragma once

#include <map>
#include <set>

#include "crypto/system_random.h"
#include "keep/recovery.h"
#include "keep/run.h"
#include "keep/test_rules.h"
#include "ledger/memory_storage.h"

namespace probatio::keep {

enum class FaultKind {
  kNone,
  kCrashBefore,  // the n-th write and all after it do not happen
  kCrashAfter,   // the n-th write happens, but nobody hears of it, and nothing after it happens
  kOnce,         // the n-th write alone fails: a disk that was full for a moment
};

struct Fault {
  FaultKind kind = FaultKind::kNone;
  int at = 0;
  int writes = 0;

  int read_fails_at = -1;  // counted apart from the writes; no state of the world changes
  mutable int reads = 0;

  // Every read of a store in this world goes through here: the error is of whoever failed.
  Status Read(const std::string& file) const {
    if (reads++ != read_fails_at) return Done{};
    return StorageError("test: " + file + ": input/output error");
  }
  bool dead() const { return kind != FaultKind::kNone && kind != FaultKind::kOnce && writes > at; }
  // Runs the write or not; an error when the caller must not hear of a success.
  template <class Write>
  Status Do(Write write) {
    const int number = writes++;
    const bool applied = kind == FaultKind::kNone ||
                         (kind == FaultKind::kOnce ? number != at : number < at) ||
                         (kind == FaultKind::kCrashAfter && number == at);
    if (applied) TRY(write());
    if (applied && !(kind == FaultKind::kCrashAfter && number >= at)) return Done{};
    return StorageError("test: no space left");
  }
};

class TestBox : public seal::Box {
 public:
  explicit TestBox(Fault& fault) : fault_(fault) {}
  Status Write(std::span<const seal::BoxEntry> added) override {
    return fault_.Do([&]() -> Status {
      for (const seal::BoxEntry& entry : added) entries[entry.key] = entry.value;
      if (keep_history) history.insert(history.end(), added.begin(), added.end());
      return Done{};
    });
  }
  // Nothing reaches the disk before it is settled.
  Status Stage(std::vector<seal::BoxEntry> added) override {
    std::move(added.begin(), added.end(), std::back_inserter(staged_));
    return Done{};
  }
  Status Settle() override {
    const std::vector<seal::BoxEntry> settled = std::exchange(staged_, {});
    return Write(settled);
  }
  Result<std::optional<Buffer>> Read(const std::string& key) const override {
    TRY(fault_.Read("box"));
    const auto found = entries.find(key);
    if (found == entries.end()) return std::optional<Buffer>();
    return std::optional<Buffer>(found->second);
  }
  Status Erase(std::span<const std::string> keys) override {
    return fault_.Do([&]() -> Status {
      for (const std::string& key : keys) entries.erase(key);
      return Done{};
    });
  }
  Status EraseAll(const std::string& prefix) override {
    return fault_.Do([&]() -> Status {
      std::erase_if(entries, [&](const auto& entry) { return entry.first.starts_with(prefix); });
      return Done{};
    });
  }
  Result<std::vector<std::string>> List(const std::string& prefix) const override {
    TRY(fault_.Read("box"));
    std::vector<std::string> keys;
    for (const auto& [key, value] : entries) {
      if (key.starts_with(prefix)) keys.push_back(key);
    }
    return keys;
  }

  std::map<std::string, Buffer> entries;
  bool keep_history = false;
  std::vector<seal::BoxEntry> history;  // everything that ever lay here: what old copies of a box hold

 private:
  std::vector<seal::BoxEntry> staged_;
  Fault& fault_;
};

class TestLedgerStorage : public ledger::MemoryStorage {
 public:
  explicit TestLedgerStorage(Fault& fault) : fault_(fault) {}
  Result<ledger::Head> ReadHead() const override {
    if (fault_.dead()) return StorageError("test: the process is dead");
    TRY(fault_.Read("ledger"));
    return MemoryStorage::ReadHead();
  }
  Result<std::vector<std::string>> Read(std::uint64_t first, std::uint64_t count) const override {
    TRY(fault_.Read("ledger"));
    return MemoryStorage::Read(first, count);
  }
  Status Append(const ledger::Head& expected, std::span<const std::string> added,
                const ledger::Head& next) override {
    return fault_.Do([&] { return MemoryStorage::Append(expected, added, next); });
  }

 private:
  Fault& fault_;
};

class TestJournals : public Journals {
 public:
  explicit TestJournals(Fault& fault) : fault_(fault) {}
  Result<std::unique_ptr<JournalFile>> Create(const std::string& run) override {
    TRY(fault_.Do([&]() -> Status {
      if (!files.emplace(run, std::vector<Buffer>()).second) return StorageError("test: exists");
      return Done{};
    }));
    alive.insert(run);
    return std::unique_ptr<JournalFile>(new File(run, *this));
  }
  Result<bool> IsAlive(const std::string& run) const override { return alive.count(run) > 0; }
  Result<std::vector<std::string>> List() const override {
    TRY(fault_.Read("journal"));
    std::vector<std::string> runs;
    for (const auto& [run, batches] : files) runs.push_back(run);
    return runs;
  }
  Result<std::vector<Buffer>> Read(const std::string& run) const override {
    TRY(fault_.Read("journal"));
    const auto found = files.find(run);
    if (found == files.end()) return NotFound("test: no such file");
    return found->second;
  }
  Status Remove(const std::string& run) override {
    return fault_.Do([&]() -> Status {
      files.erase(run);
      return Done{};
    });
  }

  std::map<std::string, std::vector<Buffer>> files;
  std::set<std::string> alive;  // runs whose file somebody still has

 private:
  class File : public JournalFile {
   public:
    File(std::string run, TestJournals& journals) : run_(std::move(run)), journals_(journals) {}
    ~File() override { journals_.alive.erase(run_); }
    Status Append(std::span<const JournalBatch> added) override {
      if (added.empty()) return Done{};
      return journals_.fault_.Do([&]() -> Status {
        for (const JournalBatch& batch : added) journals_.files[run_].push_back(ToBuffer(batch.bytes));
        return Done{};
      });
    }

   private:
    std::string run_;
    TestJournals& journals_;
  };
  Fault& fault_;
};

// Keeps events for 365 days and subjects for ever, but for those whose end is stated.
class TestRetention : public resolve::Retention {
 public:
  Instant OldestKept(seal::Stream stream, Instant now) const override {
    return seal::IsSubjectStream(stream) ? Instant() : now - 365 * kNsPerDay;
  }
  bool Kept(std::span<const seal::ProvenRow>, const seal::ProvenRow& row, Instant) const override {
    const auto* identity = std::get_if<record::Identity>(&row.record);
    return identity == nullptr || !identity->contract_end;
  }
};

inline record::Record Login(const std::string& account, Instant at, const std::string& message = "") {
  record::Activity activity;
  activity.origin.at.at = at;
  activity.origin.exporter = "front-1";
  activity.event = message.empty() ? record::ActivityKind::kLogin : record::ActivityKind::kMessageSent;
  activity.proto = 6;
  activity.source_ip = IpAddress::Parse("192.0.2.7").value();
  activity.source_port = 50'123;
  activity.account = account;
  if (!message.empty()) activity.message = message;
  return activity;
}

inline record::Record Session(std::uint16_t port, Instant at) {
  record::NatEvent event;
  event.origin.at.at = at;
  event.event = record::NatEventKind::kNat44SessionCreate;
  event.proto = 6;
  event.inside_ip = IpAddress::Parse("198.51.100.4").value();
  event.public_ip = IpAddress::Parse("203.0.113.9").value();
  event.public_port = port;
  return event;
}

inline record::Record Person(const std::string& holder, Instant at) {
  record::Identity identity;
  identity.origin.at.at = at;
  identity.holder = holder;
  identity.surname = "Exemple";
  return identity;
}

// What lies on disks, and the keys that custodians would hold.
struct TestWorld {
  Fault fault;
  TestBox box{fault};
  TestLedgerStorage storage{fault};
  TestJournals journals{fault};
  std::map<SegmentId, Key> window_keys;
  std::map<seal::SubjectHandle, Key> subject_keys;
  FixedClock clock{At("2026-11-24T10:05:00Z")};
  crypto::SeededRandom random{7};
  TestRetention retention;

  ledger::Ledger OpenLedger() {
    return ledger::Ledger::Open(storage, "probatio.example/test", crypto::PrivateKey::GenerateEd25519())
        .value();
  }
  WrapSegmentKey WrapSegments() {
    return [this](const Key& key, const SegmentId& segment) -> Result<Buffer> {
      window_keys[segment] = key.Clone();
      const Buffer wrapped(64, static_cast<std::uint8_t>(window_keys.size()));
      return wrapped;
    };
  }
  Subjects MakeSubjects() {
    const auto wrap = [this](const Key& key, seal::Stream, const seal::SubjectHandle& handle,
                             std::string_view) -> Result<Buffer> {
      subject_keys[handle] = key.Clone();
      return Buffer(64, 1);
    };
    return Subjects(box, Key(Buffer(32, 9)), wrap, random);
  }
  Run::Parts Parts(ledger::Ledger& ledger, Subjects& subjects) {
    return {box, ledger, journals, subjects, retention, clock, random, WrapSegments()};
  }
  // After a restart nothing fails any more.
  void Restart() { fault = Fault{}; }
};

}  // namespace probatio::keep
