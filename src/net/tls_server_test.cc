// Who is let in, and how. Real handshakes on the loopback interface.
#include "net/tls_server.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "net/test_tls.h"

namespace probatio::net {
namespace {

const TestTlsFolder& Folder() {
  static const TestTlsFolder folder;
  return folder;
}

TcpAcceptor Any() {
  return TcpAcceptor::Bind(ParseEndpoint("127.0.0.1:0").value()).value();
}

TcpConnection AcceptOne(TcpAcceptor* acceptor) {
  for (;;) {
    std::optional<TcpConnection> accepted = acceptor->Accept().value();
    if (accepted.has_value()) return *std::move(accepted);
    std::this_thread::yield();
  }
}

// All that came until the peer ended the connection, or why it was not let in or followed any more.
std::string ReadAll(Stream* stream) {
  std::string text;
  Buffer room(kStreamReadBytesMin);
  for (;;) {
    const Result<StreamRead> read = stream->Read(room);
    if (!read.ok()) return read.error().what();
    if (read.value().state == StreamRead::State::kEnded) return text;
    text += AsText(Bytes(room).first(read.value().size));
    if (read.value().state == StreamRead::State::kNothingYet) std::this_thread::yield();
  }
}

std::string Served(const TlsFiles& files, const std::string& client, int version_max = 0) {
  const TlsServer server = TlsServer::Load(files).value();
  TcpAcceptor acceptor = Any();
  auto sending = std::async(std::launch::async, [&] {
    TestTlsClient peer(acceptor.local(), Folder(), client, version_max);
    return peer.connected() && peer.Send("hello");
  });
  const std::unique_ptr<Stream> stream = server.Open(AcceptOne(&acceptor)).value();
  std::string got = ReadAll(stream.get());
  sending.wait();
  return got;
}

TEST(TlsServer, ReadsWhatAClientSends) {
  EXPECT_EQ(Served(Folder().Files(false), ""), "hello");
  EXPECT_EQ(Served(Folder().Files(false), "", TLS1_2_VERSION), "hello");
}

TEST(TlsServer, RefusesVersionsBefore12) {
  EXPECT_EQ(Served(Folder().Files(false), "", TLS1_1_VERSION), "tls: unsupported protocol");
}

TEST(TlsServer, WithAnAuthorityLetsInItsClientsOnly) {
  const TlsFiles files = Folder().Files(true);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_EQ(Served(files, "cgn-1.example", version), "hello");
    EXPECT_EQ(Served(files, "", version), "tls: peer did not return a certificate");
    EXPECT_EQ(Served(files, "stranger.example", version),
              "tls: client certificate: unable to get local issuer certificate");
    EXPECT_EQ(Served(files, "expired.example", version), "tls: client certificate: certificate has expired");
  }
}

TEST(TlsServer, WithAListLetsInWhoStandsOnItByNameOrFingerprint) {
  const TlsFiles by_name = Folder().Files(true, {"cgn-1.example"});
  EXPECT_EQ(Served(by_name, "cgn-1.example"), "hello");
  EXPECT_EQ(Served(by_name, "cgn-2.example"), "tls: client certificate: not on the list");
  const TlsFiles by_print = Folder().Files(true, {"sha-256:" + Folder().Fingerprint("cgn-2.example")});
  EXPECT_EQ(Served(by_print, "cgn-1.example"), "tls: client certificate: not on the list");
  EXPECT_EQ(Served(by_print, "cgn-2.example"), "hello");
}

TEST(TlsServer, RefusesToRenegotiate) {
  const TlsServer server = TlsServer::Load(Folder().Files(false)).value();
  TcpAcceptor acceptor = Any();
  auto renegotiating = std::async(std::launch::async, [&] {
    TestTlsClient peer(acceptor.local(), Folder(), "", TLS1_2_VERSION);
    return peer.connected() && peer.Send("before") && peer.Renegotiate();
  });
  const std::unique_ptr<Stream> stream = server.Open(AcceptOne(&acceptor)).value();
  ReadAll(stream.get());
  EXPECT_FALSE(renegotiating.get());
}

TEST(TlsServer, SaysGoodbye) {
  const TlsServer server = TlsServer::Load(Folder().Files(false)).value();
  TcpAcceptor acceptor = Any();
  auto waiting = std::async(std::launch::async, [&] {
    TestTlsClient peer(acceptor.local(), Folder());
    return peer.Send("x") && peer.WaitForGoodbye();
  });
  {
    const std::unique_ptr<Stream> stream = server.Open(AcceptOne(&acceptor)).value();
    Buffer room(kStreamReadBytesMin);
    while (stream->Read(room).value().size == 0) std::this_thread::yield();
  }
  EXPECT_TRUE(waiting.get());
}

TEST(TlsServer, NamesTheFileThatItCannotUse) {
  const auto error = [](const TlsFiles& files) { return TlsServer::Load(files).error().what(); };
  TlsFiles files = Folder().Files(true);
  files.certificate = "/nowhere.pem";
  EXPECT_EQ(error(files), "tls: cannot read a certificate in /nowhere.pem: No such file or directory");
  files = Folder().Files(true);
  files.certificate = Folder().File("empty.pem");
  EXPECT_EQ(error(files),
            "tls: cannot read a certificate in " + Folder().File("empty.pem") + ": no start line");
  files = Folder().Files(true);
  files.key = Folder().File("cgn-1.example.key");
  EXPECT_EQ(error(files), "tls: cannot read the certificate's key without a passphrase in " + files.key +
                              ": key values mismatch");
  files.key = Folder().File("locked.key");
  EXPECT_TRUE(error(files).starts_with("tls: cannot read the certificate's key without a passphrase in " +
                                       files.key + ": "));
  files = Folder().Files(true);
  files.client_ca = Folder().File("empty.pem");
  EXPECT_TRUE(error(files).starts_with("tls: cannot read the clients' authorities in " + files.client_ca));
}

TEST(TlsServer, RefusesAListThatWouldNotMeanWhatItSays) {
  const auto refused = [](const TlsFiles& files) { return !TlsServer::Load(files).ok(); };
  EXPECT_TRUE(refused(Folder().Files(false, {"cgn-1.example"})));
  for (const char* client : {"", "*.example", ".example", "sha-256:", "sha-256:abcd", "sha-1:00:11", "a b"})
    EXPECT_TRUE(refused(Folder().Files(true, {client}))) << client;
  EXPECT_FALSE(refused(Folder().Files(true, std::vector<std::string>(kTlsClientsMax, "a.example"))));
  EXPECT_TRUE(refused(Folder().Files(true, std::vector<std::string>(kTlsClientsMax + 1, "a.example"))));
}

}  // namespace
}  // namespace probatio::net
