#include "net/curl.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>

#include "net/message.h"

namespace probatio::net {
namespace {

std::size_t Ignore(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

}  // namespace

void FreeCurl::operator()(CURL* handle) const {
  curl_easy_cleanup(handle);
}

void HeaderList::FreeList::operator()(curl_slist* list) const {
  curl_slist_free_all(list);
}

void HeaderList::Add(const std::string& line) {
  curl_slist* longer = curl_slist_append(list_.get(), line.c_str());
  CHECK(longer != nullptr);
  list_.release();
  list_.reset(longer);
}

Status CheckHeader(std::string_view what, std::string_view text) {
  const bool clean = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (clean && text.size() <= 998) return Done{};  // RFC 5322, section 2.1.1
  return Invalid(fmt::format("message: {}: not one line of ASCII", what));
}

std::string HostOf(std::string_view url) {
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  if (url.starts_with("[")) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

// libcurl must be set up once before any thread uses it; a function's static is.
Result<CurlHandle> OpenCurl(const std::string& authorities, const char* protocols) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return StorageError("message: libcurl cannot start");
  CurlHandle handle(curl_easy_init());
  if (handle == nullptr) return StorageError("message: libcurl cannot start");
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(kConnectSecondsMax));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(kMessageSecondsMax));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Ignore);
  if (!authorities.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, authorities.c_str());
  return handle;
}

Status PerformCurl(CURL* curl, std::string_view what) {
  const CURLcode done = curl_easy_perform(curl);
  if (done == CURLE_OK) return Done{};
  long answer = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
  const std::string code = answer == 0 ? "" : fmt::format(", the server said {}", answer);
  return StorageError(fmt::format("{}: {}{}", what, curl_easy_strerror(done), code));
}

}  // namespace probatio::net
