// The erasure-key vault: one small file for each key, in a folder of the deployment and in named replicas,
// and nowhere else: never in the box, never in a backup that holds the box (docs/operate/purge.md). A key is
// in every replica before it is used, and gone only when it is gone from every one. Not thread-safe.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "base/random.h"
#include "keep/disk.h"
#include "keep/erasure_key.h"

namespace probatio::keep {

inline constexpr std::size_t kVaultReplicasMax = 16;
inline constexpr std::size_t kVaultKeysMax = 100'000;  // in one folder

// Each folder of the vault holds this file, with the same bytes: without it a replica that is not mounted
// would look like an empty one, and a key in it like one that is destroyed.
inline constexpr char kVaultMarkFile[] = "probatio-vault";
Status MakeVault(const std::string& folder, Disk& disk, Random& random);  // the folder, with a fresh mark

class Vault {
 public:
  // kStorage when `folder` is no vault. A replica is looked at when it is needed. `disk` and `random` outlive
  // the vault.
  static Result<Vault> Open(std::string folder, std::vector<std::string> replicas, Disk& disk,
                            Random& random);

  // A key of that kind, class and day which is not `dying`; made in every replica when there is none.
  // kStorage names the replica that cannot be reached and says what to do.
  using IsDying = std::function<bool(const ErasureKeyId&)>;
  Result<NamedErasureKey> Need(ErasureKind kind, record::RecordClass record_class, const law::CivilDate& day,
                               const IsDying& dying);
  // From the first folder that has it whole. kNotFound when no folder has it; a damaged, foreign or newer
  // file is named.
  Result<Key> Read(const ErasureKeyName& name) const;
  // Keys in any folder that can be reached, ascending.
  Result<std::vector<ErasureKeyName>> List() const;

  struct Destroyed {
    std::size_t destroyed = 0;             // folders in which the key is gone
    std::vector<std::string> unreachable;  // folders of which that cannot be said, each with its reason
    bool complete() const { return unreachable.empty(); }
  };
  // Overwrites, unlinks and syncs in every folder. A key that is not there is gone. May be repeated.
  Destroyed Destroy(const ErasureKeyName& name);
  // Copies a key to the folders that lack it: to a replica that was added later.
  Status Spread(const ErasureKeyName& name);

  // For item_keys.cc: the folders, the deployment's own first; is this one the vault's, and can it be
  // reached?
  const std::vector<std::string>& folders() const { return folders_; }
  Status CheckFolder(const std::string& folder) const { return CheckReplica(folder); }
  Disk& disk() const { return *disk_; }
  Random& random() const { return *random_; }

 private:
  Vault(std::vector<std::string> folders, Buffer mark, Disk& disk, Random& random)
      : folders_(std::move(folders)), mark_(std::move(mark)), disk_(&disk), random_(&random) {}
  Status CheckReplica(const std::string& folder) const;
  Result<NamedErasureKey> Make(const ErasureKeyName& name);
  Status MakeDurable(const ErasureKeyName& name);

  std::vector<std::string> folders_;  // the deployment's own first
  Buffer mark_;
  std::set<ErasureKeyName> durable_;  // in our own folder, as far as this vault has synced it
  Disk* disk_;
  Random* random_;
};

}  // namespace probatio::keep
