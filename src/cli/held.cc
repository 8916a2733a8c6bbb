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

Result<Holding> HoldingOf(Deployment& deployment, const OrderId& order) {
  Holding holding;
  holding.extraction = TRY(keep::ExtractionOf(deployment.ledger(), order));
  const std::vector<casebook::Hold> holds = TRY(deployment.casebook().ListHolds());
  for (const casebook::Hold& hold : holds) {
    if (hold.order != order) continue;
    const bool extracted =
        holding.extraction && hold.released_at && *hold.released_at >= holding.extraction->at;
    if (hold.released_at && !extracted) continue;
    for (const std::string& name : hold.streams) {
      const seal::Stream stream = TRY(seal::ParseStream(name));
      (extracted ? holding.until_extracted : holding.pins).push_back({{stream, hold.period}, hold.pinned_at});
    }
  }
  return holding;
}

Result<order::OwnHold> OwnHoldOf(Deployment& deployment, const order::Order& order) {
  Holding holding = TRY(HoldingOf(deployment, order.id));
  std::vector<keep::OwnPin> pins = std::move(holding.pins);
  std::optional<Instant> extracted_at;
  if (holding.extraction) {
    extracted_at = holding.extraction->at;
    pins.insert(pins.end(), holding.until_extracted.begin(), holding.until_extracted.end());
  }
  return keep::OwnHoldOf(order, pins, extracted_at);
}

Status DestroyHeldOf(Session& session, Deployment& deployment, const OrderId& order) {
  const keep::HeldFolder folder = TRY(HeldFolderOf(deployment));
  const bool was_there = TRY(keep::DestroyHeld(deployment.ledger(), folder, order, deployment.clock().Now()));
  if (was_there) session.out << "destroyed " << keep::HeldPath(folder, order) << "\n";
  return Done{};
}

}  // namespace probatio::cli
