// PDFs of one object that carry a signature, and updates of them. Used by *_test.cc only.
#pragma once

#include <fmt/format.h>

#include "crypto/cades.h"
#include "crypto/test_world.h"

namespace probatio::crypto {

// `pdf` and after it one object with a signature over all of it.
inline Buffer SignedAfter(std::string_view pdf, const Holder& by, Instant at,
                          const std::string& kind = "ETSI.CAdES.detached",
                          TimestampAuthority* authority = nullptr) {
  constexpr std::size_t kRoom = 16'384;  // hexadecimal digits of /Contents
  const auto text_with = [&](std::size_t gap, std::size_t rest) {
    return fmt::format("{}1 0 obj\n<</Type/Sig/SubFilter/{}/ByteRange[0 {:06} {:06} {:06}]/Contents", pdf,
                       kind, gap, gap + kRoom + 2, rest);
  };
  const std::string tail = ">>\nendobj\n%%EOF\n";
  const std::string before = text_with(text_with(0, 0).size(), tail.size());
  const Buffer cms = SignDetached(AsBytes(before + tail), by.key, by.certificate, {}, authority, at).value();
  std::string hex = ToHex(cms);
  CHECK(hex.size() <= kRoom);
  hex.resize(kRoom, '0');
  return ToBuffer(AsBytes(before + "<" + hex + ">" + tail));
}

inline Buffer SignedPdf(const Holder& by, Instant at, const std::string& kind = "ETSI.CAdES.detached",
                        TimestampAuthority* authority = nullptr) {
  return SignedAfter("%PDF-1.7\n", by, at, kind, authority);
}

}  // namespace probatio::crypto
