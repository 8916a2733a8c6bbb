#include "cli/grant_reader.h"

namespace probatio::cli {

custody::SealedReader ReaderOf(Deployment& deployment, const seal::JournalArchive& journals,
                               custody::Custodians& custodians) {
  return custody::SealedReader(
      {deployment.box(), deployment.manifest(), journals, deployment.retention(), deployment.ledger(),
       custodians, deployment.clock(), deployment.random(),
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
       }});
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
