#include "seal/nat_inside_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "record/canonical.h"
#include "seal/rice_code.h"
#include "seal/varint.h"

namespace probatio::seal {
namespace {

constexpr std::size_t kInsideKinds = 6;  // address none, IPv4, IPv6; without and with subscriber
constexpr unsigned kV4Bits = 32;
constexpr std::size_t kV6Octets = 16;

std::size_t KindOf(const NatInside& inside) {
  const std::size_t address = !inside.ip.has_value() ? 0 : inside.ip->is_v4() ? 1 : 2;
  return 2 * address + (inside.subscriber.has_value() ? 1 : 0);
}
bool HasAddress(std::size_t kind) {
  return kind >= 2;
}
bool IsV4(std::size_t kind) {
  return kind / 2 == 1;
}
bool HasSubscriber(std::size_t kind) {
  return kind % 2 == 1;
}

// Each text says how many octets it takes from the one before.
void WriteSharing(Bytes text, Bytes before, ByteWriter* out) {
  const auto ends = std::mismatch(text.begin(), text.end(), before.begin(), before.end());
  const auto shared = static_cast<std::size_t>(ends.first - text.begin());
  WriteVarint(shared, out);
  WriteVarint(text.size() - shared, out);
  out->Raw(text.subspan(shared));
}

Result<std::string> ReadSharing(ByteReader* in, std::string_view before, std::size_t size_max) {
  const std::uint64_t shared = TRY(ReadVarint(in));
  const std::uint64_t own = TRY(ReadVarint(in));
  if (shared > before.size() || own > size_max || shared + own > size_max) {
    return Invalid(fmt::format("text of {} and {} octets before offset {}", shared, own, in->offset()));
  }
  const Bytes octets = TRY(in->Raw(own));
  std::string text(before.substr(0, shared));
  text.append(AsText(octets));
  return text;
}

using Insides = std::span<const NatInside* const>;

void WriteV4(Insides insides, ByteWriter* out) {
  std::vector<std::uint32_t> gaps;
  for (std::size_t i = 1; i < insides.size(); ++i) {
    gaps.push_back(insides[i]->ip->v4() - insides[i - 1]->ip->v4());
  }
  out->U32(insides.front()->ip->v4());
  WriteRiceList(gaps, kV4Bits, out);
}

void WriteKind(Insides insides, std::size_t kind, ByteWriter* out) {
  WriteVarint(insides.size(), out);
  if (IsV4(kind)) WriteV4(insides, out);
  if (HasAddress(kind) && !IsV4(kind)) {
    Bytes before;
    for (const NatInside* inside : insides) {
      WriteSharing(inside->ip->octets(), before, out);
      before = inside->ip->octets();
    }
  }
  if (!HasSubscriber(kind)) return;
  std::string_view before;
  for (const NatInside* inside : insides) {
    CHECK(inside->subscriber->size() <= record::kTextBytesMax);
    WriteSharing(AsBytes(*inside->subscriber), AsBytes(before), out);
    before = *inside->subscriber;
  }
}

Status ReadV4(ByteReader* in, Bytes all, std::span<NatInside> insides) {
  std::uint64_t address = TRY(in->U32());
  insides.front().ip = IpAddress::V4(static_cast<std::uint32_t>(address));
  const std::vector<std::uint32_t> gaps = TRY(ReadRiceList(in, all, insides.size() - 1, kV4Bits));
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    address += gaps[i];
    if (address > UINT32_MAX) return Invalid("address over 255.255.255.255");
    insides[i + 1].ip = IpAddress::V4(static_cast<std::uint32_t>(address));
  }
  return Done{};
}

Status ReadV6(ByteReader* in, std::span<NatInside> insides) {
  std::string before;
  for (NatInside& inside : insides) {
    before = TRY(ReadSharing(in, before, kV6Octets));
    if (before.size() != kV6Octets) return Invalid("address of fewer than 16 octets");
    inside.ip = TRY(IpAddress::FromOctets(AsBytes(before)));
  }
  return Done{};
}

Status ReadSubscribers(ByteReader* in, std::span<NatInside> insides) {
  std::string_view before;
  for (NatInside& inside : insides) {
    inside.subscriber = TRY(ReadSharing(in, before, record::kTextBytesMax));
    TRY(CheckText(*inside.subscriber));
    before = *inside.subscriber;
  }
  return Done{};
}

Status ReadKind(ByteReader* in, Bytes all, std::size_t kind, std::size_t count_max,
                std::vector<NatInside>* insides) {
  const std::uint64_t count = TRY(ReadVarint(in));
  if (count < 1 || count > count_max - insides->size()) return Invalid(fmt::format("{} insides", count));
  const std::size_t begin = insides->size();
  insides->resize(begin + count);
  const std::span<NatInside> added = std::span(*insides).subspan(begin);
  if (IsV4(kind)) TRY(ReadV4(in, all, added));
  if (HasAddress(kind) && !IsV4(kind)) TRY(ReadV6(in, added));
  if (HasSubscriber(kind)) TRY(ReadSubscribers(in, added));
  return Done{};
}

}  // namespace

bool InsideBefore(const NatInside& one, const NatInside& other) {
  const std::size_t kind = KindOf(one);
  const std::size_t other_kind = KindOf(other);
  return kind != other_kind ? kind < other_kind : one < other;
}

std::uint64_t InsideKey(const NatInside& inside) {
  std::uint64_t key = KindOf(inside);
  Bytes first = inside.ip.has_value() ? inside.ip->octets() : Bytes{};
  if (!inside.ip.has_value() && inside.subscriber.has_value()) first = AsBytes(*inside.subscriber);
  for (std::size_t i = 0; i < 7; ++i) key = key << 8 | (i < first.size() ? first[i] : 0U);
  return key;
}

void WriteInsides(std::span<const NatInside* const> insides, ByteWriter* out) {
  std::array<std::size_t, kInsideKinds> counts{};
  for (const NatInside* inside : insides) ++counts[KindOf(*inside)];
  std::uint8_t kinds = 0;
  for (std::size_t kind = 0; kind < kInsideKinds; ++kind) {
    if (counts[kind] > 0) kinds = static_cast<std::uint8_t>(kinds | 1U << kind);
  }
  out->U8(kinds);
  for (std::size_t kind = 0; kind < kInsideKinds; ++kind) {
    if (counts[kind] > 0) WriteKind(insides.first(counts[kind]), kind, out);
    insides = insides.subspan(counts[kind]);
  }
}

Result<std::vector<NatInside>> ReadInsides(ByteReader* in, Bytes all, std::size_t count_max) {
  const std::uint8_t kinds = TRY(in->U8());
  if (kinds == 0 || kinds >> kInsideKinds != 0)
    return Invalid(fmt::format("kinds {:#04x} of insides", kinds));
  std::vector<NatInside> insides;
  for (std::size_t kind = 0; kind < kInsideKinds; ++kind) {
    if ((kinds >> kind & 1U) != 0) TRY(ReadKind(in, all, kind, count_max, &insides));
  }
  for (std::size_t i = 1; i < insides.size(); ++i) {
    if (!InsideBefore(insides[i - 1], insides[i])) return Invalid("insides do not ascend");
  }
  return insides;
}

}  // namespace probatio::seal
