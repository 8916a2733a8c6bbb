#include "keep/hold_extraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "keep/enter.h"
#include "keep/vault_file.h"

namespace probatio::keep {
namespace {

constexpr char kExtracted[] = "hold_extracted";
constexpr char kDestroyed[] = "hold_destroyed";

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto found = entry.fields.find(name);
  return found == entry.fields.end() ? std::string() : found->second;
}

Result<Extraction> ReadEntry(const ledger::Entry& entry, std::uint64_t index) {
  Extraction extraction;
  extraction.at = entry.at;
  extraction.index = index;
  const Result<Buffer> digest = FromHex(FieldOf(entry, "digest"));
  const std::string segments = FieldOf(entry, "segments");
  const char* const end = segments.data() + segments.size();
  const auto number = std::from_chars(segments.data(), end, extraction.segments_searched);
  const bool is_number = number.ec == std::errc() && number.ptr == end;
  if (!digest.ok() || digest.value().size() != extraction.digest.size() || !is_number) {
    return StorageError(fmt::format("ledger: entry {}: no extraction of a hold", index));
  }
  std::copy(digest.value().begin(), digest.value().end(), extraction.digest.begin());
  return extraction;
}

Status EnterOne(ledger::Ledger& ledger, const ledger::Entry& entry) {
  return Enter(ledger, std::span(&entry, 1)).status;
}

// What is on the disk is what counts, not what was handed to it.
Status CheckOnDisk(const ExtractionParts& parts, const OrderId& order, const Buffer& made) {
  const std::optional<Buffer> there = TRY(ReadHeld(parts.folder, order));
  const std::string path = HeldPath(parts.folder, order);
  if (there != made) return StorageError(path + ": is not what was written; the pins stay");
  TRY_IN(path, parts.opens(*there));
  return Done{};
}

Status ExtractNew(const ExtractionParts& parts, const OrderId& order) {
  const ExtractionParts::Made made = TRY(parts.make());
  const std::string name = order.text() + kHeldFileEnding;
  TRY(CreateDurably(parts.folder.disk, parts.folder.path, name, made.file));
  TRY(CheckOnDisk(parts, order, made.file));
  return EnterOne(parts.ledger, {kExtracted,
                                 parts.clock.Now(),
                                 {{"order", order.text()},
                                  {"digest", ToHex(crypto::Sha256(made.file))},
                                  {"segments", std::to_string(made.segments_searched)}}});
}

// Nothing to do again when the ledger's file is there. A file that is gone or altered is made again only
// while its pins still keep the windows.
Result<bool> IsExtracted(const ExtractionParts& parts, const OrderId& order, std::size_t pins) {
  const std::optional<Extraction> before = TRY(ExtractionOf(parts.ledger, order));
  if (!before) return false;
  const Result<Buffer> file = ReadExtracted(parts.folder, order, *before);
  if (file.ok()) return true;
  if (file.error().code() == ErrorCode::kNotFound && pins > 0) return false;
  if (pins == 0) return file.error();
  return Error(file.error().code(), file.error().what() + "; its pins stay: move it away and extract again");
}

}  // namespace

Result<std::optional<Extraction>> ExtractionOf(const ledger::Ledger& ledger, const OrderId& order) {
  std::optional<Extraction> last;
  for (std::uint64_t index = 0; index < ledger.entries().size(); ++index) {
    const ledger::Entry& entry = ledger.entries()[index];
    if (FieldOf(entry, "order") != order.text()) continue;
    if (entry.type == kDestroyed) last.reset();
    if (entry.type == kExtracted) last = TRY(ReadEntry(entry, index));
  }
  return last;
}

std::string HeldPath(const HeldFolder& folder, const OrderId& order) {
  return folder.path + "/" + order.text() + kHeldFileEnding;
}

Result<std::optional<Buffer>> ReadHeld(const HeldFolder& folder, const OrderId& order) {
  return ReadWhole(folder.disk, HeldPath(folder, order), folder.bytes_max);
}

Result<Buffer> ReadExtracted(const HeldFolder& folder, const OrderId& order, const Extraction& extraction) {
  const std::string path = HeldPath(folder, order);
  std::optional<Buffer> file = TRY(ReadHeld(folder, order));
  if (!file)
    return NotFound(fmt::format("{}: no such file, but ledger entry {} names it", path, extraction.index));
  if (crypto::Sha256(*file) != extraction.digest) {
    return CryptoError(fmt::format("{}: is not the file of ledger entry {}", path, extraction.index));
  }
  return std::move(*file);
}

Result<Extraction> ExtractHold(const ExtractionParts& parts, const OrderId& order) {
  TRY(parts.ledger.Refresh());
  const std::size_t pins = TRY(parts.pins());
  const bool extracted = TRY(IsExtracted(parts, order, pins));
  if (!extracted && pins == 0) return NotFound("hold: nothing is pinned for order " + order.text());
  if (!extracted) TRY(ExtractNew(parts, order));
  TRY(parts.release());
  const std::optional<Extraction> done = TRY(ExtractionOf(parts.ledger, order));
  CHECK(done.has_value());
  return *done;
}

Result<bool> DestroyHeld(ledger::Ledger& ledger, const HeldFolder& folder, const OrderId& order,
                         Instant now) {
  TRY(ledger.Refresh());
  const std::optional<Extraction> extraction = TRY(ExtractionOf(ledger, order));
  const std::optional<Buffer> file = TRY(ReadHeld(folder, order));
  const std::string name = order.text() + kHeldFileEnding;
  TRY(DestroyDurably(folder.disk, folder.path, name, file ? file->size() : 0));  // also what was cut off
  if (!extraction && !file) return false;
  if (!extraction) return true;  // cut off before its entry: the ledger never knew of it
  TRY(EnterOne(ledger, {kDestroyed, now, {{"order", order.text()}, {"digest", ToHex(extraction->digest)}}}));
  return true;
}

}  // namespace probatio::keep
