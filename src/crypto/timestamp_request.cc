#include "crypto/timestamp_request.h"

#include <openssl/ts.h>

#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

using Number = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;

Number NumberOf(std::uint64_t value) {
  Number number(ASN1_INTEGER_new());
  CHECK(number != nullptr && ASN1_INTEGER_set_uint64(number.get(), value) == 1);
  return number;
}

// Whether the answer repeats the nonce, as section 2.4.2 demands when there was one.
Status CheckNonce(Bytes response, std::uint64_t nonce) {
  if (nonce == 0) return Done{};
  const unsigned char* at = response.data();
  const Handle<TS_RESP, TS_RESP_free> parsed(d2i_TS_RESP(nullptr, &at, static_cast<long>(response.size())));
  ForgetLibraryErrors();
  if (parsed == nullptr) return Invalid("time-stamp: not a response");
  TS_TST_INFO* const info = TS_RESP_get_tst_info(parsed.get());
  const ASN1_INTEGER* const repeated = info == nullptr ? nullptr : TS_TST_INFO_get_nonce(info);
  const Number sent = NumberOf(nonce);
  if (repeated != nullptr && ASN1_INTEGER_cmp(repeated, sent.get()) == 0) return Done{};
  return CryptoError("time-stamp: the answer does not repeat the request's nonce");
}

}  // namespace

TimestampRequest MakeTimestampRequest(const Digest& imprint, std::uint64_t nonce) {
  const Handle<TS_REQ, TS_REQ_free> request(TS_REQ_new());
  const Handle<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> wanted(TS_MSG_IMPRINT_new());
  const Handle<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  CHECK(request != nullptr && wanted != nullptr && algorithm != nullptr);
  Digest octets = imprint;
  CHECK(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1);
  CHECK(TS_MSG_IMPRINT_set_algo(wanted.get(), algorithm.get()) == 1);
  CHECK(TS_MSG_IMPRINT_set_msg(wanted.get(), octets.data(), static_cast<int>(octets.size())) == 1);
  CHECK(TS_REQ_set_version(request.get(), 1) == 1);
  CHECK(TS_REQ_set_msg_imprint(request.get(), wanted.get()) == 1);
  CHECK(TS_REQ_set_cert_req(request.get(), 1) == 1);
  if (nonce != 0) CHECK(TS_REQ_set_nonce(request.get(), NumberOf(nonce).get()) == 1);
  return {imprint, nonce, EncodeDer(i2d_TS_REQ, request.get())};
}

TimestampRequest DrawTimestampRequest(const Digest& imprint, Random& random) {
  std::array<std::uint8_t, 8> drawn{};
  random.Fill(drawn);
  return MakeTimestampRequest(imprint, Be64(drawn) | 1U);  // never 0
}

Result<TimestampToken> CheckTimestampResponse(Bytes response, const TimestampRequest& request,
                                              std::span<const Certificate> anchors) {
  if (response.size() > kTimestampBytesMax) return Invalid("time-stamp: the answer is too long");
  TimestampToken token = TRY(ParseTimestamp(response));
  TRY(CheckNonce(response, request.nonce));
  TRY(VerifyTimestamp(token, request.imprint, anchors));
  return token;
}

}  // namespace probatio::crypto
