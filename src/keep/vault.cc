#include "keep/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "crypto/system_random.h"
#include "keep/vault_file.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kSuffix = ".key";
constexpr std::string_view kMarkBegin = "probatio-vault/1\n";
constexpr std::size_t kMarkBytesMax = 256;

std::string FileName(const ErasureKeyName& name) {
  return IdOf(name).text() + std::string(kSuffix);
}

std::size_t FileBytes(const ErasureKeyName& name) {
  return ErasureKeyFile(name, Key()).size();
}

Result<Buffer> ReadMark(Disk& disk, const std::string& folder) {
  const std::string path = folder + "/" + kVaultMarkFile;
  std::optional<Buffer> mark = TRY(ReadWhole(disk, path, kMarkBytesMax));
  if (!mark) return StorageError(path + ": no such file");
  if (AsText(*mark).substr(0, kMarkBegin.size()) != kMarkBegin) {
    return StorageError(path + ": not the mark of a vault that this program knows");
  }
  return std::move(*mark);
}

// The keys of one folder by their file names; other files are not ours to speak of.
Result<std::vector<ErasureKeyName>> ListFolder(Disk& disk, const std::string& folder) {
  std::vector<std::string> files;
  if (disk.List(folder, &files) != 0)
    return StorageError(fmt::format("vault: {}: cannot list: {}", folder, std::strerror(errno)));
  std::vector<ErasureKeyName> names;
  for (const std::string& file : files) {
    if (!file.ends_with(kSuffix)) continue;
    const auto name = ParseErasureKeyName(std::string_view(file).substr(0, file.size() - kSuffix.size()));
    if (name.ok()) names.push_back(name.value());
  }
  if (names.size() > kVaultKeysMax)
    return StorageError(fmt::format("vault: {}: more than {} keys", folder, kVaultKeysMax));
  std::sort(names.begin(), names.end());
  return names;
}

// One folder's copy of a key; nothing when it has none.
Result<std::optional<Key>> ReadCopy(Disk& disk, const std::string& folder, const ErasureKeyName& name) {
  const std::string path = folder + "/" + FileName(name);
  std::optional<Buffer> bytes = TRY(ReadWhole(disk, path, kErasureKeyFileBytesMax));
  if (!bytes) return std::optional<Key>();
  const Secret content(std::move(*bytes));
  NamedErasureKey read = TRY_IN("vault: " + path, ParseErasureKeyFile(content.reveal()));
  if (read.name != name) return CryptoError("vault: " + path + ": holds another key than its name says");
  return std::optional<Key>(std::move(read.key));
}

Error Unreachable(const std::string& folder, const Error& reason) {
  return StorageError(
      fmt::format("vault: replica {} cannot be reached ({}): mount it and see that it holds the "
                  "file {} of this vault, or take it out of vault.replicas",
                  folder, reason.what(), kVaultMarkFile));
}

}  // namespace

Status MakeVault(const std::string& folder, Disk& disk, Random& random) {
  std::array<std::uint8_t, 16> id{};
  random.Fill(id);
  const std::string mark = std::string(kMarkBegin) + ToHex(id) + "\n";
  return CreateDurably(disk, folder, kVaultMarkFile, AsBytes(mark));
}

Result<Vault> Vault::Open(std::string folder, std::vector<std::string> replicas, Disk& disk, Random& random) {
  if (replicas.size() > kVaultReplicasMax)
    return Invalid(fmt::format("vault: more than {} replicas", kVaultReplicasMax));
  Buffer mark = TRY_IN("vault", ReadMark(disk, folder));
  std::vector<std::string> folders{std::move(folder)};
  folders.insert(folders.end(), replicas.begin(), replicas.end());
  return Vault(std::move(folders), std::move(mark), disk, random);
}

Status Vault::CheckReplica(const std::string& folder) const {
  const Buffer mark = TRY(ReadMark(*disk_, folder));
  if (mark != mark_) return StorageError(folder + "/" + kVaultMarkFile + ": of another deployment's vault");
  return Done{};
}

Result<NamedErasureKey> Vault::Need(ErasureKind kind, record::RecordClass record_class,
                                    const law::CivilDate& day, const IsDying& dying) {
  // What lies in the deployment's own folder was in every replica before it came there.
  const std::vector<ErasureKeyName> known = TRY(ListFolder(*disk_, folders_.front()));
  for (const ErasureKeyName& name : known) {
    if (name.kind != kind || name.record_class != record_class || name.day != day || dying(IdOf(name)))
      continue;
    Key key = TRY(Read(name));
    TRY(MakeDurable(name));
    return NamedErasureKey{name, std::move(key)};
  }
  std::array<std::uint8_t, 8> serial{};
  random_->Fill(serial);
  return Make({kind, record_class, day, Be64(serial)});
}

// A process that was killed between the renaming of a key and the syncing of its folder left a name that a
// power cut takes back, and with it all that is sealed under the key meanwhile.
Status Vault::MakeDurable(const ErasureKeyName& name) {
  if (durable_.count(name) > 0) return Done{};
  const std::string& folder = folders_.front();
  if (disk_->SyncFolder(folder) != 0)
    return StorageError(fmt::format("vault: {}: cannot sync: {}", folder, std::strerror(errno)));
  durable_.insert(name);
  return Done{};
}

Result<NamedErasureKey> Vault::Make(const ErasureKeyName& name) {
  NamedErasureKey made{name, crypto::RandomKey(*random_)};
  Buffer file = ErasureKeyFile(name, made.key);
  Status created = Done{};
  for (auto folder = folders_.rbegin(); folder != folders_.rend() && created.ok(); ++folder) {
    created = CheckReplica(*folder);
    if (created.ok()) created = CreateDurably(*disk_, *folder, FileName(name), file);
    if (!created.ok()) created = Unreachable(*folder, created.error());
  }
  Wipe(file);
  if (created.ok()) {
    durable_.insert(name);
    return made;
  }
  Destroy(name);  // nothing was sealed under it: what stays of it somewhere opens nothing
  return created.error();
}

Result<Key> Vault::Read(const ErasureKeyName& name) const {
  std::optional<Error> first;
  for (const std::string& folder : folders_) {
    Result<std::optional<Key>> copy = ReadCopy(*disk_, folder, name);
    if (copy.ok() && copy.value().has_value()) return std::move(*std::move(copy).value());
    if (!copy.ok() && !first) first = copy.error();
  }
  if (first) return *first;
  return NotFound(fmt::format("vault: the erasure key {} is in no folder of the vault", IdOf(name).text()));
}

Result<std::vector<ErasureKeyName>> Vault::List() const {
  std::set<ErasureKeyName> all;
  for (const std::string& folder : folders_) {
    if (folder != folders_.front() && !CheckReplica(folder).ok()) continue;
    const std::vector<ErasureKeyName> names = TRY(ListFolder(*disk_, folder));
    all.insert(names.begin(), names.end());
  }
  return std::vector<ErasureKeyName>(all.begin(), all.end());
}

Vault::Destroyed Vault::Destroy(const ErasureKeyName& name) {
  Destroyed result;
  for (const std::string& folder : folders_) {
    Status gone = CheckReplica(folder);
    if (gone.ok()) gone = DestroyDurably(*disk_, folder, FileName(name), FileBytes(name));
    if (gone.ok()) {
      ++result.destroyed;
    } else {
      result.unreachable.push_back(fmt::format("{} ({})", folder, gone.error().what()));
    }
  }
  return result;
}

Status Vault::Spread(const ErasureKeyName& name) {
  const Key key = TRY(Read(name));
  const Secret file(ErasureKeyFile(name, key));
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
    const Result<std::optional<Key>> copy = ReadCopy(*disk_, *folder, name);
    if (copy.ok() && copy.value().has_value()) continue;
    Status spread = CheckReplica(*folder);
    if (spread.ok()) spread = CreateDurably(*disk_, *folder, FileName(name), file.reveal());
    if (!spread.ok()) return Unreachable(*folder, spread.error());
  }
  return Done{};
}

}  // namespace probatio::keep
