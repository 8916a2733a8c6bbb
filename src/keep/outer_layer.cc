#include "keep/outer_layer.h"

#include <fmt/format.h>

#include "crypto/aead.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kMagic = "PRBOUTER";
constexpr std::uint16_t kVersion = 1;

struct Layer {
  ErasureKeyName name;
  Bytes sealed;
};

Result<Layer> Parse(Bytes outer) {
  ByteReader reader(outer);
  const Result<Bytes> magic = reader.Raw(kMagic.size());
  if (!magic.ok() || AsText(magic.value()) != kMagic) return Invalid("outer layer: there is none");
  const std::uint16_t version = TRY(reader.U16());
  if (version != kVersion) {
    return Invalid(
        fmt::format("outer layer: of version {}; this program reads version {}", version, kVersion));
  }
  Layer layer;
  const Bytes name = TRY(reader.Field());
  layer.name = TRY(ParseErasureKeyName(AsText(name)));
  layer.sealed = TRY(reader.Raw(reader.remaining()));
  return layer;
}

Buffer AssociatedData(const ErasureKeyName& name, Bytes context) {
  ByteWriter data;
  data.Field(AsBytes("probatio/outer/1"));
  data.Field(context);
  data.Field(AsBytes(IdOf(name).text()));
  return data.Take();
}

Buffer ItemContext(std::uint32_t number, const seal::SubjectHandle& handle) {
  ByteWriter data;
  data.Field(AsBytes("probatio/item/1"));
  data.U32(number);
  data.Raw(handle);
  return data.Take();
}

}  // namespace

Buffer OuterContext(const SegmentId& segment) {
  ByteWriter context;
  context.Field(AsBytes("segment"));
  context.Field(AsBytes(segment.text()));
  return context.Take();
}

Buffer OuterContext(record::RecordClass record_class, const seal::SubjectHandle& handle) {
  ByteWriter context;
  context.Field(AsBytes("subject"));
  context.Field(AsBytes(record::ToText(record_class)));
  context.Field(handle);
  return context.Take();
}

Buffer SealOuter(const NamedErasureKey& key, Bytes context, Bytes inner, Random& random) {
  ByteWriter outer;
  outer.Raw(AsBytes(kMagic));
  outer.U16(kVersion);
  outer.Field(AsBytes(IdOf(key.name).text()));
  outer.Raw(crypto::Seal(key.key, inner, AssociatedData(key.name, context), random));
  return outer.Take();
}

Buffer SealItem(const Key& key, std::uint32_t number, const seal::SubjectHandle& handle, Bytes inner,
                Random& random) {
  return crypto::Seal(key, inner, ItemContext(number, handle), random);
}

Result<Buffer> OpenItem(const Key& key, std::uint32_t number, const seal::SubjectHandle& handle,
                        Bytes layer) {
  const Secret inner =
      TRY_IN(fmt::format("item {}", number), crypto::Open(key, layer, ItemContext(number, handle)));
  return ToBuffer(inner.reveal());
}

Result<ErasureKeyName> OuterKeyOf(Bytes outer) {
  const Layer layer = TRY(Parse(outer));
  return layer.name;
}

Result<Buffer> OpenOuter(const NamedErasureKey& key, Bytes context, Bytes outer) {
  const Layer layer = TRY(Parse(outer));
  if (layer.name != key.name) {
    return CryptoError(fmt::format("outer layer: under the erasure key {}, not {}", IdOf(layer.name).text(),
                                   IdOf(key.name).text()));
  }
  const Secret inner =
      TRY_IN("outer layer", crypto::Open(key.key, layer.sealed, AssociatedData(key.name, context)));
  return ToBuffer(inner.reveal());
}

}  // namespace probatio::keep
