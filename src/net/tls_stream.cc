#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace probatio::net {
namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

// The verdict on the peer's certificate says more than the library's error.
Error Broken(const SSL* ssl, int error, int system_error) {
  const unsigned long code = ERR_peek_last_error();
  const long verdict = SSL_get_verify_result(ssl);
  std::string reason = "connection broken";
  if (verdict != X509_V_OK) {
    reason = std::string("client certificate: ") + X509_verify_cert_error_string(verdict);
  } else if (error == SSL_ERROR_SYSCALL && system_error != 0) {
    reason = std::strerror(system_error);
  } else if (code != 0 && ERR_reason_error_string(code) != nullptr) {
    reason = ERR_reason_error_string(code);
  }
  ERR_clear_error();
  return {ErrorCode::kCrypto, "tls: " + reason};
}

bool HasFingerprint(const X509* certificate, const std::vector<Buffer>& fingerprints) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return false;
  const Bytes own = Bytes(digest).first(size);
  return std::any_of(fingerprints.begin(), fingerprints.end(), [own](const Buffer& one) {
    return std::equal(one.begin(), one.end(), own.begin(), own.end());
  });
}

bool HasName(X509* certificate, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [certificate](const std::string& name) {
    return X509_check_host(certificate, name.data(), name.size(), X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1;
  });
}

class TlsStream : public Stream {
 public:
  TlsStream(FileDescriptor fd, SSL* owned, std::shared_ptr<const AllowedClients> allowed)
      : fd_(std::move(fd)), ssl_(owned), allowed_(std::move(allowed)) {}
  ~TlsStream() override {
    ERR_clear_error();
    if (established_ && !broken_) SSL_shutdown(ssl_.get());  // a goodbye; no answer is waited for
    ERR_clear_error();
  }

  Result<StreamRead> Read(std::span<std::uint8_t> room) override {
    CHECK(room.size() >= kStreamReadBytesMin);
    ERR_clear_error();
    errno = 0;
    if (!established_) {
      const int accepted = SSL_accept(ssl_.get());
      if (accepted != 1) return Outcome(accepted);
      TRY(LetIn());
      established_ = true;
    }
    const int got = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
    if (got <= 0) return Outcome(got);
    waits_to_write_ = false;
    return StreamRead{StreamRead::State::kOctets, static_cast<std::size_t>(got)};
  }

  bool is_established() const override { return established_; }
  bool waits_to_write() const override { return waits_to_write_; }
  int fd() const override { return fd_.get(); }

 private:
  Result<StreamRead> Outcome(int returned) {
    const int system_error = errno;
    const int error = SSL_get_error(ssl_.get(), returned);
    waits_to_write_ = error == SSL_ERROR_WANT_WRITE;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return StreamRead{};
    if (error == SSL_ERROR_ZERO_RETURN) return StreamRead{StreamRead::State::kEnded, 0};
    broken_ = true;  // after a fatal error nothing more may be sent, not even a goodbye
    return Broken(ssl_.get(), error, system_error);
  }

  Status LetIn() const {
    if (allowed_->fingerprints.empty() && allowed_->names.empty()) return Done{};
    const std::unique_ptr<X509, FreeCertificate> certificate(SSL_get1_peer_certificate(ssl_.get()));
    CHECK(certificate != nullptr);  // the handshake does not end without it
    if (HasFingerprint(certificate.get(), allowed_->fingerprints)) return Done{};
    if (HasName(certificate.get(), allowed_->names)) return Done{};
    return Error(ErrorCode::kDenied, "tls: client certificate: not on the list");
  }

  FileDescriptor fd_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::shared_ptr<const AllowedClients> allowed_;
  bool established_ = false;
  bool broken_ = false;
  bool waits_to_write_ = false;
};

}  // namespace

void FreeTlsContext::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<std::unique_ptr<Stream>> OpenTlsStream(TcpConnection connection, ssl_ctx_st* context,
                                              std::shared_ptr<const AllowedClients> allowed) {
  SSL* const ssl = SSL_new(context);
  if (ssl == nullptr || SSL_set_fd(ssl, connection.fd.get()) != 1) {
    SSL_free(ssl);
    return Error(ErrorCode::kCrypto, "tls: no memory for a connection");
  }
  return std::unique_ptr<Stream>(
      std::make_unique<TlsStream>(std::move(connection.fd), ssl, std::move(allowed)));
}

}  // namespace probatio::net
