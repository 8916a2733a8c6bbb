// One call of libcurl, set up as every message and question of ours is: bounded in time, without
// redirections, without a proxy of the environment. For the .cc files of this folder. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

using CURL = void;  // as curl/curl.h has it, which stays out of headers
struct curl_slist;

namespace probatio::net {

struct FreeCurl {
  void operator()(CURL* handle) const;
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;

class HeaderList {
 public:
  void Add(const std::string& line);
  curl_slist* get() const { return list_.get(); }

 private:
  struct FreeList {
    void operator()(curl_slist* list) const;
  };
  std::unique_ptr<curl_slist, FreeList> list_;
};

// kInvalid for more than one line of ASCII: a line break would be a header of somebody else's making.
Status CheckHeader(std::string_view what, std::string_view text);
// The host of "scheme://host[:port]/...", brackets and user taken off.
std::string HostOf(std::string_view url);

// What comes back is thrown away until the caller says otherwise. `authorities` is a PEM file instead of the
// system's, or empty; `protocols` those of the URL that may be used ("http,https").
Result<CurlHandle> OpenCurl(const std::string& authorities, const char* protocols);
// kStorage with the reason and without an address.
Status PerformCurl(CURL* curl, std::string_view what);

}  // namespace probatio::net
