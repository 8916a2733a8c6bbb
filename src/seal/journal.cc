// Writing a batch: every record under all its tokens, one fragment for each token, and nothing readable left
// outside.
#include "seal/journal.h"

#include <fmt/format.h>

#include "seal/journal_format.h"

namespace probatio::seal {
namespace {

// The plain rows of one token, and whose key they go under when the stream is one of subjects.
struct Fragment {
  ByteWriter rows;
  const SubjectPublic* subject = nullptr;
};
using Fragments = std::map<Token, Fragment>;

Status AddUnderSelectors(const record::Record& record, WindowKeys* keys, Fragments* fragments) {
  const Filing filing = TRY(FilingOf(record));
  AppendRow(record, &(*fragments)[keys->TokenOf(filing.primary)].rows);
  for (const auto& [selector, light] : filing.secondary)
    AppendRow(light, &(*fragments)[keys->TokenOf(selector)].rows);
  return Done{};
}

Status AddUnderSubject(const record::Record& record, const SubjectPublic& subject, Fragments* fragments) {
  Fragment& fragment = (*fragments)[TokenOfSubject(subject.handle)];
  if (fragment.subject == nullptr) fragment.subject = &subject;
  if (fragment.subject->key != subject.key) return Invalid("two keys for one handle");
  AppendRow(record, &fragment.rows);
  return Done{};
}

Status AddRecord(const record::Record& record, const SubjectPublic* subject, WindowKeys* keys,
                 Fragments* fragments) {
  // What a subject's key must cover never goes under a window's.
  CHECK(IsSubjectStream(StreamOf(record)) == (subject != nullptr));
  TRY(record::CheckRecord(record));
  return subject != nullptr ? AddUnderSubject(record, *subject, fragments)
                            : AddUnderSelectors(record, keys, fragments);
}

Result<Fragments> Gather(std::span<const record::Record> records, std::span<const SubjectPublic> subjects,
                         WindowKeys* keys) {
  Fragments fragments;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const SubjectPublic* subject = subjects.empty() ? nullptr : &subjects[i];
    TRY_IN(fmt::format("journal: record {}", i), AddRecord(records[i], subject, keys, &fragments));
  }
  return fragments;
}

Buffer SealFragment(const Token& token, const Fragment& fragment, Bytes header, const WindowKeys& keys,
                    Random& random) {
  const Buffer associated_data = FragmentAssociatedData(header, token);
  const Bytes rows = fragment.rows.bytes();
  if (fragment.subject != nullptr)
    return crypto::SealTo(fragment.subject->key, rows, associated_data, random);
  return crypto::Seal(keys.KeysOf(token).block, rows, associated_data, random);
}

// Seals end to end; stops as soon as the batch could not be kept.
Result<Buffer> SealFragments(const Fragments& fragments, Bytes header, const WindowKeys& keys, Random& random,
                             std::vector<FragmentPlace>* places) {
  Buffer all;
  for (const auto& [token, fragment] : fragments) {
    const Buffer sealed = SealFragment(token, fragment, header, keys, random);
    places->push_back(
        {token, static_cast<std::uint32_t>(all.size()), static_cast<std::uint32_t>(sealed.size())});
    all.insert(all.end(), sealed.begin(), sealed.end());
    if (all.size() > kBatchBytesMax)
      return Invalid(fmt::format("journal: batch of more than {} bytes", kBatchBytesMax));
  }
  return all;
}

}  // namespace

Result<Buffer> SealBatch(const SegmentId& segment, WindowKeys& keys, std::span<const record::Record> records,
                         std::span<const SubjectPublic> subjects, JournalHead* head, Random& random) {
  CHECK(subjects.empty() || subjects.size() == records.size());
  if (records.empty()) return Invalid("journal: a batch without records");
  const Buffer header = BatchHeaderBytes({segment, head->batches, head->digest});
  const Fragments fragments = TRY(Gather(records, subjects, &keys));
  std::vector<FragmentPlace> places;
  const Buffer sealed = TRY(SealFragments(fragments, header, keys, random, &places));

  return FinishBatch(header, keys, {places, {}}, sealed, head, random);
}

Result<BatchHeader> ReadBatchHeader(Bytes batch) {
  const BatchParts parts = TRY_IN("journal batch", SplitBatch(batch));
  return parts.header;
}

}  // namespace probatio::seal
