#include "net/question.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include "net/curl.h"

namespace probatio::net {
namespace {

struct Answer {
  Buffer bytes;
  std::size_t bytes_max;
};

// Returning less than what was offered makes libcurl stop.
std::size_t Take(char* from, std::size_t size, std::size_t count, void* to) {
  auto* answer = static_cast<Answer*>(to);
  const std::size_t offered = size * count;
  if (offered > answer->bytes_max - answer->bytes.size()) return 0;
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(from), offered};
  answer->bytes.insert(answer->bytes.end(), bytes.begin(), bytes.end());
  return offered;
}

// "application/timestamp-reply; charset=..." is of that type too.
bool IsOfType(const char* content_type, std::string_view wanted) {
  if (content_type == nullptr) return false;
  const std::string_view type(content_type);
  return type.substr(0, type.find(';')) == wanted;
}

}  // namespace

Status CheckQuestion(const Question& question) {
  TRY(CheckHeader("the address", question.url));
  TRY(CheckHeader("the type", question.type));
  TRY(CheckHeader("the answer's type", question.answer_type));
  const bool web = question.url.starts_with("https://") || question.url.starts_with("http://");
  if (web && !HostOf(question.url).empty()) return Done{};
  return Invalid("neither an http:// nor an https:// address");
}

Result<Buffer> Ask(const Question& question, Bytes body, std::size_t answer_bytes_max) {
  TRY(CheckQuestion(question));
  HeaderList headers;
  headers.Add("Content-Type: " + question.type);
  headers.Add("Accept: " + question.answer_type);
  headers.Add("Expect:");
  const CurlHandle handle = TRY(OpenCurl(question.authorities, "http,https"));
  CURL* curl = handle.get();
  Answer answer{{}, answer_bytes_max};
  curl_easy_setopt(curl, CURLOPT_URL, question.url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "probatio");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  TRY(PerformCurl(curl, HostOf(question.url)));
  long status = 0;
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  if (status != 200) return StorageError(fmt::format("{}: the server said {}", HostOf(question.url), status));
  if (!IsOfType(type, question.answer_type))
    return Invalid(fmt::format("{}: the answer is no {}", HostOf(question.url), question.answer_type));
  return std::move(answer.bytes);
}

}  // namespace probatio::net
