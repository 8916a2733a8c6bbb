// The rows of a disclosure: each once, numbered in the order of first use, with its grade. Pure; thread-safe.
#include <algorithm>
#include <map>
#include <tuple>

#include "evidence/disclosure_document.h"

namespace probatio::evidence {
namespace {

// Where a row stands: a place in a block, or its bytes in a journal.
using Place = std::tuple<SegmentId, std::uint64_t, std::uint32_t, Buffer>;

Place PlaceOf(const seal::ProvenRow& row) {
  if (row.proof.has_value()) return {row.segment, row.proof->leaf_index, row.proof->row, {}};
  return {row.segment, 0, 0, record::RecordBytes(row.record)};
}

template <class Visit>
void ForEachSupport(const Disclosure& disclosure, const Visit& visit) {
  for (const resolve::LineAnswer& answer : disclosure.answers) {
    for (const resolve::Candidate& candidate : answer.candidates) {
      for (const resolve::Support& support : candidate.supports) visit(support);
    }
  }
}

DisclosedRow NewRow(const Disclosure& disclosure, const resolve::Support& support, std::size_t number) {
  const auto closed = disclosure.segments.find(support.row.segment);
  CHECK(closed != disclosure.segments.end());
  const Result<Grade> grade = GradeOf(closed->first, disclosure.segments, disclosure.order_received);
  CHECK(grade.ok());
  return {"R" + std::to_string(number), &support.row, {}, grade.value()};
}

}  // namespace

std::string_view ToText(Grade grade) {
  switch (grade) {
    case Grade::kCommittedBefore:
      return "committed_before_order";
    case Grade::kJournalBefore:
      return "journal_before_order";
    case Grade::kCommittedAfter:
      return "committed_after_order";
  }
  return "unknown";
}

Result<std::vector<SegmentId>> SourcesOf(const ledger::Entry& closing) {
  std::vector<SegmentId> sources;
  const auto field = closing.fields.find("sources");
  if (closing.type != "segment_resealed" || field == closing.fields.end()) return sources;
  const std::string& text = field->second;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const SegmentId source =
        TRY_IN("ledger entry: sources", SegmentId::Parse(text.substr(begin, end - begin)));
    sources.push_back(source);
    begin = end + 1;
  }
  return sources;
}

Result<Grade> GradeOf(const SegmentId& segment, const ClosingEntries& closed,
                      const ledger::EntryProof& order_received) {
  const auto own = closed.find(segment);
  if (own == closed.end()) return Invalid("ledger entry: missing");
  const ledger::Entry entry = TRY(ledger::EntryFromJson(own->second.entry));
  const bool crash = entry.type == "segment_closed_by_crash";
  const bool resealed = entry.type == "segment_resealed";
  if (!crash && !resealed && entry.type != "segment_closed")
    return Invalid("ledger entry: closes no segment");
  if (own->second.index < order_received.index) {
    return crash ? Grade::kJournalBefore : Grade::kCommittedBefore;
  }
  if (!resealed) return Grade::kCommittedAfter;
  const std::vector<SegmentId> sources = TRY(SourcesOf(entry));
  const bool all_before = std::all_of(sources.begin(), sources.end(), [&](const SegmentId& source) {
    const auto old = closed.find(source);
    return old != closed.end() && old->second.index < order_received.index;
  });
  return all_before && !sources.empty() ? Grade::kJournalBefore : Grade::kCommittedAfter;
}

std::vector<std::size_t> RowOfEachSupport(const Disclosure& disclosure) {
  std::vector<std::size_t> rows;
  std::map<Place, std::size_t> known;
  ForEachSupport(disclosure, [&](const resolve::Support& support) {
    rows.push_back(known.emplace(PlaceOf(support.row), known.size()).first->second);
  });
  return rows;
}

std::vector<DisclosedRow> RowsOf(const Disclosure& disclosure) {
  const std::vector<std::size_t> place_of = RowOfEachSupport(disclosure);
  std::vector<DisclosedRow> rows;
  std::size_t next = 0;
  ForEachSupport(disclosure, [&](const resolve::Support& support) {
    const std::size_t place = place_of[next++];
    if (place == rows.size()) rows.push_back(NewRow(disclosure, support, rows.size() + 1));
    for (const record::Face face : record::FacesOf(record::KindOf(support.row.record))) {
      if (support.faces.contains(face)) rows[place].faces.insert(face);
    }
  });
  return rows;
}

crypto::Digest DisclosureDigest(std::string_view disclosure_json, std::string_view scope_json) {
  const crypto::Digest scope = crypto::Sha256(AsBytes(scope_json));
  return crypto::Sha256({AsBytes("probatio/disclosure/1"), scope, AsBytes(disclosure_json)});
}

}  // namespace probatio::evidence
