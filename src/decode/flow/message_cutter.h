// Cuts messages that stand back to back (message_file.h) out of a file that is not in memory whole. Pure; one
// cutter serves one file.
#pragma once

#include "decode/cut/cutter.h"
#include "decode/flow/message.h"

namespace probatio::decode {

class MessageCutter : public Cutter {
 public:
  // kInvalid at the first octets that are no message: where the next one begins is then not known.
  Result<Cut> Next(Bytes rest, bool last) override;

 private:
  std::uint64_t offset_ = 0;
};

}  // namespace probatio::decode
