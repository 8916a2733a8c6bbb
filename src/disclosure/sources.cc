#include "disclosure/sources.h"

#include <algorithm>

namespace probatio::disclosure {
namespace {

using order::Source;

Period Around(const Period& a, const Period& b) {
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

void Add(Source source, std::vector<Source>* sources) {
  const auto same = [&](const Source& known) {
    return known.stream == source.stream && known.exporter == source.exporter;
  };
  const std::string any(order::kAnySource);
  auto found = std::find_if(sources->begin(), sources->end(), same);
  // Too many to name: the last place stands for all that follow, and every fault touches it.
  if (found == sources->end() && sources->size() + 1 >= order::kSourcesMax) {
    source.stream = any;
    source.exporter = any;
    found = std::find_if(sources->begin(), sources->end(), same);
  }
  if (found == sources->end()) {
    sources->push_back(std::move(source));
    return;
  }
  found->events = Around(found->events, source.events);
  found->sealed = Around(found->sealed, source.sealed);
}

Source OfRow(const seal::ProvenRow& row, const seal::SegmentDirectory& directory, Instant now) {
  const record::Origin& origin = record::OriginOf(row.record);
  const Timestamp& at = origin.at;
  Source source{std::string(seal::ToText(row.window.stream)),
                origin.exporter,
                {at.at - at.error_ns, at.at + at.resolution_ns + at.error_ns},
                {row.window.period.begin, now}};
  if (const std::optional<seal::SegmentInfo> info = directory.Get(row.segment)) {
    // Sealed anew by the custodians: the records were read when its window was filled.
    source.sealed.begin = std::min(info->opened_at, row.window.period.begin);
    source.sealed.end = std::max(source.sealed.begin, info->closed_at) + 1;
  }
  return source;
}

}  // namespace

std::vector<Source> SourcesOf(const evidence::Disclosure& disclosure,
                              const seal::SegmentDirectory& directory) {
  std::vector<Source> sources;
  const std::string any(order::kAnySource);
  for (const resolve::LineAnswer& answer : disclosure.answers) {
    for (const resolve::Candidate& candidate : answer.candidates) {
      for (const resolve::Support& support : candidate.supports)
        Add(OfRow(support.row, directory, disclosure.made_at), &sources);
    }
    if (!answer.candidates.empty()) continue;
    const order::ScopeLine* line = disclosure.scope.Find(answer.line);
    if (line == nullptr) continue;
    Add({any, any, line->period, {line->period.begin, std::max(line->period.end, disclosure.made_at)}},
        &sources);
  }
  return sources;
}

}  // namespace probatio::disclosure
