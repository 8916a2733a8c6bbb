// Makes RADIUS packets for tests and fuzz seeds.
#pragma once

#include "decode/radius/authenticator.h"

namespace probatio::decode {

class PacketForTests {
 public:
  explicit PacketForTests(std::uint8_t id = 7) : id_(id) {}

  PacketForTests& Add(std::uint8_t type, Bytes value) {
    attributes_.U8(type);
    attributes_.U8(static_cast<std::uint8_t>(value.size() + 2));
    attributes_.Raw(value);
    return *this;
  }
  PacketForTests& Text(std::uint8_t type, std::string_view text) { return Add(type, AsBytes(text)); }
  PacketForTests& Number(std::uint8_t type, std::uint32_t number) { return Add(type, FourOctets(number)); }
  PacketForTests& Vendor(std::uint32_t vendor, std::uint8_t type, Bytes value) {
    ByteWriter inner;
    inner.U32(vendor);
    inner.U8(type);
    inner.U8(static_cast<std::uint8_t>(value.size() + 2));
    inner.Raw(value);
    return Add(kVendorSpecific, inner.bytes());
  }
  PacketForTests& VendorNumber(std::uint32_t vendor, std::uint8_t type, std::uint32_t number) {
    return Vendor(vendor, type, FourOctets(number));
  }

  Buffer MadeWith(const Secret& secret, const Md5& md5) const {
    const Buffer bare = Whole(Md5Digest{});
    return Whole(md5({bare, secret.reveal()}).value());
  }

 private:
  static Buffer FourOctets(std::uint32_t number) {
    ByteWriter out;
    out.U32(number);
    return out.Take();
  }
  Buffer Whole(const Md5Digest& authenticator) const {
    ByteWriter out;
    out.U8(kAccountingRequest);
    out.U8(id_);
    out.U16(static_cast<std::uint16_t>(kRadiusHeaderSize + attributes_.bytes().size()));
    out.Raw(authenticator);
    out.Raw(attributes_.bytes());
    return out.Take();
  }

  std::uint8_t id_;
  ByteWriter attributes_;
};

}  // namespace probatio::decode
