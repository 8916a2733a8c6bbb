// The two ways by which notices leave: mail (SMTP, RFC 5321) and web hook (HTTPS POST), each with one try and
// a bound on its time. Nothing is followed, nothing that comes back is kept. TLS is checked against the
// system's authorities or a file; without TLS only to this machine itself. Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"

namespace probatio::net {

inline constexpr int kConnectSecondsMax = 10;
inline constexpr int kMessageSecondsMax = 30;
inline constexpr std::size_t kMessageBytesMax = 65'536;

enum class MailSecurity : std::uint8_t { kTls, kStartTls, kPlain };
Result<MailSecurity> ParseMailSecurity(std::string_view text);  // "tls", "starttls", "plain"

struct MailServer {
  std::string host;
  std::uint16_t port = 465;
  MailSecurity security = MailSecurity::kTls;
  std::string user;  // empty: without authentication
  const Secret* password = nullptr;
  std::string authorities;  // a PEM file instead of the system's; may be empty
};

struct Mail {
  std::string from;
  std::string to;
  std::string subject;     // ASCII
  std::string message_id;  // "id@domain": the same for every try, so that a reader sees a message once
  std::string date;        // RFC 5322
  std::string text;        // UTF-8
};

struct Hook {
  std::string url;          // https://, or http:// to this machine
  std::string authorities;  // likewise
};

// Whether a host is this machine by its very name: 127.0.0.0/8, ::1, localhost.
bool IsThisMachine(std::string_view host);
Status CheckMailServer(const MailServer& server);  // kInvalid: no host, or no TLS to somewhere else
Status CheckHook(const Hook& hook);                // kInvalid: not https

// kInvalid for a text that no header may hold; kStorage when it did not arrive, with the reason but without
// an address.
Status SendMail(const MailServer& server, const Mail& mail);
// Answers other than 2xx are failures.
Status PostJson(const Hook& hook, const std::string& json,
                const std::vector<std::pair<std::string, std::string>>& headers);

}  // namespace probatio::net
