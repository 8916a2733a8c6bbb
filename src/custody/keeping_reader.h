// A reader that notes what is asked of another reader and what it answers, for a hold's file. For one thread
// and one grant's execution.
#pragma once

#include "custody/held_rows.h"

namespace probatio::custody {

class KeepingReader : public resolve::RecordReader {
 public:
  explicit KeepingReader(resolve::RecordReader& inner) : inner_(inner) {}
  Result<resolve::Found> Read(const order::Grant& grant,
                              const std::vector<resolve::LookUp>& look_ups) override {
    resolve::Found found = TRY(inner_.Read(grant, look_ups));
    reads_.push_back({look_ups, found});
    return found;
  }
  const std::vector<HeldRead>& reads() const { return reads_; }

 private:
  resolve::RecordReader& inner_;
  std::vector<HeldRead> reads_;
};

}  // namespace probatio::custody
