#include "keep/segment_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "keep/erasure_key.h"
#include "keep/manifest.h"

namespace probatio::keep {
namespace {

Error BadField(std::string_view name, std::string_view reason) {
  return Invalid(fmt::format("field {}: {}", name, reason));
}

Result<std::string> Text(const ledger::Entry& entry, const std::string& name) {
  const auto field = entry.fields.find(name);
  if (field == entry.fields.end()) return BadField(name, "missing");
  return field->second;
}

Result<std::uint64_t> Number(const ledger::Entry& entry, const std::string& name) {
  const std::string text = TRY(Text(entry, name));
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return BadField(name, "not a number");
  return number;
}

Result<crypto::Digest> DigestField(const ledger::Entry& entry, const std::string& name) {
  const std::string text = TRY(Text(entry, name));
  const Buffer bytes = TRY_IN("field " + name, FromHex(text));
  crypto::Digest digest{};
  if (bytes.size() != digest.size()) return BadField(name, "not a SHA-256 digest");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

Result<Instant> InstantField(const ledger::Entry& entry, const std::string& name) {
  const std::string text = TRY(Text(entry, name));
  return Instant::ParseRfc3339(text);
}

Result<seal::Window> WindowFields(const ledger::Entry& entry) {
  const std::string name = TRY(Text(entry, "stream"));
  const seal::Stream stream = TRY_IN("field stream", seal::ParseStream(name));
  const Instant begin = TRY_IN("field begin", InstantField(entry, "begin"));
  const Instant end = TRY_IN("field end", InstantField(entry, "end"));
  const seal::Window window{stream, {begin, end}};
  if (window != seal::WindowOf(stream, begin)) return BadField("begin", "not a window of its stream");
  return window;
}

Result<seal::JournalHead> HeadFields(const ledger::Entry& entry) {
  seal::JournalHead head;
  head.batches = TRY(Number(entry, "journal_batches"));
  head.digest = TRY(DigestField(entry, "journal_digest"));
  return head;
}

// Both or neither: a segment without an outer layer has no day on which to be purged.
Status ErasureFields(const ledger::Entry& entry, seal::SegmentInfo* info) {
  if (entry.fields.count("erasure_key") == 0 && entry.fields.count("expires") == 0) return Done{};
  info->erasure_key = TRY(Text(entry, "erasure_key"));
  TRY_IN("field erasure_key", ParseErasureKeyName(info->erasure_key));
  const std::string text = TRY(Text(entry, "expires"));
  const law::CivilDate day = TRY_IN("field expires", law::ParseDate(text));
  info->expires = law::ParisMidnight(day);
  return Done{};
}

Result<IpAddress> AddressField(const ledger::Entry& entry, const std::string& name) {
  const std::string text = TRY(Text(entry, name));
  const IpAddress address = TRY_IN("field " + name, IpAddress::Parse(text));
  if (address.ToText() != text) return BadField(name, "not written as RFC 5952 says");
  return address;
}

// Both bounds or neither. A range that is wrong would hide rows, so nothing about it is forgiven.
Result<std::optional<seal::PublicRange>> PublicRangeFields(const ledger::Entry& entry, seal::Stream stream) {
  if (entry.fields.count("public_from") == 0 && entry.fields.count("public_to") == 0) {
    return std::optional<seal::PublicRange>();
  }
  if (!seal::IsNatStream(stream)) return BadField("public_from", "only NAT segments have one");
  const IpAddress from = TRY(AddressField(entry, "public_from"));
  const IpAddress to = TRY(AddressField(entry, "public_to"));
  const seal::PublicRange range{from, to};
  TRY(seal::CheckPublicRange(range));
  return std::optional<seal::PublicRange>(range);
}

Status MustBeOpen(const seal::SegmentInfo& info) {
  if (info.state == seal::SegmentState::kOpen) return Done{};
  return Invalid(fmt::format("segment {} is {}, not open", info.id.text(), seal::ToText(info.state)));
}

ledger::Entry EntryOf(std::string type, const seal::SegmentInfo& info, Instant at) {
  return {std::move(type), at, {{"segment", info.id.text()}}};
}

// Ids that are joined with commas, each once.
Result<std::vector<SegmentId>> SegmentsField(const ledger::Entry& entry, const std::string& name) {
  const std::string text = TRY(Text(entry, name));
  std::vector<SegmentId> segments;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const SegmentId segment = TRY_IN("field " + name, SegmentId::Parse(text.substr(begin, end - begin)));
    if (std::find(segments.begin(), segments.end(), segment) != segments.end())
      return BadField(name, "names a segment twice");
    segments.push_back(segment);
    begin = end + 1;
  }
  return segments;
}

void AddOpened(const seal::SegmentInfo& info, ledger::Entry* entry) {
  entry->fields["stream"] = std::string(seal::ToText(info.window.stream));
  entry->fields["begin"] = info.window.period.begin.ToRfc3339();
  entry->fields["end"] = info.window.period.end.ToRfc3339();
  entry->fields["late"] = info.late ? "yes" : "no";
  entry->fields["wrapped_digest"] = ToHex(info.wrapped_digest);
  if (info.expires) entry->fields["expires"] = law::ToText(law::ParisDate(*info.expires));
  if (!info.erasure_key.empty()) entry->fields["erasure_key"] = info.erasure_key;
}

void AddClosed(const seal::SegmentInfo& info, ledger::Entry* entry) {
  entry->fields["root"] = ToHex(info.root);
  entry->fields["leaf_count"] = std::to_string(info.leaf_count);
  entry->fields["rows"] = std::to_string(info.rows);
  entry->fields["loose"] = std::to_string(info.loose);
  entry->fields["lost_before"] = std::to_string(info.lost_before);
  if (info.public_range.has_value()) {
    entry->fields["public_from"] = info.public_range->from.ToText();
    entry->fields["public_to"] = info.public_range->to.ToText();
  }
}

void AddHead(ledger::Entry* entry, const seal::JournalHead& head) {
  entry->fields["journal_batches"] = std::to_string(head.batches);
  entry->fields["journal_digest"] = ToHex(head.digest);
}

}  // namespace

Result<SegmentId> ReadSegmentId(const ledger::Entry& entry) {
  const std::string text = TRY(Text(entry, "segment"));
  return SegmentId::Parse(text);
}

Result<seal::SegmentInfo> ReadOpened(const ledger::Entry& entry) {
  seal::SegmentInfo info;
  info.id = TRY(ReadSegmentId(entry));
  info.window = TRY(WindowFields(entry));
  const std::string late = TRY(Text(entry, "late"));
  if (late != "yes" && late != "no") return BadField("late", "one of yes, no");
  info.late = late == "yes";
  info.opened_at = entry.at;
  info.wrapped_digest = TRY(DigestField(entry, "wrapped_digest"));
  TRY(ErasureFields(entry, &info));
  const std::string run = RunOf(info.id);
  if (run.empty() || seal::MakeSegmentId(info.window, run) != info.id) {
    return BadField("segment", "not the name of its window");
  }
  return info;
}

Result<seal::SegmentInfo> ReadClosed(const ledger::Entry& entry, seal::SegmentInfo before) {
  TRY(MustBeOpen(before));
  before.root = TRY(DigestField(entry, "root"));
  before.leaf_count = TRY(Number(entry, "leaf_count"));
  before.rows = TRY(Number(entry, "rows"));
  before.loose = TRY(Number(entry, "loose"));
  before.lost_before = TRY(Number(entry, "lost_before"));
  before.public_range = TRY(PublicRangeFields(entry, before.window.stream));
  before.closed_at = entry.at;
  before.state = seal::SegmentState::kClosed;
  return before;
}

Result<seal::SegmentInfo> ReadCrashed(const ledger::Entry& entry, seal::SegmentInfo before) {
  TRY(MustBeOpen(before));
  before.journal = TRY(HeadFields(entry));
  before.closed_at = entry.at;
  before.state = seal::SegmentState::kClosedByCrash;
  return before;
}

Result<seal::SegmentInfo> ReadJournalHead(const ledger::Entry& entry, seal::SegmentInfo before) {
  TRY(MustBeOpen(before));
  const seal::JournalHead head = TRY(HeadFields(entry));
  if (head.batches < before.journal.batches)
    return BadField("journal_batches", "fewer than an earlier entry says");
  before.journal = head;
  before.lost_before = TRY(Number(entry, "lost_before"));
  return before;
}

Result<seal::SegmentInfo> ReadRewrapped(const ledger::Entry& entry, seal::SegmentInfo before) {
  if (before.state == seal::SegmentState::kPurged) {
    return Invalid(fmt::format("segment {} is purged and cannot move", before.id.text()));
  }
  before.erasure_key = TRY(Text(entry, "erasure_key"));
  TRY_IN("field erasure_key", ParseErasureKeyName(before.erasure_key));
  before.wrapped_digest = TRY(DigestField(entry, "wrapped_digest"));
  before.rewrapped = true;
  return before;
}

Result<seal::SegmentInfo> ReadPurged(const ledger::Entry&, seal::SegmentInfo before) {
  if (before.state != seal::SegmentState::kPurged || before.erased) {
    return Invalid(fmt::format("segment {}: no purge of it has begun, or it has ended", before.id.text()));
  }
  before.erased = true;
  return before;
}

Result<seal::SegmentInfo> ReadResealed(const ledger::Entry& entry) {
  seal::SegmentInfo info = TRY(ReadOpened(entry));
  info = TRY(ReadClosed(entry, std::move(info)));
  info.sources = TRY(SegmentsField(entry, "sources"));
  return info;
}

Result<seal::SegmentInfo> ReadReplaced(const ledger::Entry&, seal::SegmentInfo before) {
  const bool was_closed =
      before.state == seal::SegmentState::kClosed || before.state == seal::SegmentState::kClosedByCrash;
  if (!was_closed) {
    return Invalid(
        fmt::format("segment {} is {} and cannot be replaced", before.id.text(), seal::ToText(before.state)));
  }
  before.state = seal::SegmentState::kReplaced;
  return before;
}

Result<seal::SegmentInfo> ReadRetired(const ledger::Entry&, seal::SegmentInfo before) {
  if (before.state != seal::SegmentState::kReplaced || before.retired) {
    return Invalid(fmt::format("segment {} is not replaced, or it is retired already", before.id.text()));
  }
  before.retired = true;
  return before;
}

ledger::Entry OpenedEntry(const seal::SegmentInfo& info) {
  ledger::Entry entry = EntryOf("segment_opened", info, info.opened_at);
  AddOpened(info, &entry);
  return entry;
}

ledger::Entry RewrappedEntry(const seal::SegmentInfo& info, Instant now) {
  ledger::Entry entry = EntryOf("segment_rewrapped", info, now);
  entry.fields["erasure_key"] = info.erasure_key;
  entry.fields["wrapped_digest"] = ToHex(info.wrapped_digest);
  return entry;
}

ledger::Entry PurgedEntry(const seal::SegmentInfo& info, Instant now) {
  return EntryOf("segment_purged", info, now);
}

ledger::Entry ClosedEntry(const seal::SegmentInfo& info) {
  ledger::Entry entry = EntryOf("segment_closed", info, info.closed_at);
  AddClosed(info, &entry);
  return entry;
}

ledger::Entry CrashedEntry(const seal::SegmentInfo& info, Instant now) {
  ledger::Entry entry = EntryOf("segment_closed_by_crash", info, now);
  AddHead(&entry, info.journal);
  return entry;
}

ledger::Entry ResealedEntry(const seal::SegmentInfo& info, const std::string& digests) {
  ledger::Entry entry = EntryOf("segment_resealed", info, info.closed_at);
  AddOpened(info, &entry);
  AddClosed(info, &entry);
  std::string sources;
  for (const SegmentId& source : info.sources) sources += (sources.empty() ? "" : ",") + source.text();
  entry.fields["sources"] = std::move(sources);
  entry.fields["digests"] = digests;
  return entry;
}

ledger::Entry ReplacedEntry(const seal::SegmentInfo& info, const std::string& run, Instant now) {
  ledger::Entry entry = EntryOf("segment_replaced", info, now);
  entry.fields["by_run"] = run;
  return entry;
}

ledger::Entry RetiredEntry(const seal::SegmentInfo& info, Instant now) {
  return EntryOf("segment_retired", info, now);
}

ledger::Entry JournalHeadEntry(const seal::SegmentInfo& info, Instant now) {
  ledger::Entry entry = EntryOf("journal_head", info, now);
  AddHead(&entry, info.journal);
  entry.fields["lost_before"] = std::to_string(info.lost_before);
  return entry;
}

}  // namespace probatio::keep
