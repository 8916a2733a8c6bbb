// A time-stamp authority inside the deployment. Each token is made in a context of its own, so Stamp is
// thread-safe when `now` is.
#include <openssl/ts.h>

#include "crypto/handle.h"
#include "crypto/system_random.h"
#include "crypto/timestamp.h"
#include "crypto/timestamp_request.h"

namespace probatio::crypto {
namespace {

constexpr unsigned kFractionDigits = 6;  // RFC 3161 allows any; OpenSSL writes up to microseconds
constexpr std::size_t kSerialBytes = 16;

using Bio = Handle<BIO, BIO_free>;
using ResponseContext = Handle<TS_RESP_CTX, TS_RESP_CTX_free>;

// Random, so that no serial file has to be kept and locked. Null tells OpenSSL that there is none.
ASN1_INTEGER* DrawSerial(TS_RESP_CTX*, void*) {
  SystemRandom random;
  std::array<std::uint8_t, kSerialBytes> serial;
  random.Fill(serial);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3F) | 0x40);
  const Handle<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  return number == nullptr ? nullptr : BN_to_ASN1_INTEGER(number.get(), nullptr);
}

int GiveTime(TS_RESP_CTX*, void* instant, long* seconds, long* microseconds) {
  const std::int64_t ns = static_cast<const Instant*>(instant)->unix_ns();
  *seconds = ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
  *microseconds = (ns - *seconds * kNsPerSecond) / 1000;
  return 1;
}

class LocalAuthority : public TimestampAuthority {
 public:
  LocalAuthority(PrivateKey key, Certificate certificate, std::function<Instant()> now)
      : key_(std::move(key)), certificate_(std::move(certificate)), now_(std::move(now)) {}

  Result<TimestampToken> Stamp(const Digest& imprint) override {
    Instant at = now_();
    const ResponseContext context = TRY(MakeContext(&at));
    const TimestampRequest asked = MakeTimestampRequest(imprint, 0);
    const Bio request(BIO_new_mem_buf(asked.der.data(), static_cast<int>(asked.der.size())));
    CHECK(request != nullptr);
    const Handle<TS_RESP, TS_RESP_free> response(TS_RESP_create_response(context.get(), request.get()));
    if (response == nullptr || TS_RESP_get_token(response.get()) == nullptr)
      return LibraryError("time-stamp");
    ForgetLibraryErrors();
    return ParseTimestamp(EncodeDer(i2d_PKCS7, TS_RESP_get_token(response.get())));
  }

 private:
  Result<ResponseContext> MakeContext(Instant* at) const {
    ResponseContext context(TS_RESP_CTX_new());
    const Handle<ASN1_OBJECT, ASN1_OBJECT_free> policy(
        OBJ_txt2obj(std::string(kLocalTimestampPolicy).c_str(), 1));
    CHECK(context != nullptr && policy != nullptr);
    TS_RESP_CTX_set_serial_cb(context.get(), DrawSerial, nullptr);
    TS_RESP_CTX_set_time_cb(context.get(), GiveTime, at);
    if (TS_RESP_CTX_set_signer_cert(context.get(), certificate_.native()) != 1 ||
        TS_RESP_CTX_set_signer_key(context.get(), key_.native()) != 1 ||
        TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256()) != 1 ||
        TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256()) != 1 ||
        TS_RESP_CTX_set_def_policy(context.get(), policy.get()) != 1 ||
        TS_RESP_CTX_add_md(context.get(), EVP_sha256()) != 1 ||
        TS_RESP_CTX_set_clock_precision_digits(context.get(), kFractionDigits) != 1) {
      return LibraryError("time-stamp: authority");
    }
    return context;
  }

  PrivateKey key_;
  Certificate certificate_;
  std::function<Instant()> now_;
};

}  // namespace

std::unique_ptr<TimestampAuthority> LocalTimestampAuthority(PrivateKey key, Certificate certificate,
                                                            std::function<Instant()> now) {
  return std::make_unique<LocalAuthority>(std::move(key), std::move(certificate), std::move(now));
}

}  // namespace probatio::crypto
