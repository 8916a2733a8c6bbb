// Reads and verifies time-stamp tokens: TSTInfo of RFC 3161 section 2.4.2 inside a SignedData. Thread-safe.
#include "crypto/timestamp.h"

#include <openssl/ts.h>

#include "crypto/asn1_time.h"
#include "crypto/signed_data.h"

namespace probatio::crypto {
namespace {

using TstInfo = Handle<TS_TST_INFO, TS_TST_INFO_free>;

constexpr std::int64_t kAccuracySecondsMax = 86'400 * 366;  // an error bound over a year is no time-stamp

// The header of one DER element; kInvalid for indefinite lengths, which a TimeStampResp does not have.
struct Element {
  int tag = 0;
  Bytes whole;
  Bytes value;
};

Result<Element> ReadElement(Bytes from) {
  const unsigned char* at = from.data();
  long size = 0;
  Element element;
  int tag_class = 0;
  const int flags = ASN1_get_object(&at, &size, &element.tag, &tag_class, static_cast<long>(from.size()));
  ForgetLibraryErrors();
  if ((flags & 0x80) != 0) return Invalid("not ASN.1");
  if ((flags & 0x01) != 0) return Invalid("indefinite length");
  const auto header = static_cast<std::size_t>(at - from.data());
  element.value = from.subspan(header, static_cast<std::size_t>(size));
  element.whole = from.first(header + element.value.size());
  return element;
}

Status CheckGranted(Bytes status_info) {
  const unsigned char* at = status_info.data();
  const Handle<TS_STATUS_INFO, TS_STATUS_INFO_free> info(
      d2i_TS_STATUS_INFO(nullptr, &at, static_cast<long>(status_info.size())));
  ForgetLibraryErrors();
  if (info == nullptr) return Invalid("status not readable");
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info.get()));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) {
    return Error(ErrorCode::kRefused, "the authority granted no token, status " + std::to_string(status));
  }
  return Done{};
}

// A response is a SEQUENCE whose first element is one again (PKIStatusInfo); a token begins with an object
// identifier. The token's bytes are cut out, never encoded anew: its signature is over these.
Result<Bytes> TokenOf(Bytes der) {
  const unsigned char kObjectIdentifier = V_ASN1_OBJECT;
  const Result<Element> outer = ReadElement(der);
  if (!outer.ok()) return der;  // perhaps a token in BER; SignedData::Parse decides
  if (outer.value().value.empty() || outer.value().value.front() == kObjectIdentifier) return der;
  if (outer.value().whole.size() != der.size()) return Invalid("bytes after the end");
  const Element status = TRY(ReadElement(outer.value().value));
  TRY(CheckGranted(status.whole));
  const Bytes token = outer.value().value.subspan(status.whole.size());
  if (token.empty()) return Invalid("response without a token");
  return token;
}

Result<TstInfo> ReadInfo(const SignedData& message) {
  if (message.content_type() != NID_id_smime_ct_TSTInfo) return Invalid("content is not TSTInfo");
  const Bytes content = TRY(message.content());
  const unsigned char* at = content.data();
  TstInfo info(d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(content.size())));
  ForgetLibraryErrors();
  if (info == nullptr) return Invalid("TSTInfo not readable");
  if (at != content.data() + content.size()) return Invalid("bytes after TSTInfo");
  if (TS_TST_INFO_get_version(info.get()) != 1) return Invalid("TSTInfo is not of version 1");
  return info;
}

Result<Digest> ReadImprint(TS_TST_INFO* info) {
  TS_MSG_IMPRINT* const imprint = TS_TST_INFO_get_msg_imprint(info);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  const ASN1_OCTET_STRING* const octets = TS_MSG_IMPRINT_get_msg(imprint);
  Digest digest;
  if (OBJ_obj2nid(algorithm) != NID_sha256) return Invalid("imprint is not of SHA-256");
  if (ASN1_STRING_length(octets) != static_cast<int>(digest.size()))
    return Invalid("imprint is not 32 octets");
  std::copy_n(ASN1_STRING_get0_data(octets), digest.size(), digest.begin());
  return digest;
}

// Parts that are left out count as zero; an accuracy that is left out altogether is unknown.
Result<std::optional<std::int64_t>> ReadAccuracy(TS_TST_INFO* info) {
  const TS_ACCURACY* const accuracy = TS_TST_INFO_get_accuracy(info);
  if (accuracy == nullptr) return std::optional<std::int64_t>();
  const auto read = [](const ASN1_INTEGER* part) { return part == nullptr ? 0L : ASN1_INTEGER_get(part); };
  const std::int64_t seconds = read(TS_ACCURACY_get_seconds(accuracy));
  const std::int64_t millis = read(TS_ACCURACY_get_millis(accuracy));
  const std::int64_t micros = read(TS_ACCURACY_get_micros(accuracy));
  if (seconds < 0 || seconds > kAccuracySecondsMax || millis < 0 || millis > 999 || micros < 0 ||
      micros > 999) {
    return Invalid("accuracy out of bounds");
  }
  return std::optional<std::int64_t>(seconds * kNsPerSecond + millis * kNsPerMs + micros * 1000);
}

std::string ReadPolicy(TS_TST_INFO* info) {
  char text[256];
  const int size = OBJ_obj2txt(text, sizeof text, TS_TST_INFO_get_policy_id(info), 1);
  ForgetLibraryErrors();
  return size > 0 && size < static_cast<int>(sizeof text) ? text : "";
}

Result<TimestampToken> ReadToken(Bytes der) {
  const SignedData message = TRY(SignedData::Parse(der));
  const TstInfo info = TRY(ReadInfo(message));
  TimestampToken token;
  token.der = ToBuffer(der);
  token.imprint = TRY(ReadImprint(info.get()));
  token.at = TRY_IN("genTime", ReadAsn1Time(TS_TST_INFO_get_time(info.get())));
  token.accuracy_ns = TRY(ReadAccuracy(info.get()));
  token.authority = message.signer().CommonName();
  token.policy = ReadPolicy(info.get());
  return token;
}

// RFC 3161 section 2.4.2: an extension that is critical and not known makes the token unusable.
Status CheckExtensions(const SignedData& message) {
  const TstInfo info = TRY(ReadInfo(message));
  if (TS_TST_INFO_get_ext_by_critical(info.get(), 1, -1) >= 0)
    return CryptoError("critical extension not known");
  return Done{};
}

Status Verify(const TimestampToken& token, const Digest& imprint, std::span<const Certificate> anchors) {
  // The bytes speak, not the fields beside them.
  const TimestampToken read = TRY(ReadToken(token.der));
  if (read.at != token.at || read.imprint != token.imprint)
    return CryptoError("fields differ from the token");
  if (!Equal(read.imprint, imprint)) return CryptoError("stamped for something else");
  const SignedData message = TRY(SignedData::Parse(token.der));
  TRY(CheckExtensions(message));
  TRY(message.VerifySignature(nullptr));
  TRY(message.VerifySigningCertificate());
  // The signer stands for itself where the caller keeps the chain: its use and its dates are checked all the
  // same.
  const std::span<const Certificate> own(&message.signer(), 1);
  return message.signer().VerifyChain(message.certificates(), anchors.empty() ? own : anchors, read.at,
                                      CertificateUse::kTimestamp);
}

}  // namespace

Result<TimestampToken> ParseTimestamp(Bytes der) {
  if (der.size() > kTimestampBytesMax) return Invalid("time-stamp: longer than 256 KiB");
  const Bytes token = TRY_IN("time-stamp", TokenOf(der));
  TimestampToken read = TRY_IN("time-stamp", ReadToken(token));
  return read;
}

Status VerifyTimestamp(const TimestampToken& token, const Digest& imprint,
                       std::span<const Certificate> anchors) {
  if (token.der.size() > kTimestampBytesMax) return Invalid("time-stamp: longer than 256 KiB");
  TRY_IN("time-stamp", Verify(token, imprint, anchors));
  return Done{};
}

}  // namespace probatio::crypto
