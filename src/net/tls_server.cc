#include "net/tls_server.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <csignal>

#include "base/bytes.h"
#include "net/tls_stream.h"

namespace probatio::net {
namespace {

constexpr const char* kCiphersOfTls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view kFingerprintLabel = "sha-256:";
constexpr std::size_t kFingerprintBytes = 32;

Error Cannot(std::string_view what, const std::string& file) {
  const unsigned long code = ERR_peek_error();  // the first is the cause, the last the function that met it
  const char* const reason = ERR_SYSTEM_ERROR(code) ? std::strerror(ERR_GET_REASON(code))
                             : code != 0            ? ERR_reason_error_string(code)
                                                    : nullptr;
  ERR_clear_error();
  return Invalid(
      fmt::format("tls: cannot read {} in {}: {}", what, file, reason == nullptr ? "unknown" : reason));
}

int NoPassphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*context*/) {
  return -1;
}

Status LoadFiles(SSL_CTX* context, const TlsFiles& files) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return Cannot("a certificate", files.certificate);
  SSL_CTX_set_default_passwd_cb(context, NoPassphrase);
  // This also refuses a key that is not the certificate's.
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return Cannot("the certificate's key without a passphrase", files.key);
  if (files.client_ca.empty()) return Done{};
  STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(files.client_ca.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, files.client_ca.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return Cannot("the clients' authorities", files.client_ca);
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return Done{};
}

void SetRules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  CHECK(SSL_CTX_set_cipher_list(context, kCiphersOfTls12) == 1);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
}

// "sha-256:" and 32 octets in hexadecimal, with or without colons.
Result<Buffer> ParseFingerprint(std::string_view text) {
  std::string digits(text.substr(kFingerprintLabel.size()));
  std::erase(digits, ':');
  Buffer fingerprint = TRY(FromHex(digits));
  if (fingerprint.size() != kFingerprintBytes) return Invalid("not 32 octets");
  return fingerprint;
}

// OpenSSL's matching of names knows wildcards and suffixes; neither is one client.
bool IsHostName(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find_first_of("*: /\0") == std::string_view::npos;
}

Result<AllowedClients> ParseClients(const TlsFiles& files) {
  AllowedClients allowed;
  if (files.clients.size() > kTlsClientsMax)
    return Invalid(fmt::format("tls: more than {} clients", kTlsClientsMax));
  if (!files.clients.empty() && files.client_ca.empty())
    return Invalid("tls: a list of clients needs the authority that certified them");
  for (const std::string& client : files.clients) {
    if (client.starts_with(kFingerprintLabel)) {
      Buffer fingerprint = TRY_IN("tls: client '" + client + "'", ParseFingerprint(client));
      allowed.fingerprints.push_back(std::move(fingerprint));
    } else if (IsHostName(client)) {
      allowed.names.push_back(client);
    } else {
      return Invalid("tls: client '" + client + "': neither a sha-256 fingerprint nor a DNS name");
    }
  }
  return allowed;
}

}  // namespace

struct TlsServer::Context {
  TlsContext context{SSL_CTX_new(TLS_server_method())};
  AllowedClients allowed;
};

Result<TlsServer> TlsServer::Load(const TlsFiles& files) {
  auto made = std::make_shared<Context>();
  CHECK(made->context != nullptr);
  SetRules(made->context.get());
  made->allowed = TRY(ParseClients(files));
  TRY(LoadFiles(made->context.get(), files));
  return TlsServer(std::move(made));
}

Result<std::unique_ptr<Stream>> TlsServer::Open(TcpConnection connection) const {
  // The stream keeps the whole context alive, also after a reload.
  return OpenTlsStream(std::move(connection), context_->context.get(),
                       std::shared_ptr<const AllowedClients>(context_, &context_->allowed));
}

void BlockBrokenPipeSignal() {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  CHECK(pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr) == 0);
}

}  // namespace probatio::net
