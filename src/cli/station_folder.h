// The custodians' side on disk: a station's folder holds anchors.json and the keys of the custodians who are
// present: NAME.crt with NAME.key (a file under a passphrase) or NAME.pkcs11 (where in which token, under a
// PIN), the passphrase or PIN in NAME.passphrase. Several generations of one custodian's key lie side by side
// under different names; a share finds its key by the certificate. And the two ways a request reaches a
// station.
#pragma once

#include "custody/custodians.h"
#include "custody/station.h"

namespace probatio::cli {

struct Station {
  custody::Anchors anchors;
  std::vector<custody::CustodianKey> present;
};
// `passphrase_file` serves the keys that have no NAME.passphrase of their own. One key that cannot be opened
// stops all: a station that silently had one custodian fewer would only fail later and darker.
Result<Station> ReadStation(const std::string& folder, const std::string& passphrase_file = "");

// Answers in this process. Only for demonstrations: in earnest the station is a machine of the custodians.
class StationHere : public custody::Custodians {
 public:
  StationHere(std::string folder, Instant now, Random& random)
      : folder_(std::move(folder)), now_(now), random_(random) {}
  Result<Buffer> Exchange(std::string_view sent_request_json, const std::string& request_id) override;

 private:
  std::string folder_;
  Instant now_;
  Random& random_;
};

// Lays requests in a folder, from where they are carried to the station, and waits for FOLDER/ID.answer.
class RequestFolder : public custody::Custodians {
 public:
  RequestFolder(std::string folder, int wait_seconds, std::ostream& messages)
      : folder_(std::move(folder)), wait_seconds_(wait_seconds), messages_(messages) {}
  Result<Buffer> Exchange(std::string_view sent_request_json, const std::string& request_id) override;

 private:
  Result<Buffer> Await(const std::string& request, const std::string& answer,
                       std::string_view sent_request_json);

  std::string folder_;
  int wait_seconds_;
  std::ostream& messages_;
};

}  // namespace probatio::cli
