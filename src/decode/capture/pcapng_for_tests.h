// Makes .pcapng files for tests and fuzz seeds.
#pragma once

#include <utility>
#include <vector>

#include "base/bytes.h"

namespace probatio::decode {

class PcapngForTests {
 public:
  explicit PcapngForTests(bool little) { Section(little); }

  const Buffer& bytes() const { return out_; }

  void Section(bool little) {
    little_ = little;
    Buffer body;
    Put(&body, 0x1A2B3C4D, 4);
    Put(&body, 1, 2);
    Put(&body, 0, 2);
    Put(&body, ~std::uint64_t{0}, 8);  // length of the section: not known
    Block(0x0A0D0D0A, body);
  }

  void Interface(std::uint16_t link_type, const std::vector<std::pair<std::uint16_t, Buffer>>& options = {}) {
    Buffer body;
    Put(&body, link_type, 2);
    Put(&body, 0, 2);
    Put(&body, 0, 4);  // no snapshot length
    for (const auto& [code, value] : options) {
      Put(&body, code, 2);
      Put(&body, value.size(), 2);
      body.insert(body.end(), value.begin(), value.end());
      Pad(&body);
    }
    if (!options.empty()) Put(&body, 0, 4);
    Block(1, body);
  }

  void Enhanced(std::uint32_t interface, std::uint64_t ticks, const Buffer& packet) {
    Buffer body;
    for (const std::uint64_t value : {std::uint64_t{interface}, ticks >> 32, ticks & 0xFFFF'FFFFU,
                                      std::uint64_t{packet.size()}, std::uint64_t{packet.size()}}) {
      Put(&body, value, 4);
    }
    body.insert(body.end(), packet.begin(), packet.end());
    Block(6, body);
  }

  void Simple(std::uint32_t original, const Buffer& packet) {
    Buffer body;
    Put(&body, original, 4);
    body.insert(body.end(), packet.begin(), packet.end());
    Block(3, body);
  }

  void Block(std::uint32_t type, Buffer body) {
    Pad(&body);
    Put(&out_, type, 4);
    Put(&out_, body.size() + 12, 4);
    out_.insert(out_.end(), body.begin(), body.end());
    Put(&out_, body.size() + 12, 4);
  }

 private:
  void Put(Buffer* out, std::uint64_t value, int size) const {
    for (int i = 0; i < size; ++i)
      out->push_back(static_cast<std::uint8_t>(value >> (8 * (little_ ? i : size - 1 - i))));
  }
  static void Pad(Buffer* out) {
    while (out->size() % 4 != 0) out->push_back(0);
  }

  bool little_ = false;
  Buffer out_;
};

}  // namespace probatio::decode
