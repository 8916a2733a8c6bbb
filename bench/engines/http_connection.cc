#include "engines/http_connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace probatio::bench {

Status HttpConnection::Connect(std::uint16_t port) {
  Close();
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    Close();
    return StorageError("http: nobody listens yet");
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return Done{};
}

void HttpConnection::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  received_.clear();
}

Result<std::string> HttpConnection::Post(const std::string& target, std::string_view body) {
  std::string head =
      fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n", target, body.size());
  if (body.size() < 4096) {  // one segment for a query
    head.append(body);
    body = {};
  }
  TRY(SendAll(head));
  TRY(SendAll(body));
  const std::string status = TRY(TakeLine());
  std::size_t length = 0;
  bool chunked = false;
  for (;;) {
    const std::string line = TRY(TakeLine());
    if (line.empty()) break;
    if (line.starts_with("Content-Length: ")) length = std::stoul(line.substr(16));
    chunked |= line == "Transfer-Encoding: chunked";
  }
  std::string answer = TRY(TakeBody(length, chunked));
  if (status.find(" 200 ") != std::string::npos) return answer;
  return StorageError("http: " + status + ": " + answer.substr(0, 300));
}

Status HttpConnection::SendAll(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return StorageError("http: the server went away");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return Done{};
}

Status HttpConnection::Fill() {
  char buffer[16'384];
  const ssize_t got = recv(socket_, buffer, sizeof buffer, 0);
  if (got <= 0) return StorageError("http: the server went away");
  received_.append(buffer, static_cast<std::size_t>(got));
  return Done{};
}

Result<std::string> HttpConnection::TakeLine() {
  std::size_t end = received_.find("\r\n");
  for (; end == std::string::npos; end = received_.find("\r\n")) TRY(Fill());
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

Result<std::string> HttpConnection::Take(std::size_t bytes) {
  while (received_.size() < bytes) TRY(Fill());
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

Result<std::string> HttpConnection::TakeBody(std::size_t length, bool chunked) {
  if (!chunked) return Take(length);
  std::string body;
  for (;;) {
    const std::string size = TRY(TakeLine());
    const std::string chunk = TRY(Take(std::stoul(size, nullptr, 16)));
    TRY(TakeLine());
    if (chunk.empty()) return body;
    body += chunk;
  }
}

}  // namespace probatio::bench
