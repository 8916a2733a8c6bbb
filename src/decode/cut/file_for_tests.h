// A file given to a decoder in parts of any size, for tests: what comes out must not depend on it.
#pragma once

#include <utility>

#include "decode/cut/file_decoder.h"

namespace probatio::decode {

struct FileContents {
  std::vector<record::Record> records;
  std::vector<Error> errors;
  std::map<std::string, std::uint64_t> counts;
  std::vector<SequenceGap> gaps;
};

inline Result<FileContents> DecodeInParts(FileDecoder::Parts parts, Bytes file, std::size_t part_bytes) {
  FileDecoder decoder(std::move(parts));
  FileContents contents;
  std::size_t seen = std::min(part_bytes, file.size());
  while (!file.empty()) {
    const std::size_t size = TRY(decoder.Take(file.first(seen), seen == file.size(), &contents.records));
    file = file.subspan(size);
    seen = std::min(size == 0 ? seen + part_bytes : std::max(seen - size, part_bytes), file.size());
  }
  contents.errors = decoder.errors();
  contents.counts = decoder.counts();
  contents.gaps = decoder.TakeGaps();
  return contents;
}

inline Result<FileContents> DecodeWhole(FileDecoder::Parts parts, Bytes file) {
  return DecodeInParts(std::move(parts), file, file.size());
}

// Of a decoder of lines that tells their numbers itself.
inline FileDecoder::Parts LinesForTests(std::unique_ptr<Cutter> cutter, std::unique_ptr<Decoder> decoder) {
  FileDecoder::Parts parts;
  parts.cutter = std::move(cutter);
  parts.decoder = std::move(decoder);
  parts.piece_name = "line";
  parts.names_place = true;
  parts.counts_broken = true;
  return parts;
}

}  // namespace probatio::decode
