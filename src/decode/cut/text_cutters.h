// The cutters of texts: line by line, entry by entry, or whole. A byte order mark at the begin is stepped
// over. Pure; one cutter serves one file.
#pragma once

#include <string_view>

#include "decode/cut/cutter.h"

namespace probatio::decode {

inline constexpr std::size_t kLineBytesMax = 1U << 20;   // no decoder takes a longer one
inline constexpr std::size_t kEntryBytesMax = 1U << 20;  // of several lines
inline constexpr std::size_t kWholeTextBytesMax = 16U << 20;

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What all cutters of texts share: the mark at the begin, and pieces beyond a limit. Of such a piece the
// decoder gets one octet more than the limit, so that it refuses and counts it in its place; the rest of that
// line is stepped over.
class TextCutter : public Cutter {
 public:
  Result<Cut> Next(Bytes rest, bool last) final;

 protected:
  // Octets of the piece that begins `text`, its line ends included; 0: it is not whole yet.
  virtual std::size_t SizeOf(std::string_view text, bool last) = 0;
  // Octets that are no piece, before the next one.
  virtual std::size_t Skipped(std::string_view /*text*/, bool /*last*/) { return 0; }
  virtual std::size_t bytes_max() const { return kLineBytesMax; }

 private:
  bool begun_ = false;
  bool in_long_ = false;
};

// Pieces are lines with their ends; the last one may lack it.
class LineCutter : public TextCutter {
 protected:
  std::size_t SizeOf(std::string_view text, bool last) override;
};

// Pieces are the runs of lines between blank ones.
class EntryCutter : public TextCutter {
 protected:
  std::size_t SizeOf(std::string_view text, bool last) override;
  std::size_t Skipped(std::string_view text, bool last) override;
  std::size_t bytes_max() const override { return kEntryBytesMax; }
};

// One piece, for a format that must be seen whole. kInvalid beyond kWholeTextBytesMax.
class WholeCutter : public Cutter {
 public:
  Result<Cut> Next(Bytes rest, bool last) override;
};

}  // namespace probatio::decode
