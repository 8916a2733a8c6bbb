// Opening the casebook: the file, its schema, and the proof that the deployment key is the right one. For one
// thread.
#include "casebook/casebook.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "casebook/parts.h"
#include "casebook/schema.h"

namespace probatio::casebook {
namespace {

constexpr char kKeyCheck[] = "key_check";
constexpr char kKeyCheckValue[] = "probatio casebook/1";

// Made by us before the engine opens it: for the owner's eyes alone, and never over a file that is there.
Status CreateFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) {
    const std::string reason = std::error_code(errno, std::generic_category()).message();
    return StorageError(fmt::format("casebook: {}: cannot create: {}", path, reason));
  }
  ::close(file);
  return Done{};
}

Status RequireFile(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return Done{};
  return StorageError(fmt::format("casebook: {}: no such file", path));
}

void RemoveFiles(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(path + suffix, ignored);
  }
}

}  // namespace

Casebook::Casebook(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Casebook::~Casebook() = default;

ledger::Storage& Casebook::ledger_storage() {
  return parts_->storage;
}

Result<std::unique_ptr<Casebook>> Casebook::Open(const std::string& path, OpenMode mode,
                                                 const Key& deployment_key, Random& random) {
  return mode == OpenMode::kCreate ? Create(path, deployment_key, random)
                                   : OpenThere(path, deployment_key, random);
}

Result<std::unique_ptr<Casebook>> Casebook::Create(const std::string& path, const Key& deployment_key,
                                                   Random& random) {
  TRY(CreateFile(path));
  Result<std::unique_ptr<Casebook>> made = Fill(path, deployment_key, random);
  // Half a casebook would stand in the way of the next attempt.
  if (!made.ok()) RemoveFiles(path);
  return made;
}

Result<std::unique_ptr<Casebook>> Casebook::Fill(const std::string& path, const Key& deployment_key,
                                                 Random& random) {
  std::unique_ptr<Database> database = TRY(Database::Open(path));
  TRY(CreateSchema(*database));
  std::unique_ptr<Casebook> casebook(
      new Casebook(std::make_unique<Parts>(std::move(database), deployment_key, random)));
  TRY(casebook->SetSetting(kKeyCheck, kKeyCheckValue));
  return casebook;
}

Result<std::unique_ptr<Casebook>> Casebook::OpenThere(const std::string& path, const Key& deployment_key,
                                                      Random& random) {
  TRY(RequireFile(path));
  std::unique_ptr<Database> database = TRY(Database::Open(path));
  TRY(MigrateSchema(*database));
  std::unique_ptr<Casebook> casebook(
      new Casebook(std::make_unique<Parts>(std::move(database), deployment_key, random)));
  const Result<std::string> check = casebook->Setting(kKeyCheck);
  if (check.ok() && check.value() == kKeyCheckValue) return casebook;
  if (check.ok() || check.error().code() == ErrorCode::kCrypto) {
    return CryptoError(fmt::format("casebook: {}: wrong deployment key, or the key check was altered", path));
  }
  if (check.error().code() == ErrorCode::kNotFound) {
    return StorageError(fmt::format("casebook: {}: its creation was never finished", path));
  }
  return check.error();
}

Result<crypto::Digest> DigestFromColumn(const std::string& hex) {
  const Result<Buffer> bytes = FromHex(hex);
  crypto::Digest digest{};
  if (!bytes.ok() || bytes.value().size() != digest.size()) {
    return StorageError("casebook: a digest column does not hold a digest");
  }
  std::copy(bytes.value().begin(), bytes.value().end(), digest.begin());
  return digest;
}

}  // namespace probatio::casebook
