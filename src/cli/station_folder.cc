#include "cli/station_folder.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <thread>

#include "cli/files.h"
#include "cli/keys.h"

namespace probatio::cli {
namespace fs = std::filesystem;

Result<Station> ReadStation(const std::string& folder) {
  const std::string anchors_json = TRY(ReadText(folder + "/anchors.json"));
  custody::Anchors anchors = TRY_IN(folder + "/anchors.json", custody::AnchorsFromJson(anchors_json));
  Station station{std::move(anchors), {}};
  std::vector<std::string> keys;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".key") keys.push_back(entry.path().string());
  }
  std::sort(keys.begin(), keys.end());
  for (const std::string& path : keys) {
    const Secret passphrase = TRY(ReadPassphrase(fs::path(path).replace_extension(".passphrase").string()));
    KeyPair pair = TRY(ReadKeyPair(path, passphrase));
    station.present.push_back({std::move(pair.key), std::move(pair.certificate)});
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
  for (int waited = 0; waited < wait_seconds_; ++waited) {
    if (fs::exists(answer)) return ReadFile(answer, custody::kRequestBytesMax);
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  return StorageError("custody: no answer to request " + request_id + " within the time given (--wait)");
}

}  // namespace probatio::cli
