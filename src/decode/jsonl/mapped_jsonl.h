// JSON Lines by a mapping: logs whose keys are not those of our records. A piece is one line. Pure; a decoder
// serves one thread.
#pragma once

#include "decode/jsonl/json_columns.h"
#include "decode/mapping/mapped_decoder.h"

namespace probatio::decode {

class MappedJsonlDecoder : public MappedDecoder {
 public:
  using MappedDecoder::MappedDecoder;

 protected:
  Result<std::optional<std::vector<Cell>>> CellsOf(const Piece& piece) final;
  std::string place() const final;

 private:
  std::uint64_t line_ = 0;
};

}  // namespace probatio::decode
