// SoftHSM2 tokens in a folder of their own, driven by its own tools. Used by *_test.cc only. The packages are
// in packaging/debian-packages.txt, so a missing one fails the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "crypto/token_key.h"

namespace probatio::crypto {

inline constexpr char kSoftHsm[] = "/usr/lib/softhsm/libsofthsm2.so";

// One object a process: the module reads SOFTHSM2_CONF once, when the first key is opened.
class TestTokens {
 public:
  static TestTokens& Get() {
    static TestTokens tokens;
    return tokens;
  }

  // A token with one P-256 key. ECDH needs --usage-derive, or the token answers "key function not permitted".
  void Make(const std::string& token, const std::string& pin, const std::string& curve = "prime256v1") const {
    Must("softhsm2-util --init-token --free --label " + token + " --so-pin 87654321 --pin " + pin);
    Must("pkcs11-tool --module " + std::string(kSoftHsm) + " --token-label " + token + " --login --pin " +
         pin + " --keypairgen --key-type EC:" + curve + " --label share --id 01 --usage-derive --usage-sign");
  }

  static std::string UriText(const std::string& token, const std::string& object = "share") {
    return "pkcs11:token=" + token + ";object=" + object + "?module-path=" + kSoftHsm;
  }
  static TokenUri Uri(const std::string& token, const std::string& object = "share") {
    return ParseTokenUri(UriText(token, object)).value();
  }

 private:
  TestTokens() {
    char name[] = "/tmp/probatio-tokens-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    folder_ = name;
    std::filesystem::create_directory(folder_ / "tokens");
    std::ofstream(folder_ / "softhsm2.conf")
        << "directories.tokendir = " << (folder_ / "tokens").string() << "\nlog.level = ERROR\n";
    CHECK(::setenv("SOFTHSM2_CONF", (folder_ / "softhsm2.conf").c_str(), 1) == 0);
  }
  ~TestTokens() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  static void Must(const std::string& command) {
    CHECK(std::system((command + " >/dev/null 2>&1").c_str()) == 0);
  }

  std::filesystem::path folder_;
};

}  // namespace probatio::crypto
