// The reach of look-ups, per stream.
#include "resolve/look_up_period.h"

#include "resolve/time_bounds.h"

namespace probatio::resolve {

Period AllowedPeriod(const order::ScopeLine& line, seal::Stream stream) {
  if (seal::IsSubjectStream(stream)) return {kRecordsBegin, VersionsPeriod(line).end};
  if (!line.subject.tuple.has_value()) return line.period;
  const order::Tuple& tuple = *line.subject.tuple;
  switch (stream) {
    case seal::Stream::kNatSession:
      return Around(tuple, kSessionLookBackMaxNs, kSessionLookBackMaxNs);
    case seal::Stream::kNatBlock:
      return Around(tuple, kBlockLookBackMaxNs, kBlockLookBackMaxNs);
    case seal::Stream::kAccess:
      return Around(tuple, kAccessLookBackMaxNs, kAccessLookAheadMaxNs);
    default:
      return line.period;
  }
}

Period VersionsPeriod(const order::ScopeLine& line) {
  const bool has_period = line.period.begin < line.period.end;
  if (has_period || !line.subject.tuple.has_value()) return line.period;
  return Asked(*line.subject.tuple);
}

}  // namespace probatio::resolve
