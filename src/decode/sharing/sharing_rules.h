// Dated address-sharing rules from a file that the network's planners keep (docs/formats/sharing-rules.md):
// deterministic NAT, MAP-E, MAP-T, 4rd, fixed port sets. One record for each version of a rule. Pure;
// thread-safe.
#pragma once

#include "decode/decoder.h"

namespace probatio::decode {

inline constexpr std::size_t kSharingRulesBytesMax = 16'777'216;
inline constexpr std::size_t kSharingRulesMax = 65'536;

class SharingRulesDecoder : public Decoder {
 public:
  // `exporter` names the file's author where the file does not.
  explicit SharingRulesDecoder(std::string exporter) : exporter_(std::move(exporter)) {}

  // A whole file. kInvalid names the first rule that is broken, by its place and name; the others are read.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return counts_; }

 private:
  std::string exporter_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace probatio::decode
