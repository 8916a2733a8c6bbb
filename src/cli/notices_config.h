// [notices] of probatio.toml: how people are told (docs/operate/notices.md). Immutable once read.
#pragma once

#include <string>

#include "base/toml_table.h"
#include "net/message.h"

namespace probatio::cli {

inline constexpr int kRepeatHoursMax = 48;

struct NoticesConfig {
  std::string from;           // the sender's address; empty: no mail is sent
  net::MailServer server;     // without the password
  std::string password_file;  // its first line; empty: none
  net::Hook hook;             // url empty: no web hook
  std::string hook_secret_file;
  int repeat_hours = 4;  // how often overdue orders are told again

  bool mail() const { return !from.empty(); }
  bool web_hook() const { return !hook.url.empty(); }
};

// kInvalid names file, line, key and reason: mail without TLS to another machine, a hook without its secret.
Result<NoticesConfig> ReadNotices(const TomlTable& table);

}  // namespace probatio::cli
