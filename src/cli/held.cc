#include "cli/held.h"

#include "cli/files.h"
#include "custody/held_file.h"

namespace probatio::cli {

Result<keep::HeldFolder> HeldFolderOf(const Deployment& deployment) {
  const keep::HeldFolder folder{keep::SystemDisk(), deployment.config().Path("holds"),
                                custody::kHeldFileBytesMax};
  TRY(MakeFolder(folder.path));
  // The folder's own name must be durable before a file in it may stand for pins, also where a process died
  // after making it.
  if (folder.disk.SyncFolder(deployment.config().folder) != 0) {
    return StorageError(deployment.config().folder + ": cannot sync");
  }
  return folder;
}

Status DestroyHeldOf(Session& session, Deployment& deployment, const OrderId& order) {
  const keep::HeldFolder folder = TRY(HeldFolderOf(deployment));
  const bool was_there = TRY(keep::DestroyHeld(deployment.ledger(), folder, order, deployment.clock().Now()));
  if (was_there) session.out << "destroyed " << keep::HeldPath(folder, order) << "\n";
  return Done{};
}

}  // namespace probatio::cli
