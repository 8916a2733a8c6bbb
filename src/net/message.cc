#include "net/message.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "net/curl.h"

namespace probatio::net {
namespace {

struct Unread {
  std::string_view text;
};
std::size_t ReadOn(char* to, std::size_t size, std::size_t count, void* from) {
  auto* unread = static_cast<Unread*>(from);
  const std::size_t taken = std::min(size * count, unread->text.size());
  std::memcpy(to, unread->text.data(), taken);
  unread->text.remove_prefix(taken);
  return taken;
}

std::string MessageText(const Mail& mail) {
  std::string text = fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
      "Auto-Submitted: auto-generated\r\n\r\n",
      mail.date, mail.from, mail.to, mail.subject, mail.message_id);
  for (const char c : mail.text) {
    if (c == '\n') text += '\r';
    text += c;
  }
  return text;
}

}  // namespace

Result<MailSecurity> ParseMailSecurity(std::string_view text) {
  if (text == "tls") return MailSecurity::kTls;
  if (text == "starttls") return MailSecurity::kStartTls;
  if (text == "plain") return MailSecurity::kPlain;
  return Invalid("not tls, starttls or plain");
}

bool IsThisMachine(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // Digits and dots only: "127.0.0.1.example.org" is somebody else.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

Status CheckMailServer(const MailServer& server) {
  if (server.host.empty() || server.host.find_first_of("/@ \t\r\n") != std::string::npos)
    return Invalid("mail: no host name");
  if (server.security == MailSecurity::kPlain && !IsThisMachine(server.host))
    return Invalid("mail: without TLS only to this machine");
  return Done{};
}

Status CheckHook(const Hook& hook) {
  TRY(CheckHeader("the hook's address", hook.url));
  if (hook.url.starts_with("https://")) return Done{};
  if (hook.url.starts_with("http://") && IsThisMachine(HostOf(hook.url))) return Done{};
  return Invalid("hook: not https (http only to this machine)");
}

Status SendMail(const MailServer& server, const Mail& mail) {
  TRY(CheckMailServer(server));
  for (const std::string* header : {&mail.from, &mail.to, &mail.subject, &mail.message_id, &mail.date}) {
    TRY(CheckHeader("mail", *header));
  }
  if (mail.text.size() > kMessageBytesMax) return Invalid("message: too long");
  const CurlHandle handle = TRY(OpenCurl(server.authorities, "smtp,smtps"));
  CURL* curl = handle.get();
  const std::string host = server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]";
  const bool tls = server.security == MailSecurity::kTls;
  const std::string url = fmt::format("{}://{}:{}", tls ? "smtps" : "smtp", host, server.port);
  const std::string from = "<" + mail.from + ">";
  HeaderList recipients;
  recipients.Add("<" + mail.to + ">");
  const std::string text = MessageText(mail);
  Unread unread{text};
  std::string password;
  if (server.password != nullptr) password = AsText(server.password->reveal());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  if (server.security != MailSecurity::kPlain)
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!server.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &ReadOn);
  curl_easy_setopt(curl, CURLOPT_READDATA, &unread);
  const Status sent = PerformCurl(curl, "mail");
  Wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
  return sent;
}

Status PostJson(const Hook& hook, const std::string& json,
                const std::vector<std::pair<std::string, std::string>>& headers) {
  TRY(CheckHook(hook));
  if (json.size() > kMessageBytesMax) return Invalid("message: too long");
  HeaderList list;
  list.Add("Content-Type: application/json");
  list.Add("Expect:");
  for (const auto& [name, value] : headers) {
    TRY(CheckHeader("hook", name));
    TRY(CheckHeader("hook", value));
    list.Add(name + ": " + value);
  }
  const CurlHandle handle = TRY(OpenCurl(hook.authorities, "http,https"));
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, hook.url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "probatio");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(json.size()));
  TRY(PerformCurl(curl, "hook"));
  long answer = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
  if (answer < 200 || answer > 299) return StorageError(fmt::format("hook: the server said {}", answer));
  return Done{};
}

}  // namespace probatio::net
