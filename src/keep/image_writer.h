// Writes the images of segments into the box, some MB at a time. Not thread-safe.
#pragma once

#include "seal/box.h"
#include "seal/segment.h"

namespace probatio::keep {

class ImageWriter {
 public:
  explicit ImageWriter(seal::Box& box) : box_(box) {}

  // Blocks, pages of leaves and their index; what is there under the same names is replaced.
  Status Put(const SegmentId& segment, seal::SegmentImage image);
  // All that was put is in the box when it returns, or the closing starts over.
  Status Settle();

 private:
  Status Put(std::string key, Buffer value);
  Status Stage();

  seal::Box& box_;
  std::vector<seal::BoxEntry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace probatio::keep
