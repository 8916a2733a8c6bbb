#include "cli/lent_box.h"

#include "store/rocksdb/rocks_box.h"

namespace probatio::cli {

Status LentBox::Open() {
  inner_ = TRY(store::RocksBox::Open(path_, store::Access::kReadWrite));
  return Done{};
}

Result<seal::Box*> LentBox::Inner() const {
  if (inner_ == nullptr) return StorageError(path_ + ": given back while somebody is waited for");
  return inner_.get();
}

Status LentBox::Write(std::span<const seal::BoxEntry> entries) {
  seal::Box* const box = TRY(Inner());
  return box->Write(entries);
}

Status LentBox::Stage(std::vector<seal::BoxEntry> entries) {
  seal::Box* const box = TRY(Inner());
  return box->Stage(std::move(entries));
}

Status LentBox::Settle() {
  seal::Box* const box = TRY(Inner());
  return box->Settle();
}

Result<std::optional<Buffer>> LentBox::Read(const std::string& key) const {
  const seal::Box* const box = TRY(Inner());
  return box->Read(key);
}

void LentBox::Announce(std::span<const std::string> keys) const {
  if (inner_ != nullptr) inner_->Announce(keys);
}

Status LentBox::Erase(std::span<const std::string> keys) {
  seal::Box* const box = TRY(Inner());
  return box->Erase(keys);
}

Status LentBox::EraseAll(const std::string& prefix) {
  seal::Box* const box = TRY(Inner());
  return box->EraseAll(prefix);
}

Result<std::vector<std::string>> LentBox::List(const std::string& prefix) const {
  const seal::Box* const box = TRY(Inner());
  return box->List(prefix);
}

}  // namespace probatio::cli
