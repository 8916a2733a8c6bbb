#include "cli/grant_reader.h"

namespace probatio::cli {

namespace {

custody::SealedReader::Parts PartsOf(Deployment& deployment, const seal::JournalArchive& journals,
                                     custody::Custodians& custodians, const resolve::Retention& retention) {
  return {deployment.box(),
          deployment.manifest(),
          journals,
          retention,
          deployment.ledger(),
          custodians,
          deployment.clock(),
          deployment.random(),
          [&deployment](seal::Stream stream, std::string_view holder) -> Result<custody::KnownSubject> {
            keep::Subjects::Found found = TRY(deployment.subjects().Find(stream, holder));
            const bool expired = keep::IsExpired(found, deployment.clock().Now());
            return custody::KnownSubject{found.handle, std::move(found.wrapped), found.purged, expired};
          },
          [&deployment](const OrderId& order) -> Result<order::Life> {
            const std::vector<order::Event> events = TRY(deployment.casebook().EventsOf(order));
            return order::Replay(events);
          },
          [&deployment](const seal::SegmentInfo& info, Bytes outer) {
            return deployment.erasure().OpenSegment(info, outer);
          }};
}

// Read when it is needed: what the windows still give, a damaged file does not stop.
custody::HeldReader::ReadFile FileOf(Deployment& deployment, const OrderId& order,
                                     const std::optional<keep::Extraction>& extraction) {
  if (!extraction) return {};
  return [&deployment, order, known = *extraction]() -> Result<custody::HeldReader::File> {
    const keep::HeldFolder folder = TRY(HeldFolderOf(deployment));
    Buffer bytes = TRY(keep::ReadExtracted(folder, order, known));
    return custody::HeldReader::File{std::move(bytes), known.index};
  };
}

}  // namespace

GrantReader::GrantReader(Deployment& deployment, const seal::JournalArchive& journals,
                         custody::Custodians& custodians, Holding holding,
                         custody::HeldReader::ReadFile read_file)
    : retention_(deployment.retention(), std::move(holding.pins)),
      reader_(PartsOf(deployment, journals, custodians, retention_), std::move(read_file)) {}

Result<std::unique_ptr<GrantReader>> GrantReader::Open(Deployment& deployment,
                                                       const seal::JournalArchive& journals,
                                                       custody::Custodians& custodians,
                                                       const OrderId& order) {
  Holding holding = TRY(HoldingOf(deployment, order));
  custody::HeldReader::ReadFile read_file = FileOf(deployment, order, holding.extraction);
  return std::unique_ptr<GrantReader>(
      new GrantReader(deployment, journals, custodians, std::move(holding), std::move(read_file)));
}

Result<std::unique_ptr<custody::Custodians>> CustodiansFor(Session& session, Deployment& deployment,
                                                           const std::string& station, int wait_seconds) {
  if (station.empty()) {
    return std::unique_ptr<custody::Custodians>(
        std::make_unique<RequestFolder>(deployment.config().Path("custody"), wait_seconds, session.err));
  }
  if (!deployment.config().demonstration_clock) {
    return Denied("--station puts the custodians' keys on this machine; only a demonstration may do that");
  }
  return std::unique_ptr<custody::Custodians>(
      std::make_unique<StationHere>(station, deployment.clock().Now(), deployment.random()));
}

}  // namespace probatio::cli
