// Just enough of HTTP/1.1 to speak to a server of ours on the loopback interface over one connection that
// stays open.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace probatio::bench {

class HttpConnection {
 public:
  HttpConnection() = default;
  ~HttpConnection() { Close(); }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  Status Connect(std::uint16_t port);
  void Close();
  // The body of the answer; kStorage with its beginning for a status other than 200.
  Result<std::string> Post(const std::string& target, std::string_view body);

 private:
  Status SendAll(std::string_view bytes);
  Status Fill();  // reads more into received_
  Result<std::string> TakeLine();
  Result<std::string> Take(std::size_t bytes);
  Result<std::string> TakeBody(std::size_t length, bool chunked);

  int socket_ = -1;
  std::string received_;
};

}  // namespace probatio::bench
