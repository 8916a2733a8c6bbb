// The time-stamp authorities of a deployment: those of [[timestamps]] in turn, each tried twice; without any,
// the local one, which proves nothing to a third party. One object is for one thread.
#pragma once

#include "base/random.h"
#include "base/toml_table.h"
#include "cli/keys.h"
#include "crypto/timestamp.h"
#include "net/question.h"

namespace probatio::cli {

inline constexpr std::size_t kTimestampAuthoritiesMax = 4;
inline constexpr int kTimestampTries = 2;  // of each authority
inline constexpr int kTimestampPauseSeconds = 1;

struct TimestampService {
  std::string url;           // of RFC 3161 over HTTP (section 3.4)
  std::string anchors_file;  // PEM: what its tokens must lead to
  std::string authorities;   // PEM: for https, instead of the system's; may be empty
};

// [[timestamps]] of probatio.toml; kInvalid names file, line and key.
Result<std::vector<TimestampService>> ReadTimestampServices(const std::vector<TomlTable>& tables);

// Asks services with their anchors already read. Stamp fails only when all did: kStorage names each with its
// reason. A token that does not verify is a failure like silence.
struct TrustedService {
  net::Question question;
  std::vector<crypto::Certificate> anchors;
};
std::unique_ptr<crypto::TimestampAuthority> RemoteAuthorities(std::vector<TrustedService> services,
                                                              Random& random);

class Deployment;
// `deployment` outlives what is returned. Errors name the file of anchors that cannot be read.
Result<std::unique_ptr<crypto::TimestampAuthority>> TimestampAuthorityOf(Deployment& deployment);

}  // namespace probatio::cli
