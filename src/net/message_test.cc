// Refusals before anything leaves; the sending itself is played in tests/scenarios/notify_test.py against
// servers of its own.
#include "net/message.h"

#include <gtest/gtest.h>

namespace probatio::net {
namespace {

MailServer Nowhere() {
  MailServer server;
  server.host = "127.0.0.1";
  server.port = 1;  // nobody listens there
  server.security = MailSecurity::kPlain;
  return server;
}
Mail Example() {
  return {"probatio@example.org",
          "counsel@example.org",
          "[probatio] order x: half",
          "0123abcd@example.org",
          "Sat, 09 Nov 2024 16:00:00 +0000",
          "Order: x\n"};
}

TEST(Message, WithoutTlsItGoesToThisMachineOnly) {
  MailServer server = Nowhere();
  EXPECT_TRUE(CheckMailServer(server).ok());
  server.host = "mail.example.org";
  EXPECT_EQ(CheckMailServer(server).error().what(), "mail: without TLS only to this machine");
  server.security = MailSecurity::kStartTls;
  EXPECT_TRUE(CheckMailServer(server).ok());
  EXPECT_TRUE(CheckHook({"https://hook.example.org/x", ""}).ok());
  EXPECT_TRUE(CheckHook({"http://127.0.0.1:8080/x", ""}).ok());
  EXPECT_TRUE(CheckHook({"http://[::1]:8080/x", ""}).ok());
  for (const char* url :
       {"http://hook.example.org/x", "http://127.0.0.1.example.org/", "http://127.0.0.1@example.org/",
        "http://localhost.example.org/", "ftp://127.0.0.1/", "file:///etc/passwd", "",
        "https://hook.example.org/\r\nX: y"}) {
    EXPECT_EQ(CheckHook({url, ""}).error().code(), ErrorCode::kInvalid) << url;
  }
}

TEST(Message, AHeaderIsOneLine) {
  for (const auto part : {&Mail::from, &Mail::to, &Mail::subject, &Mail::message_id, &Mail::date}) {
    Mail mail = Example();
    mail.*part += "\r\nBcc: thief@example.org";
    EXPECT_EQ(SendMail(Nowhere(), mail).error().code(), ErrorCode::kInvalid);
  }
  EXPECT_EQ(PostJson({"http://127.0.0.1:1/", ""}, "{}", {{"X", "a\r\nY: b"}}).error().code(),
            ErrorCode::kInvalid);
}

TEST(Message, ALongOneIsRefused) {
  Mail mail = Example();
  mail.text.assign(kMessageBytesMax, 'a');
  EXPECT_EQ(SendMail(Nowhere(), mail).error().code(), ErrorCode::kStorage);  // tried
  mail.text += 'a';
  EXPECT_EQ(SendMail(Nowhere(), mail).error().what(), "message: too long");
  EXPECT_EQ(PostJson({"http://127.0.0.1:1/", ""}, std::string(kMessageBytesMax + 1, ' '), {}).error().what(),
            "message: too long");
}

TEST(Message, AFailureNamesNoAddress) {
  const std::string said = SendMail(Nowhere(), Example()).error().what();
  EXPECT_EQ(said.find("counsel@"), std::string::npos);
  EXPECT_EQ(said.substr(0, 5), "mail:");
  EXPECT_EQ(PostJson({"http://127.0.0.1:1/secret-path", ""}, "{}", {}).error().what().find("secret-path"),
            std::string::npos);
}

}  // namespace
}  // namespace probatio::net
