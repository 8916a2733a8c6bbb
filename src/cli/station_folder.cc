#include "cli/station_folder.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <thread>

#include "cli/files.h"
#include "cli/keys.h"
#include "custody/answer_frame.h"

namespace probatio::cli {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kStationKeysMax = 256;  // custodians times the generations of their keys

// NAME.passphrase beside the key, else the file that the call names.
Result<Secret> SecretFor(fs::path key, const std::string& passphrase_file) {
  const fs::path own = key.replace_extension(".passphrase");
  if (fs::exists(own) || passphrase_file.empty()) return ReadPassphrase(own.string());
  return ReadPassphrase(passphrase_file);
}

Result<custody::CustodianKey> ReadCustodianKey(const fs::path& path, const std::string& passphrase_file) {
  const Secret secret = TRY(SecretFor(path, passphrase_file));
  KeyPair pair = TRY(path.extension() == ".pkcs11" ? ReadTokenKeyPair(path.string(), secret)
                                                   : ReadKeyPair(path.string(), secret));
  return custody::CustodianKey{std::move(pair.key), std::move(pair.certificate)};
}

Result<std::vector<fs::path>> KeysIn(const std::string& folder) {
  std::vector<fs::path> keys;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".key" || extension == ".pkcs11") keys.push_back(entry.path());
  }
  if (error) return StorageError(folder + ": cannot read the station's folder: " + error.message());
  if (keys.size() > kStationKeysMax) return Invalid(folder + ": more than 256 keys");
  std::sort(keys.begin(), keys.end());
  return keys;
}

Result<Buffer> ReadAnswer(const std::string& path, const crypto::Digest& asked) {
  Buffer bytes = TRY(ReadFile(path, custody::kAnswerBytesMax));
  const custody::FramedAnswer framed =
      TRY_IN(path, custody::ReadAnswerFrame(custody::AnswerKind::kKeys, bytes));
  if (framed.asked != asked) return Invalid(path + ": is the answer to another request");
  return bytes;
}

}  // namespace

Result<Station> ReadStation(const std::string& folder, const std::string& passphrase_file) {
  const std::string anchors_json = TRY(ReadText(folder + "/anchors.json"));
  custody::Anchors anchors = TRY_IN(folder + "/anchors.json", custody::AnchorsFromJson(anchors_json));
  Station station{std::move(anchors), {}};
  const std::vector<fs::path> keys = TRY(KeysIn(folder));
  for (const fs::path& path : keys) {
    custody::CustodianKey key = TRY(ReadCustodianKey(path, passphrase_file));
    station.present.push_back(std::move(key));
  }
  return station;
}

Result<Buffer> StationHere::Exchange(std::string_view sent_request_json, const std::string& /*request_id*/) {
  const Station station = TRY(ReadStation(folder_));
  return custody::AnswerRequest(sent_request_json, station.anchors, station.present, now_, random_);
}

Result<Buffer> RequestFolder::Exchange(std::string_view sent_request_json, const std::string& request_id) {
  TRY(MakeFolder(folder_));
  const std::string request = folder_ + "/" + request_id + ".request";
  const std::string answer = folder_ + "/" + request_id + ".answer";
  TRY(WriteFile(request, AsBytes(sent_request_json)));
  messages_ << "waiting for the custodians: carry " << request << " to their station and bring back "
            << answer << "\n";
  const Result<Buffer> taken = Await(request, answer, sent_request_json);
  // The request's key dies with this wait: an answer that comes later would open nothing.
  std::error_code ignored;
  fs::remove(request, ignored);
  fs::remove(answer, ignored);
  return taken;
}

Result<Buffer> RequestFolder::Await(const std::string& request, const std::string& answer,
                                    std::string_view sent_request_json) {
  const custody::SentRequest sent = TRY(custody::SentRequestFromJson(sent_request_json));
  const crypto::Digest asked = crypto::Sha256(AsBytes(sent.request_json));
  std::string wrong;
  for (int waited = 0; waited < wait_seconds_; ++waited) {
    if (fs::exists(answer)) {
      Result<Buffer> bytes = ReadAnswer(answer, asked);
      if (bytes.ok()) return bytes;
      // It may still be on its way from the stick: say it once, go on waiting.
      if (bytes.error().what() != wrong)
        messages_ << bytes.error().what() << "; still waiting\n" << std::flush;
      wrong = bytes.error().what();
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  return StorageError("custody: no answer to " + request + " within the time given (--wait)" +
                      (wrong.empty() ? "" : "; " + wrong));
}

}  // namespace probatio::cli
