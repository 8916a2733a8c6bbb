#include "ledger/published_tree.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::ledger {
namespace {

constexpr unsigned kBitsPerLevel = 8;

Status WriteTiles(const Ledger& ledger, std::uint64_t old_size, PublishedFiles& files) {
  for (unsigned level = 0; level < kTileLevels; ++level) {
    for (const TileId& tile : TilesSince(level, old_size, ledger.size()))
      TRY(files.Write(TilePath(tile), TileBytes(ledger.tree(), tile)));
  }
  return Done{};
}

Status WriteBundles(const Ledger& ledger, std::uint64_t old_size, PublishedFiles& files) {
  for (const TileId& tile : TilesSince(0, old_size, ledger.size())) {
    std::vector<std::string> entries;
    for (unsigned i = 0; i < tile.width; ++i)
      entries.push_back(EntryToJson(ledger.entries()[tile.index * kTileWidth + i]));
    TRY(files.Write(BundlePath(tile), BundleBytes(entries)));
  }
  return Done{};
}

Status CheckPrefix(const Ledger& ledger, const Checkpoint& published) {
  if (published.size > ledger.size()) {
    return StorageError(
        fmt::format("ledger: {} entries, but {} were published: it was put back to an older state; get the "
                    "rest back with: probatio ledger restore",
                    ledger.size(), published.size));
  }
  if (ledger.tree().RootAt(published.size) != published.root) {
    return CryptoError(
        fmt::format("ledger: is not the one that was published: another tree of {} entries", published.size));
  }
  return Done{};
}

// Reads a tree bottom up: bundles and the lowest tiles first, then the tiles above.
class TreeReader {
 public:
  TreeReader(const PublishedFiles& files, const Checkpoint& checkpoint)
      : files_(files), checkpoint_(checkpoint) {}

  Status ReadEntries(const OnEntry& on_entry) {
    for (const TileId& tile : TilesSince(0, 0, checkpoint_.size)) {
      const std::vector<crypto::Digest> hashes = TRY(Hashes(tile));
      const std::string path = BundlePath(tile);
      const Buffer bytes = TRY(files_.Read(path, kBundleBytesMax));
      std::vector<std::string> entries = TRY_IN(path, ParseBundle(bytes, tile.width));
      for (unsigned i = 0; i < tile.width; ++i)
        TRY(Take(tile, i, hashes[i], std::move(entries[i]), on_entry));
    }
    return Done{};
  }

  Status CheckUpperTiles() {
    for (unsigned level = 1; level < kTileLevels; ++level) {
      for (const TileId& tile : TilesSince(level, 0, checkpoint_.size)) {
        const std::vector<crypto::Digest> hashes = TRY(Hashes(tile));
        for (unsigned i = 0; i < tile.width; ++i) {
          if (hashes[i] == tree_.full(kBitsPerLevel * level, tile.index * kTileWidth + i)) continue;
          return CryptoError(fmt::format("{}: hash {} is not that of the tiles below", TilePath(tile), i));
        }
      }
    }
    return Done{};
  }

  Status CheckRoot() const {
    if (tree_.Root() == checkpoint_.root) return Done{};
    return CryptoError(
        fmt::format("the {} published entries do not lead to the checkpoint's root", checkpoint_.size));
  }

 private:
  Result<std::vector<crypto::Digest>> Hashes(const TileId& tile) const {
    const std::string path = TilePath(tile);
    const Buffer bytes = TRY(files_.Read(path, kTileWidth * sizeof(crypto::Digest)));
    return TRY_IN(path, ParseTile(bytes, tile.width));
  }

  Status Take(const TileId& tile, unsigned place, const crypto::Digest& hash, std::string entry,
              const OnEntry& on_entry) {
    const std::uint64_t index = tile.index * kTileWidth + place;
    const crypto::Digest leaf = crypto::LeafHash(AsBytes(entry));
    if (leaf != hash)
      return CryptoError(fmt::format("{}: entry {} is not the one whose hash stands in {}", BundlePath(tile),
                                     index, TilePath(tile)));
    tree_.Append(leaf);
    return on_entry(index, std::move(entry));
  }

  const PublishedFiles& files_;
  const Checkpoint& checkpoint_;
  crypto::MerkleTree tree_;
};

}  // namespace

Status PublishTree(const Ledger& ledger, Publish what, PublishedFiles& files) {
  const std::optional<Checkpoint> published = TRY(ReadPublished(files, ledger.verifier_key()));
  if (published.has_value()) TRY(CheckPrefix(ledger, *published));
  const std::uint64_t old_size = published.has_value() ? published->size : 0;
  if (published.has_value() && old_size == ledger.size()) return Done{};
  if (what == Publish::kTilesAndEntries) TRY(WriteBundles(ledger, old_size, files));
  TRY(WriteTiles(ledger, old_size, files));
  const std::string checkpoint = TRY(ledger.SignedCheckpoint());
  return files.Write(std::string(kCheckpointPath), AsBytes(checkpoint));
}

Result<std::optional<Checkpoint>> ReadPublished(const PublishedFiles& files,
                                                const std::string& verifier_key) {
  const Result<Buffer> note = files.Read(std::string(kCheckpointPath), kCheckpointBytesMax);
  if (!note.ok() && note.error().code() == ErrorCode::kNotFound) return std::optional<Checkpoint>();
  if (!note.ok()) return note.error();
  Checkpoint checkpoint = TRY(OpenCheckpoint(AsText(note.value()), verifier_key));
  return std::optional<Checkpoint>(std::move(checkpoint));
}

Status CheckContinues(const Ledger& ledger, const PublishedFiles& files) {
  const std::optional<Checkpoint> published = TRY(ReadPublished(files, ledger.verifier_key()));
  if (!published.has_value()) return Done{};
  return CheckPrefix(ledger, *published);
}

Status VerifyTree(const PublishedFiles& files, const Checkpoint& checkpoint, const OnEntry& on_entry) {
  TreeReader reader(files, checkpoint);
  TRY(reader.ReadEntries(on_entry));
  TRY(reader.CheckUpperTiles());
  return reader.CheckRoot();
}

Result<std::uint64_t> RestoreFrom(const PublishedFiles& files, Ledger& ledger) {
  const std::optional<Checkpoint> published = TRY(ReadPublished(files, ledger.verifier_key()));
  if (!published.has_value()) return NotFound("ledger: nothing was published there");
  if (published->size <= ledger.size()) {
    TRY(CheckPrefix(ledger, *published));
    return std::uint64_t{0};
  }
  const std::uint64_t known = ledger.size();
  std::vector<Entry> missing;
  TRY(VerifyTree(files, *published, [&](std::uint64_t index, const std::string& line) -> Status {
    if (index < known) {
      if (crypto::LeafHash(AsBytes(line)) == ledger.tree().leaf(index)) return Done{};
      return CryptoError(fmt::format("ledger: entry {} here is not the one that was published", index));
    }
    Entry entry = TRY_IN(fmt::format("published entry {}", index), EntryFromJson(line));
    missing.push_back(std::move(entry));
    return Done{};
  }));
  for (std::size_t done = 0; done < missing.size(); done += kEntriesPerAppendMax) {
    const std::size_t count = std::min<std::size_t>(kEntriesPerAppendMax, missing.size() - done);
    TRY(ledger.AppendAll(std::span(missing).subspan(done, count)));
  }
  return published->size - known;
}

}  // namespace probatio::ledger
