// Building a segment: rows are gathered by token and, at close, sorted, cut, committed to, sealed and
// chained.
#include "seal/segment.h"

#include <algorithm>
#include <set>
#include <utility>

#include "crypto/system_random.h"
#include "seal/block_form.h"
#include "seal/nat_event_row.h"
#include "seal/nat_segment.h"

namespace probatio::seal {
namespace {

using Rows = std::span<const record::Record>;

struct SortableRow {
  Instant at;
  Buffer canonical;
  record::Record record;
};

// By instant, then canonical bytes: whoever builds the same rows gets the same block.
std::vector<SortableRow> Sorted(std::vector<record::Record> rows) {
  std::vector<SortableRow> sorted;
  sorted.reserve(rows.size());
  for (record::Record& row : rows) {
    const Instant at = record::OriginOf(row).at.at;
    Buffer canonical = record::RecordBytes(row);
    sorted.push_back({at, std::move(canonical), std::move(row)});
  }
  std::sort(sorted.begin(), sorted.end(), [](const SortableRow& a, const SortableRow& b) {
    return a.at != b.at ? a.at < b.at : a.canonical < b.canonical;
  });
  return sorted;
}

// Whole rows up to both limits of a block.
std::vector<std::vector<record::Record>> Cut(std::vector<SortableRow> rows) {
  std::vector<std::vector<record::Record>> blocks;
  std::size_t bytes = kBlockRecordBytesMax;
  for (SortableRow& row : rows) {
    if (blocks.empty() || blocks.back().size() == kRowsPerBlockMax ||
        bytes + row.canonical.size() > kBlockRecordBytesMax) {
      blocks.emplace_back();
      bytes = 0;
    }
    bytes += row.canonical.size();
    blocks.back().push_back(std::move(row.record));
  }
  return blocks;
}

crypto::Digest FacesRoot(Rows rows, const Key& salt_key, std::uint32_t position) {
  return WideRoot(CommitRows(rows, salt_key, FirstRowOf(position)));
}

// Each fills the leaf's faces root, which the seal covers.
Buffer SealForWindow(const SegmentId& segment, const TokenKeys& keys, Rows rows, bool padded, Random& random,
                     BlockLeaf* leaf) {
  leaf->faces_root = FacesRoot(rows, keys.salt, leaf->position);
  const Secret plain = WindowPlain(EncodeRows(rows), padded);
  return crypto::Seal(keys.block, plain.reveal(), BlockAssociatedData(segment, *leaf), random);
}

Buffer SealForSubject(const SegmentId& segment, const SubjectPublic& subject, Rows rows, bool padded,
                      Random& random, BlockLeaf* leaf) {
  const Key salt_key = crypto::RandomKey(random);
  leaf->faces_root = FacesRoot(rows, salt_key, leaf->position);
  const Secret plain = SubjectPlain(salt_key, EncodeRows(rows), padded);
  return crypto::SealTo(subject.key, plain.reveal(), BlockAssociatedData(segment, *leaf), random);
}

}  // namespace

struct SegmentBuilder::NatRowsInMemory {
  NatTables tables;
  NatRowMaker maker{&tables};
  std::vector<NatRow> rows;
  std::set<std::uint64_t> tokens;  // NatGroup::key
};

SegmentBuilder::SegmentBuilder(SegmentId id, Window window, const Key& window_key)
    : id_(std::move(id)), window_(window), keys_(window_key) {
  if (IsNatStream(window.stream)) nat_ = std::make_unique<NatRowsInMemory>();
}
SegmentBuilder::~SegmentBuilder() = default;
SegmentBuilder::SegmentBuilder(SegmentBuilder&&) noexcept = default;

std::size_t SegmentBuilder::tokens() const {
  return nat_ != nullptr ? nat_->tokens.size() : rows_by_token_.size();
}

Status SegmentBuilder::AddNat(const record::NatEvent& event) {
  const NatRow row = nat_->maker.RowOf(event);
  const std::uint64_t key = GroupsOf({&row, 1}, window_.stream).front().key();
  if (nat_->tokens.size() == kSegmentTokensMax && !nat_->tokens.contains(key))
    return Invalid("segment: too many tokens");
  nat_->tokens.insert(key);
  nat_->rows.push_back(row);
  ++rows_;
  return Done{};
}

Status SegmentBuilder::CheckMember(const record::Record& record) const {
  TRY(record::CheckRecord(record));
  if (StreamOf(record) != window_.stream) return Invalid("segment: the record belongs to another stream");
  if (IsSubjectStream(window_.stream)) return Done{};  // the window is the day of arrival
  if (MayStandIn(window_, record)) return Done{};
  return Invalid("segment: the record belongs to another window");
}

Status SegmentBuilder::Add(const record::Record& record) {
  CHECK(!IsSubjectStream(window_.stream));
  TRY(CheckMember(record));
  Filing filing = TRY(FilingOf(record));
  if (nat_ != nullptr) return AddNat(std::get<record::NatEvent>(record));
  std::vector<std::pair<Token, record::Record>> copies;
  copies.emplace_back(keys_.TokenOf(filing.primary), record);
  for (auto& [selector, light] : filing.secondary)
    copies.emplace_back(keys_.TokenOf(selector), std::move(light));

  const auto is_new = [this](const auto& copy) { return rows_by_token_.count(copy.first) == 0; };
  const auto added = static_cast<std::size_t>(std::count_if(copies.begin(), copies.end(), is_new));
  if (rows_by_token_.size() + added > kSegmentTokensMax) return Invalid("segment: too many tokens");
  for (auto& [token, copy] : copies) rows_by_token_[token].push_back(std::move(copy));
  ++rows_;
  return Done{};
}

Status SegmentBuilder::AddFor(const SubjectPublic& subject, const record::Record& record) {
  CHECK(IsSubjectStream(window_.stream));
  TRY(CheckMember(record));
  const Token token = TokenOfSubject(subject.handle);
  const auto known = subjects_.find(token);
  if (known != subjects_.end() && known->second.key != subject.key)
    return Invalid("segment: two keys for one handle");
  if (known == subjects_.end() && rows_by_token_.size() >= kSegmentTokensMax) {
    return Invalid("segment: too many tokens");
  }
  subjects_.try_emplace(token, subject);
  rows_by_token_[token].push_back(record);
  ++rows_;
  return Done{};
}

SegmentImage SegmentBuilder::Build(Random& random) {
  if (nat_ != nullptr) {
    rows_ = 0;
    nat_->tokens.clear();
    return BuildNatSegment(id_, window_.stream, keys_, nat_->tables, std::exchange(nat_->rows, {}), random);
  }
  SegmentImage image;
  image.rows = rows_;
  BlockLeaf& sentinel = image.leaves.emplace_back();
  sentinel.last = true;
  sentinel.next = rows_by_token_.empty() ? kTokenEnd : rows_by_token_.begin()->first;
  while (!rows_by_token_.empty()) {
    auto first = rows_by_token_.extract(rows_by_token_.begin());
    const Token next = rows_by_token_.empty() ? kTokenEnd : rows_by_token_.begin()->first;
    CHECK(first.key() > kTokenSentinel && first.key() < next);
    SealToken(first.key(), next, std::move(first.mapped()), random, &image);
  }
  image.root = SegmentRoot(image.leaves);
  subjects_.clear();
  rows_ = 0;
  return image;
}

void SegmentBuilder::SealToken(const Token& token, const Token& next, std::vector<record::Record> rows,
                               Random& random, SegmentImage* image) const {
  const bool padded = IsPadded(window_.stream);
  const std::vector<std::vector<record::Record>> blocks = Cut(Sorted(std::move(rows)));
  const TokenKeys keys = keys_.KeysOf(token);
  for (std::size_t position = 0; position < blocks.size(); ++position) {
    BlockLeaf& leaf = image->leaves.emplace_back();
    leaf.token = token;
    leaf.position = static_cast<std::uint32_t>(position);
    leaf.last = position + 1 == blocks.size();
    leaf.next = next;
    const bool subject = IsSubjectStream(window_.stream);
    Buffer sealed = subject
                        ? SealForSubject(id_, subjects_.at(token), blocks[position], padded, random, &leaf)
                        : SealForWindow(id_, keys, blocks[position], padded, random, &leaf);
    leaf.sealed_digest = crypto::Sha256(sealed);
    image->blocks.push_back(std::move(sealed));
  }
}

}  // namespace probatio::seal
