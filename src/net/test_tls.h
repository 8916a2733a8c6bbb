// An invented authority with a listener and its clients, as PEM files, and a client that speaks TLS. Used by
// *_test.cc only.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "crypto/test_world.h"
#include "net/socket_address.h"
#include "net/tls_server.h"

namespace probatio::net {

class TestTlsFolder {
 public:
  TestTlsFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "probatio-tls-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    const crypto::Holder ours = Authority("Exemple CA");
    const crypto::Holder other = Authority("Another CA");
    Write("ca.pem", ours.certificate.ToPem());
    WriteHolder("listener", ours);
    WriteHolder("cgn-1.example", ours);
    WriteHolder("cgn-2.example", ours);
    WriteHolder("stranger.example", other);
    WriteHolder("expired.example", ours, Period{At("2020-01-01T00:00:00Z"), At("2021-01-01T00:00:00Z")});
    Write("locked.key", ours.key.ToPem(Secret(std::string_view("a passphrase for tests"))).value());
    Write("empty.pem", "");
  }
  ~TestTlsFolder() { std::filesystem::remove_all(path_); }
  TestTlsFolder(const TestTlsFolder&) = delete;
  TestTlsFolder& operator=(const TestTlsFolder&) = delete;

  std::string File(const std::string& name) const { return path_ / name; }
  TlsFiles Files(bool ask_clients, std::vector<std::string> clients = {}) const {
    return {File("listener.pem"), File("listener.key"), ask_clients ? File("ca.pem") : "",
            std::move(clients)};
  }
  std::string Fingerprint(const std::string& name) const {
    const Buffer pem = crypto::ReadFile(File(name + ".pem"));
    return ToHex(crypto::Certificate::FromPem(AsText(pem)).value().Fingerprint());
  }

 private:
  static Instant At(const char* text) { return crypto::TestInstant(text); }
  static Period Valid() { return {At("2020-01-01T00:00:00Z"), At("2120-01-01T00:00:00Z")}; }
  static crypto::Holder Authority(const std::string& name) {
    crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
    auto made =
        crypto::IssueTo(key.Public(), name, crypto::CertificateUse::kAuthority, key, nullptr, Valid());
    return {std::move(key), std::move(made)};
  }
  void WriteHolder(const std::string& name, const crypto::Holder& authority, const Period& valid = Valid()) {
    const crypto::Holder holder = crypto::MakeHolder(name, crypto::CertificateUse::kPerson, authority, valid);
    Write(name + ".pem", holder.certificate.ToPem());
    FILE* const file = ::fopen(File(name + ".key").c_str(), "w");
    CHECK(PEM_write_PrivateKey(file, holder.key.native(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    ::fclose(file);
  }
  void Write(const std::string& name, std::string_view text) const {
    crypto::WriteFile(File(name), AsBytes(text));
  }

  std::filesystem::path path_;
};

inline FileDescriptor TestConnect(const Endpoint& to) {
  FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress address = ToSocketAddress(to);
  CHECK(::connect(fd.get(), address.get(), address.size) == 0);
  return fd;
}

// What one client did with a connection; it waits for the server.
class TestTlsClient {
 public:
  // `name` of its certificate in the folder; empty: it has none.
  TestTlsClient(const Endpoint& to, const TestTlsFolder& folder, const std::string& name = "",
                int version_max = 0)
      : fd_(TestConnect(to)), context_(SSL_CTX_new(TLS_client_method())) {
    std::signal(SIGPIPE, SIG_IGN);
    SSL_CTX_set_max_proto_version(context_, version_max);
    SSL_CTX_set_security_level(context_, 0);  // so that it may try what is forbidden
    SSL_CTX_load_verify_file(context_, folder.File("ca.pem").c_str());
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    if (!name.empty()) {
      CHECK(SSL_CTX_use_certificate_file(context_, folder.File(name + ".pem").c_str(), SSL_FILETYPE_PEM) ==
            1);
      CHECK(SSL_CTX_use_PrivateKey_file(context_, folder.File(name + ".key").c_str(), SSL_FILETYPE_PEM) == 1);
    }
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_.get());
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~TestTlsClient() {
    if (connected_) SSL_shutdown(ssl_);
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TestTlsClient(const TestTlsClient&) = delete;
  TestTlsClient& operator=(const TestTlsClient&) = delete;

  bool connected() const { return connected_; }
  bool Send(std::string_view text) {
    return SSL_write(ssl_, text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
  }
  // Did the server say goodbye, rather than break off?
  bool WaitForGoodbye() {
    char octet = 0;
    return SSL_read(ssl_, &octet, 1) <= 0 && (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  bool Renegotiate() { return SSL_renegotiate(ssl_) == 1 && SSL_do_handshake(ssl_) == 1; }

 private:
  FileDescriptor fd_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool connected_ = false;
};

}  // namespace probatio::net
