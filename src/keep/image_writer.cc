#include "keep/image_writer.h"

#include <utility>

#include "seal/box_key.h"
#include "seal/leaf_page.h"

namespace probatio::keep {
namespace {

constexpr std::size_t kStageBytes = 4U << 20;  // entries are staged by about so much

}  // namespace

Status ImageWriter::Put(const SegmentId& segment, seal::SegmentImage image) {
  for (std::size_t i = 0; i < image.blocks.size(); ++i) {
    const seal::BlockLeaf& leaf = image.leaves[i + 1];
    TRY(Put(seal::BlockKey(segment, leaf.token, leaf.position), std::move(image.blocks[i])));
  }
  seal::LeafPages leaves = seal::PagesOf(image.leaves);
  for (std::size_t i = 0; i < leaves.pages.size(); ++i) {
    TRY(Put(seal::LeafPageKey(segment, i), std::move(leaves.pages[i])));
  }
  return Put(seal::LeafIndexKey(segment), std::move(leaves.index));
}

Status ImageWriter::Settle() {
  TRY(Stage());
  return box_.Settle();
}

Status ImageWriter::Put(std::string key, Buffer value) {
  bytes_ += key.size() + value.size();
  entries_.push_back({std::move(key), std::move(value)});
  if (bytes_ < kStageBytes) return Done{};
  return Stage();
}

Status ImageWriter::Stage() {
  bytes_ = 0;
  return box_.Stage(std::exchange(entries_, {}));
}

}  // namespace probatio::keep
