// A time-stamp authority that counts as somebody else's: its tokens are under another policy than those that
// a deployment makes for itself. Used by *_test.cc only.
#pragma once

#include <openssl/ts.h>

#include "crypto/handle.h"
#include "crypto/test_world.h"
#include "crypto/timestamp.h"
#include "crypto/timestamp_request.h"

namespace probatio::crypto {

class TestClock : public TimestampAuthority {
 public:
  TestClock(Holder holder, Instant at) : holder_(std::move(holder)), at_(at) {}

  Result<TimestampToken> Stamp(const Digest& imprint) override {
    const Handle<TS_RESP_CTX, TS_RESP_CTX_free> context(TS_RESP_CTX_new());
    const Handle<ASN1_OBJECT, ASN1_OBJECT_free> policy(OBJ_txt2obj("2.999.1", 1));
    TS_RESP_CTX_set_serial_cb(
        context.get(),
        [](TS_RESP_CTX*, void*) {
          ASN1_INTEGER* const serial = ASN1_INTEGER_new();
          ASN1_INTEGER_set(serial, 1);
          return serial;
        },
        nullptr);
    TS_RESP_CTX_set_time_cb(
        context.get(),
        [](TS_RESP_CTX*, void* at, long* seconds, long* microseconds) {
          *seconds = static_cast<const Instant*>(at)->unix_ns() / kNsPerSecond;
          *microseconds = 0;
          return 1;
        },
        &at_);
    CHECK(TS_RESP_CTX_set_signer_cert(context.get(), holder_.certificate.native()) == 1 &&
          TS_RESP_CTX_set_signer_key(context.get(), holder_.key.native()) == 1 &&
          TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256()) == 1 &&
          TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256()) == 1 &&
          TS_RESP_CTX_set_def_policy(context.get(), policy.get()) == 1 &&
          TS_RESP_CTX_add_md(context.get(), EVP_sha256()) == 1);
    const TimestampRequest asked = MakeTimestampRequest(imprint, 0);
    const Handle<BIO, BIO_free> request(
        BIO_new_mem_buf(asked.der.data(), static_cast<int>(asked.der.size())));
    const Handle<TS_RESP, TS_RESP_free> response(TS_RESP_create_response(context.get(), request.get()));
    CHECK(response != nullptr && TS_RESP_get_token(response.get()) != nullptr);
    return ParseTimestamp(EncodeDer(i2d_PKCS7, TS_RESP_get_token(response.get())));
  }

 private:
  Holder holder_;
  Instant at_;
};

}  // namespace probatio::crypto
