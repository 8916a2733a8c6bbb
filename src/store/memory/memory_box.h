// A box in memory: for tests and demonstrations. It can also be made to lie and to fail, the way a real box
// may, so that every reader's test can show that the lie is found out. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "seal/box.h"

namespace probatio::store {

class MemoryBox : public seal::Box {
 public:
  Status Write(std::span<const seal::BoxEntry> entries) override;
  Status Stage(std::vector<seal::BoxEntry> entries) override;
  Status Settle() override;
  Result<std::optional<Buffer>> Read(const std::string& key) const override;
  Status Erase(std::span<const std::string> keys) override;
  Status EraseAll(const std::string& prefix) override;
  Result<std::vector<std::string>> List(const std::string& prefix) const override;

  // Faults. A hidden key is neither read nor listed until it is shown again; what lies under it stays.
  void Hide(const std::string& key);
  void Show(const std::string& key);
  // Puts other bytes under a key, past all limits, as a thief or a bad disk would.
  void Replace(const std::string& key, Buffer value);
  // The next `count` calls that change something succeed; from then on they fail with kStorage and change
  // nothing but that what was staged is dropped.
  void FailWritesAfter(std::size_t count);

 private:
  Status TakeWrite();  // kStorage when the allowance is used up; mutex_ is held

  mutable std::mutex mutex_;
  std::map<std::string, Buffer> values_;
  std::vector<seal::BoxEntry> staged_;
  std::set<std::string> hidden_;
  std::optional<std::size_t> writes_left_;
};

}  // namespace probatio::store
