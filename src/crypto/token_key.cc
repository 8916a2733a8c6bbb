// Keys in a token, through OpenSSL's engine of OpenSC (libengine-pkcs11-openssl). The ENGINE interface is
// deprecated, but Debian 12 packages no provider for PKCS#11; this file is the only one that uses it, and the
// build silences the warning for it alone.
#include "crypto/token_key.h"

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/ui.h>

#include <filesystem>
#include <map>
#include <mutex>

#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

using UiMethod = Handle<UI_METHOD, UI_destroy_method>;

// One engine for each module, for the life of the process: a second C_Initialize or an early C_Finalize of
// one module would log out every key of it.
std::mutex engines_lock;
std::map<std::string, ENGINE*>& Engines() {
  static std::map<std::string, ENGINE*> engines;
  return engines;
}

Result<ENGINE*> LoadEngine(const std::string& module_path) {
  const auto known = Engines().find(module_path);
  if (known != Engines().end()) return known->second;
  if (!std::filesystem::exists(module_path)) {
    return NotFound("token: module " + module_path + ": no such file; install the token's PKCS#11 library");
  }
  const std::string library = std::string(OPENSSL_info(OPENSSL_INFO_ENGINES_DIR)) + "/pkcs11.so";
  ENGINE_load_dynamic();
  ENGINE* const engine = ENGINE_by_id("dynamic");
  // LIST_ADD 0: each module gets an engine of its own instead of the one in OpenSSL's list.
  if (engine == nullptr || ENGINE_ctrl_cmd_string(engine, "SO_PATH", library.c_str(), 0) != 1 ||
      ENGINE_ctrl_cmd_string(engine, "LIST_ADD", "0", 0) != 1 ||
      ENGINE_ctrl_cmd_string(engine, "LOAD", nullptr, 0) != 1) {
    ENGINE_free(engine);
    ForgetLibraryErrors();
    return NotFound("token: " + library + ": cannot be loaded; install libengine-pkcs11-openssl");
  }
  // QUIET: the engine writes its own words to standard error, and a PIN prompt is not wanted.
  if (ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module_path.c_str(), 0) != 1 ||
      ENGINE_ctrl_cmd_string(engine, "QUIET", nullptr, 0) != 1 || ENGINE_init(engine) != 1) {
    ENGINE_free(engine);
    ForgetLibraryErrors();
    return NotFound("token: module " + module_path + ": is no PKCS#11 library, or does not start");
  }
  Engines()[module_path] = engine;
  return engine;
}

Status CheckPin(const Secret& pin) {
  const Bytes bytes = pin.reveal();
  if (bytes.size() < kPinBytesMin || bytes.size() > kPinBytesMax) {
    return Invalid("token: a PIN has 4 to 64 bytes");
  }
  if (std::find(bytes.begin(), bytes.end(), 0) != bytes.end()) return Invalid("token: a PIN without NUL");
  return Done{};
}

Status GivePin(ENGINE* engine, const Secret& pin) {
  // The engine wants a string with an end; it keeps a copy of its own until the next one.
  Buffer text(pin.reveal().begin(), pin.reveal().end());
  text.push_back(0);
  const int given = ENGINE_ctrl_cmd_string(engine, "PIN", AsText(text).data(), 0);
  Wipe(text);
  if (given != 1) return LibraryError("token: the PIN cannot be handed over");
  return Done{};
}

// A token says why it refused in the queue of errors, under the engine's names of the CKR codes.
Error WhyNot() {
  Error why = NotFound("token: absent, or holds no such private key");
  while (const unsigned long code = ERR_get_error()) {
    const char* const reason = ERR_reason_error_string(code);
    const std::string_view words = reason == nullptr ? "" : reason;
    if (words == "PIN incorrect" || words == "PIN invalid" || words == "PIN len range" ||
        words == "Invalid PIN length") {
      why = CryptoError("token: the PIN is refused; it was tried once, and a token locks itself after a few");
    }
    if (words == "PIN locked") why = CryptoError("token: the PIN is locked; its security officer unlocks it");
  }
  return why;
}

bool IsP256(const EVP_PKEY* key) {
  char group[32];
  std::size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

}  // namespace

Result<PrivateKey> OpenTokenKey(const TokenUri& uri, const Secret& pin) {
  TRY(CheckPin(pin));
  const std::lock_guard lock(engines_lock);
  ENGINE* const engine = TRY(LoadEngine(uri.module_path));
  TRY(GivePin(engine, pin));
  ERR_clear_error();
  // Without this the engine would ask on the terminal for a PIN that was refused.
  const UiMethod silent(UI_create_method("no prompt"));
  Handle<EVP_PKEY, EVP_PKEY_free> key(
      ENGINE_load_private_key(engine, uri.key.c_str(), silent.get(), nullptr));
  if (key == nullptr) return WhyNot();
  ForgetLibraryErrors();
  if (!IsP256(key.get())) return Invalid("token: the key is not EC P-256");
  return PrivateKey::FromToken(key.release());
}

}  // namespace probatio::crypto
