// UTCTime and GeneralizedTime (X.680) to an Instant.
#include "crypto/asn1_time.h"

#include <openssl/asn1.h>

#include <ctime>
#include <limits>

#include "base/bytes.h"
#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

constexpr std::size_t kFractionDigitsMax = 9;
constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / kNsPerSecond;

// The digits after the point, in nanoseconds. OpenSSL's own conversion drops them.
Result<std::int64_t> ReadFraction(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return 0;
  std::int64_t ns = 0;
  std::size_t digits = 0;
  for (const char c : text.substr(point + 1)) {
    if (c < '0' || c > '9') break;
    if (++digits > kFractionDigitsMax) return Invalid("time: more than nine fraction digits");
    ns = ns * 10 + (c - '0');
  }
  for (; digits < kFractionDigitsMax; ++digits) ns *= 10;
  return ns;
}

}  // namespace

Result<Instant> ReadAsn1Time(const ASN1_TIME* time) {
  std::tm civil{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &civil) != 1) {
    ForgetLibraryErrors();
    return Invalid("time: neither UTCTime nor GeneralizedTime");
  }
  const std::int64_t seconds = timegm(&civil);
  if (seconds >= kSecondsMax) return Instant::FromUnixNs(std::numeric_limits<std::int64_t>::max());
  if (seconds <= -kSecondsMax) return Instant::FromUnixNs(std::numeric_limits<std::int64_t>::min());
  const Bytes text(ASN1_STRING_get0_data(time), static_cast<std::size_t>(ASN1_STRING_length(time)));
  const std::int64_t ns = TRY(ReadFraction(AsText(text)));
  return Instant::FromUnixSeconds(seconds) + ns;
}

}  // namespace probatio::crypto
