// How a request reaches the custodians and an answer comes back.
#pragma once

#include "base/bytes.h"

namespace probatio::custody {

class Custodians {
 public:
  virtual ~Custodians() = default;
  // kDenied with the station's words when it declines; kStorage when no answer came in time.
  virtual Result<Buffer> Exchange(std::string_view sent_request_json, const std::string& request_id) = 0;
};

}  // namespace probatio::custody
