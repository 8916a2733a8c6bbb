#include "cli/notices_config.h"

namespace probatio::cli {
namespace {

constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kSmtpsPort = 465;
constexpr std::int64_t kSubmissionPort = 587;  // RFC 6409

Status ReadMail(const TomlTable& table, NoticesConfig* notices) {
  notices->from = TRY(table.TextOr("mail_from", ""));
  if (!notices->mail()) {
    if (table.Has("smtp_host")) return table.Wrong("mail_from", "missing: the sender's address");
    return Done{};
  }
  net::MailServer& server = notices->server;
  server.host = TRY(table.Text("smtp_host"));
  const std::string security = TRY(table.TextOr("smtp_security", "tls"));
  const auto parsed = net::ParseMailSecurity(security);
  if (!parsed.ok()) return table.Wrong("smtp_security", parsed.error().what());
  server.security = parsed.value();
  const std::int64_t usual = server.security == net::MailSecurity::kTls ? kSmtpsPort : kSubmissionPort;
  const std::int64_t port = TRY(table.NumberOr("smtp_port", 1, kPortMax, usual));
  server.port = static_cast<std::uint16_t>(port);
  server.user = TRY(table.TextOr("smtp_user", ""));
  notices->password_file = TRY(table.TextOr("smtp_password_file", ""));
  if (!server.user.empty() && notices->password_file.empty())
    return table.Wrong("smtp_password_file", "missing: the user's password");
  const Status usable = net::CheckMailServer(server);
  if (!usable.ok()) return table.Wrong("smtp_host", usable.error().what());
  return Done{};
}

Status ReadHook(const TomlTable& table, NoticesConfig* notices) {
  notices->hook.url = TRY(table.TextOr("hook_url", ""));
  notices->hook_secret_file = TRY(table.TextOr("hook_secret_file", ""));
  if (!notices->web_hook()) return Done{};
  if (notices->hook_secret_file.empty())
    return table.Wrong("hook_secret_file", "missing: whoever receives must be able to check who sent");
  const Status usable = net::CheckHook(notices->hook);
  if (!usable.ok()) return table.Wrong("hook_url", usable.error().what());
  return Done{};
}

}  // namespace

Result<NoticesConfig> ReadNotices(const TomlTable& table) {
  TRY(table.OnlyKeys({"mail_from", "smtp_host", "smtp_port", "smtp_security", "smtp_user",
                      "smtp_password_file", "authorities_file", "hook_url", "hook_secret_file",
                      "repeat_hours"}));
  NoticesConfig notices;
  TRY(ReadMail(table, &notices));
  TRY(ReadHook(table, &notices));
  const std::string authorities = TRY(table.TextOr("authorities_file", ""));
  notices.server.authorities = authorities;
  notices.hook.authorities = authorities;
  const std::int64_t hours = TRY(table.NumberOr("repeat_hours", 1, kRepeatHoursMax, notices.repeat_hours));
  notices.repeat_hours = static_cast<int>(hours);
  return notices;
}

}  // namespace probatio::cli
