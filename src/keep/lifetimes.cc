#include "keep/lifetimes.h"

#include <fmt/format.h>

#include "crypto/aead.h"

namespace probatio::keep {
namespace {

constexpr std::uint8_t kVersion = 2;
const std::string kNever = "----------";  // as long as a date: the sealed bytes do not tell who has an end

std::string PrefixOf(record::RecordClass record_class) {
  return fmt::format("lifetime/{}/", record::ToText(record_class));
}

Result<seal::SubjectHandle> HandleIn(const std::string& key, std::size_t prefix) {
  const Buffer bytes = TRY(FromHex(std::string_view(key).substr(prefix)));
  seal::SubjectHandle handle{};
  if (bytes.size() != handle.size()) return StorageError("lifetime: its name is no handle");
  std::copy(bytes.begin(), bytes.end(), handle.begin());
  return handle;
}

}  // namespace

Lifetimes::Lifetimes(seal::Box& box, const Key& index_key, Random& random)
    : box_(box), key_(crypto::Hkdf(index_key, {AsBytes("probatio/lifetimes/1")})), random_(random) {}

std::string Lifetimes::KeyOf(record::RecordClass record_class, const seal::SubjectHandle& handle) {
  return PrefixOf(record_class) + ToHex(handle);
}

seal::BoxEntry Lifetimes::EntryOf(const Lifetime& lifetime) const {
  ByteWriter plain;
  plain.U8(kVersion);
  plain.U64(static_cast<std::uint64_t>(lifetime.stated.stated_at.unix_ns()));
  plain.U8(lifetime.stated.end ? 1 : 0);
  plain.U64(static_cast<std::uint64_t>(lifetime.stated.end.value_or(Instant()).unix_ns()));
  plain.U8(lifetime.holds_from ? 1 : 0);
  plain.U64(static_cast<std::uint64_t>(lifetime.holds_from.value_or(Instant()).unix_ns()));
  plain.Raw(AsBytes(lifetime.expires ? law::ToText(*lifetime.expires) : kNever));
  const std::string key = KeyOf(lifetime.record_class, lifetime.handle);
  return {key, crypto::Seal(key_, plain.bytes(), AsBytes(key), random_)};
}

Result<Lifetime> Lifetimes::Open(const std::string& key, Bytes sealed) const {
  const Secret plain = TRY_IN(key, crypto::Open(key_, sealed, AsBytes(key)));
  ByteReader reader(plain.reveal());
  const std::uint8_t version = TRY(reader.U8());
  if (version != kVersion) return Invalid(fmt::format("{}: of version {}", key, version));
  const std::uint64_t stated_at = TRY(reader.U64());
  const std::uint8_t has_end = TRY(reader.U8());
  const std::uint64_t end = TRY(reader.U64());
  const std::uint8_t has_holds_from = TRY(reader.U8());
  const std::uint64_t holds_from = TRY(reader.U64());
  const Bytes expires = TRY(reader.Raw(reader.remaining()));
  Lifetime lifetime;
  lifetime.stated.stated_at = Instant::FromUnixNs(static_cast<std::int64_t>(stated_at));
  if (has_end != 0) lifetime.stated.end = Instant::FromUnixNs(static_cast<std::int64_t>(end));
  if (has_holds_from != 0) lifetime.holds_from = Instant::FromUnixNs(static_cast<std::int64_t>(holds_from));
  if (AsText(expires) != kNever) lifetime.expires = TRY_IN(key, law::ParseDate(AsText(expires)));
  return lifetime;
}

Result<std::optional<Lifetime>> Lifetimes::Read(record::RecordClass record_class,
                                                const seal::SubjectHandle& handle) const {
  const std::string key = KeyOf(record_class, handle);
  const std::optional<Buffer> sealed = TRY(box_.Read(key));
  if (!sealed) return std::optional<Lifetime>();
  Lifetime lifetime = TRY(Open(key, *sealed));
  lifetime.record_class = record_class;
  lifetime.handle = handle;
  return std::optional<Lifetime>(lifetime);
}

Result<std::vector<Lifetime>> Lifetimes::List(record::RecordClass record_class) const {
  const std::string prefix = PrefixOf(record_class);
  const std::vector<std::string> keys = TRY(box_.List(prefix));
  std::vector<Lifetime> all;
  for (const std::string& key : keys) {
    const seal::SubjectHandle handle = TRY_IN(key, HandleIn(key, prefix.size()));
    const std::optional<Lifetime> lifetime = TRY(Read(record_class, handle));
    if (lifetime) all.push_back(*lifetime);
  }
  return all;
}

}  // namespace probatio::keep
