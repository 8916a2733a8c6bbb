// The deployment's box, which can be given back while a command waits for people and be opened again in the
// same place: whoever refers to it need not know. While it is given back every call is kStorage. For one
// thread.
#pragma once

#include <memory>
#include <string>

#include "seal/box.h"

namespace probatio::cli {

class LentBox : public seal::Box {
 public:
  explicit LentBox(std::string path) : path_(std::move(path)) {}
  Status Open();  // kStorage, as the engine says
  void GiveBack() { inner_.reset(); }

  Status Write(std::span<const seal::BoxEntry> entries) override;
  Status Stage(std::vector<seal::BoxEntry> entries) override;
  Status Settle() override;
  Result<std::optional<Buffer>> Read(const std::string& key) const override;
  void Announce(std::span<const std::string> keys) const override;
  Status Erase(std::span<const std::string> keys) override;
  Status EraseAll(const std::string& prefix) override;
  Result<std::vector<std::string>> List(const std::string& prefix) const override;

 private:
  Result<seal::Box*> Inner() const;

  std::string path_;
  std::unique_ptr<seal::Box> inner_;
};

}  // namespace probatio::cli
