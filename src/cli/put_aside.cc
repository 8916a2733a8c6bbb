#include "cli/put_aside.h"

#include <fmt/format.h>

#include <ostream>

#include "keep/enter.h"

namespace probatio::cli {

keep::QuarantineParts QuarantineOf(Deployment& deployment) {
  return {deployment.config().Path("quarantine"),
          keep::SystemDisk(),
          deployment.vault(),
          deployment.clock(),
          deployment.random(),
          [&deployment](const keep::ErasureKeyId& id) {
            return deployment.manifest().dying_keys().count(id.text()) > 0;
          },
          &deployment.turn()};
}

keep::QuarantineItem ItemOf(const InputKind& kind, const std::string& path,
                            const decode::BrokenPiece& broken) {
  keep::QuarantineItem item;
  item.format = kind.format;
  item.source = path;
  item.exporter = kind.exporter;
  if (item.exporter.empty() && broken.piece.source.has_value()) item.exporter = broken.piece.source->ToText();
  item.reason = broken.reason.what();
  item.content = ToBuffer(broken.piece.bytes);
  item.header = ToBuffer(broken.header);
  return item;
}

Status FinishPutAside(Session& session, Deployment& deployment, keep::Quarantine& quarantine) {
  const keep::QuarantineCounts& counts = quarantine.counts();
  if (!counts.any()) return Done{};
  const Status flushed = quarantine.Flush();
  if (!flushed.ok()) session.err << "probatio: " << flushed.error().what() << "\n";
  const ledger::Entry entry = quarantine.EntryOf(deployment.clock().Now());
  TRY(keep::Enter(deployment.ledger(), {&entry, 1}).status);
  if (counts.items != 0) {
    session.err << fmt::format(
        "{} pieces that could not be read are put aside, sealed, for {} days: probatio quarantine list\n",
        counts.items, keep::kQuarantineDaysMax);
  }
  if (counts.over_limit != 0) {
    session.err << fmt::format("{} more were only counted: a day's quarantine holds {} MiB\n",
                               counts.over_limit, keep::kQuarantineDayBytesMax >> 20);
  }
  if (counts.failed != 0) {
    session.err << fmt::format("{} were only counted: {}\n", counts.failed, quarantine.trouble()->what());
  }
  return Done{};
}

}  // namespace probatio::cli
