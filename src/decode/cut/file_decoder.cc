#include "decode/cut/file_decoder.h"

#include <fmt/format.h>

#include "decode/time/correct_records.h"

namespace probatio::decode {

Result<std::size_t> FileDecoder::Take(Bytes rest, bool last, std::vector<record::Record>* records) {
  const Result<Cut> next = parts_.cutter->Next(rest, last);
  if (!next.ok()) {
    if (!begun_) return next.error();
    Refuse(nullptr, next.error());
    return rest.size();
  }
  const Cut& cut = next.value();
  CHECK(cut.size != 0 || (!last && rest.size() < kCutterBytesMax));
  begun_ = begun_ || cut.size != 0;
  if (!cut.piece.has_value()) return cut.size;
  if (parts_.wanted && !parts_.wanted(cut)) {
    ++unwanted_;
    return cut.size;
  }
  ++pieces_;
  const Status decoded = Decode(*cut.piece, records);
  if (parts_.still_readable) TRY(parts_.still_readable());
  if (!decoded.ok()) Refuse(&*cut.piece, decoded.error());
  if (parts_.has_header && pieces_ == 1) header_ = ToBuffer(cut.piece->bytes);
  return cut.size;
}

// A correction that fails takes back what the piece gave: a record with an instant nobody vouches for is
// none.
Status FileDecoder::Decode(const Piece& piece, std::vector<record::Record>* records) {
  const std::size_t before = records->size();
  const Status decoded = parts_.decoder->Decode(piece, records);
  if (!parts_.corrected_by.has_value()) return decoded;
  const Status corrected =
      CorrectRecords(*parts_.corrected_by, std::span<record::Record>(*records).subspan(before));
  if (!corrected.ok()) records->resize(before);
  return decoded.ok() ? corrected : decoded;
}

// An error without a piece is one of the rest of the file.
void FileDecoder::Refuse(const Piece* piece, const Error& reason) {
  ++broken_;
  const bool has_place = parts_.names_place || piece == nullptr;
  const Error placed = has_place ? reason : reason.Within(fmt::format("{} {}", parts_.piece_name, pieces_));
  if (errors_.size() < kFileErrorsMax) errors_.push_back(placed);
  if (parts_.put_aside && piece != nullptr) parts_.put_aside({*piece, header_, placed});
}

std::map<std::string, std::uint64_t> FileDecoder::counts() const {
  std::map<std::string, std::uint64_t> counts = parts_.decoder->counts();
  for (const auto& [name, count] : parts_.cutter->counts()) counts[name] += count;
  if (broken_ != 0 && !parts_.counts_broken) counts[fmt::format("broken {}s", parts_.piece_name)] += broken_;
  if (unwanted_ != 0) counts["datagrams to other ports"] += unwanted_;
  return counts;
}

}  // namespace probatio::decode
