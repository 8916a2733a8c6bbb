// probatio-verify FILE: judges an evidence package without the provider, without a network and without any
// store. It is built from the few folders that an expert of the defence has to read.
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "crypto/certificate_path.h"
#include "crypto/sealed_file.h"
#include "evidence/verify.h"

namespace probatio {
namespace {

constexpr std::size_t kTrustBytesMax = 1U << 20;
constexpr std::size_t kRevocationFilesMax = 64;

constexpr std::string_view kUsage =
    "usage: probatio-verify FILE [--trust CA.pem] [--revocation LIST]... [--ledger-key TEXT] [--json] [--at "
    "INSTANT]\n"
    "\n"
    "  FILE               an evidence package (.asice), already decrypted; or any ASiC container with CAdES\n"
    "  --trust CA.pem     the certificates that you trust\n"
    "  --revocation LIST  a revocation list or an OCSP response for its certificates; repeatable\n"
    "  --ledger-key TEXT  the ledger's verifier key, as the provider published it\n"
    "  --json             the same facts for a machine\n"
    "  --at INSTANT       judge as of this instant (RFC 3339) instead of now\n"
    "\n"
    "exit: 0 valid, 2 usage, 3 bad input, 4 no such file, 7 something does not hold\n";

struct Options {
  std::string file;
  std::string trust;
  std::string ledger_key;
  std::string at;
  std::vector<std::string> revocation;
  bool json = false;
  bool help = false;
};

Error Usage(std::string what) {
  return {ErrorCode::kUsage, std::move(what)};
}

Result<Options> ParseArguments(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    std::string* value = nullptr;
    if (argument == "--trust") value = &options.trust;
    if (argument == "--ledger-key") value = &options.ledger_key;
    if (argument == "--at") value = &options.at;
    if (argument == "--revocation") value = &options.revocation.emplace_back();
    if (value != nullptr) {
      if (i + 1 == arguments.size() || arguments[i + 1].empty()) return Usage(argument + ": needs a value");
      *value = arguments[++i];
    } else if (argument == "--json") {
      options.json = true;
    } else if (argument == "--help" || argument == "-h") {
      options.help = true;
    } else if (argument.starts_with("-")) {
      return Usage(argument + ": no such option");
    } else if (options.file.empty()) {
      options.file = argument;
    } else {
      return Usage("one file at a time");
    }
  }
  if (options.file.empty() && !options.help) return Usage("no file given");
  return options;
}

Result<Buffer> ReadFile(const std::string& path, std::size_t bytes_max) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return NotFound(path + ": no such file");
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) return Invalid(path + ": not a regular file");
  if (size > bytes_max) return Invalid(fmt::format("{}: larger than {} bytes", path, bytes_max));
  Buffer bytes(static_cast<std::size_t>(size));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file || file.gcount() != static_cast<std::streamsize>(bytes.size())) {
    return Invalid(path + ": cannot be read");
  }
  return bytes;
}

Result<std::vector<crypto::Certificate>> ReadAnchors(const std::string& path) {
  const Buffer bytes = TRY(ReadFile(path, kTrustBytesMax));
  return TRY_IN(path, crypto::CertificatesFromPem(AsText(bytes)));
}

Result<std::vector<crypto::RevocationValue>> ReadRevocation(const std::vector<std::string>& paths) {
  if (paths.size() > kRevocationFilesMax)
    return Usage(fmt::format("--revocation: more than {} files", kRevocationFilesMax));
  std::vector<crypto::RevocationValue> all;
  for (const std::string& path : paths) {
    const Buffer bytes = TRY(ReadFile(path, crypto::kRevocationFileBytesMax));
    std::vector<crypto::RevocationValue> values = TRY_IN(path, crypto::ReadRevocationFile(bytes));
    std::move(values.begin(), values.end(), std::back_inserter(all));
  }
  return all;
}

Instant Now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant::FromUnixNs(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

Result<evidence::Verification> Verify(const Options& options) {
  const Buffer file = TRY(ReadFile(options.file, evidence::kContainerBytesMax));
  if (crypto::IsSealedFile(file)) {
    return Invalid(options.file + ": is encrypted to its recipients; open it first with `probatio open`");
  }
  evidence::Trust trust{{}, options.ledger_key, Now(), {}};
  if (!options.at.empty()) trust.now = TRY_IN("--at", Instant::ParseRfc3339(options.at));
  if (!options.trust.empty()) trust.anchors = TRY(ReadAnchors(options.trust));
  trust.revocation = TRY(ReadRevocation(options.revocation));
  return TRY_IN(options.file, evidence::VerifyPackage(file, trust));
}

int Run(const std::vector<std::string>& arguments) {
  const Result<Options> options = ParseArguments(arguments);
  if (!options.ok()) {
    std::cerr << "probatio-verify: " << options.error().what() << "\n" << kUsage;
    return static_cast<int>(options.error().code());
  }
  if (options.value().help) {
    std::cout << kUsage;
    return 0;
  }
  const Result<evidence::Verification> verification = Verify(options.value());
  if (!verification.ok()) {
    std::cerr << "probatio-verify: " << verification.error().what() << "\n";
    return static_cast<int>(verification.error().code());
  }
  std::cout << (options.value().json ? evidence::VerificationJson(verification.value()) + "\n"
                                     : evidence::VerificationText(verification.value()));
  if (verification.value().valid) return 0;
  std::cerr << "probatio-verify: " << options.value().file << ": does not hold\n";
  return static_cast<int>(ErrorCode::kCrypto);
}

}  // namespace
}  // namespace probatio

int main(int argc, char** argv) {
  try {
    return probatio::Run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    // We do not throw; the standard library may, when memory ends.
    std::cerr << "probatio-verify: stopped: " << error.what() << "\n";
    return static_cast<int>(probatio::ErrorCode::kStorage);
  }
}
