// One connection under TLS. For net/*.cc only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "net/stream.h"

struct ssl_ctx_st;

namespace probatio::net {

struct AllowedClients {  // both empty: every client whose certificate holds, or, without authorities,
                         // everyone
  std::vector<Buffer> fingerprints;
  std::vector<std::string> names;
};

struct FreeTlsContext {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTlsContext>;

Result<std::unique_ptr<Stream>> OpenTlsStream(TcpConnection connection, ssl_ctx_st* context,
                                              std::shared_ptr<const AllowedClients> allowed);

}  // namespace probatio::net
