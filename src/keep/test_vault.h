// A vault in temporary folders, on a disk whose writes can be failed, and what somebody can open who has the
// whole history of a box, all custodians' keys and the vault as it is now.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "keep/erasure.h"
#include "keep/test_world.h"

namespace probatio::keep {

class TempFolder {
 public:
  TempFolder() {
    std::string name = std::filesystem::temp_directory_path().string() + "/probatio-vault-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string path;
};

// Counts its writes with those of a world; it need not sync, for no test cuts the real power.
class FaultDisk : public Disk {
 public:
  explicit FaultDisk(Fault& fault) : fault_(fault) {}
  std::int64_t Write(int file, Bytes bytes) override {
    std::int64_t written = -1;
    return Ok([&] { return (written = Disk::Write(file, bytes)) >= 0; }) ? written : -1;
  }
  std::int64_t WriteAt(int file, Bytes bytes, std::int64_t offset) override {
    std::int64_t written = -1;
    return Ok([&] { return (written = Disk::WriteAt(file, bytes, offset)) >= 0; }) ? written : -1;
  }
  int Sync(int) override {
    return Ok([] { return true; }) ? 0 : -1;
  }
  int SyncFolder(const std::string& folder) override {
    return Ok([&] { return std::filesystem::is_directory(folder); }) ? 0 : -1;
  }
  int Open(const std::string& path, OpenFor use) override {
    if (use == OpenFor::kRead) return Reads(path) ? Disk::Open(path, use) : -1;
    int file = -1;
    const bool ok = Ok([&] { return (file = Disk::Open(path, use)) >= 0; });
    const int reason = errno;
    if (!ok && file >= 0) Disk::Close(file);
    errno = reason;
    return ok ? file : -1;
  }
  std::int64_t Read(int file, std::span<std::uint8_t> into) override {
    return Reads("a file") ? Disk::Read(file, into) : -1;
  }
  int List(const std::string& folder, std::vector<std::string>* names) override {
    return Reads(folder) ? Disk::List(folder, names) : -1;
  }
  int Rename(const std::string& from, const std::string& to) override {
    return Ok([&] { return Disk::Rename(from, to) == 0; }) ? 0 : -1;
  }
  int Remove(const std::string& path) override {
    if (!std::filesystem::exists(path)) {
      errno = ENOENT;
      return -1;
    }
    return Ok([&] { return Disk::Remove(path) == 0; }) ? 0 : -1;
  }

 private:
  bool Reads(const std::string& file) {
    if (fault_.Read(file).ok()) return true;
    errno = EIO;
    return false;
  }
  template <class Call>
  bool Ok(Call call) {
    bool failed = false;  // by itself: its errno stands
    const Status status = fault_.Do([&]() -> Status {
      failed = !call();
      if (failed) return StorageError("test: the call failed");
      return Done{};
    });
    if (!status.ok() && !failed) errno = EIO;
    return status.ok();
  }
  Fault& fault_;
};

// Connection data one month, accounts one month, identities five: short, so that a test lives through many.
inline law::Regime ShortRegime() {
  law::Regime regime;
  regime.retention = {RuleOfMonths("CON", law::RetentionStart::kEvent, 1),
                      RuleOfMonths("ACC", law::RetentionStart::kAccountClosed, 1),
                      RuleOfMonths("ID", law::RetentionStart::kContractEnd, 5)};
  return regime;
}

// A world with a vault of two folders.
struct VaultWorld {
  VaultWorld() {
    world.box.keep_history = true;
    CHECK(MakeVault(main.path, disk, world.random).ok());
    Mount();
  }
  void Mount() {
    std::filesystem::copy_file(main.path + "/" + kVaultMarkFile, replica.path + "/" + kVaultMarkFile,
                               std::filesystem::copy_options::overwrite_existing);
  }
  void Unmount() { std::filesystem::remove(replica.path + "/" + kVaultMarkFile); }
  Vault OpenVault() { return Vault::Open(main.path, {replica.path}, disk, world.random).value(); }

  // With the vault as it is now, any bytes that ever lay under `prefix` in the box, and every key behind
  // them.
  bool CanOldCopiesOpen(const std::string& prefix, Bytes context,
                        const std::function<Bytes(Bytes)>& outer_in) {
    const Vault vault = OpenVault();
    for (const seal::BoxEntry& entry : world.box.history) {
      if (!entry.key.starts_with(prefix)) continue;
      const Bytes outer = outer_in(entry.value);
      const Result<ErasureKeyName> name = OuterKeyOf(outer);
      if (!name.ok()) continue;
      Result<Key> key = vault.Read(name.value());
      if (key.ok() && OpenOuter({name.value(), std::move(key).value()}, context, outer).ok()) return true;
    }
    return false;
  }

  TestWorld world;
  TempFolder main;
  TempFolder replica;
  FaultDisk disk{world.fault};
  law::Regime regime = ShortRegime();
  RetentionRules rules{regime, "access_provider"};
};

}  // namespace probatio::keep
