// The listener's side of TLS (RFC 5425 for syslog, RFC 7011 section 10.4 for IPFIX): 1.2 and 1.3 with forward
// secrecy (RFC 9325, RFC 9662), no renegotiation, no resumption, no compression. A value made from files;
// connections keep the one they began with. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/stream.h"

namespace probatio::net {

inline constexpr std::size_t kTlsClientsMax = 4'096;

struct TlsFiles {
  std::string certificate;  // PEM: our certificate, then those between it and its authority
  std::string key;          // PEM, without a passphrase: nobody is there to type one
  std::string client_ca;    // PEM: authorities of the clients; empty: clients show no certificate
  // Which of the authority's clients are let in: "sha-256:AB:CD:..." (RFC 5425 section 4.2.2, of the whole
  // certificate) or a DNS name of the certificate. Empty: all of them.
  std::vector<std::string> clients;
};

class TlsServer {
 public:
  // Names the file and the reason. kInvalid also for `clients` without `client_ca`, or in neither form.
  static Result<TlsServer> Load(const TlsFiles& files);

  // The handshake is made by the stream's first reads. An error is the library's.
  Result<std::unique_ptr<Stream>> Open(TcpConnection connection) const;

 private:
  struct Context;
  explicit TlsServer(std::shared_ptr<const Context> context) : context_(std::move(context)) {}
  std::shared_ptr<const Context> context_;
};

// TLS writes to peers that may have left; in a thread that calls this such a write fails instead of ending
// the program.
void BlockBrokenPipeSignal();

}  // namespace probatio::net
