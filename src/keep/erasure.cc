#include "keep/erasure.h"

#include <fmt/format.h>

namespace probatio::keep {
namespace {

constexpr std::size_t kBasicTimeBytes = 16;  // "20261124T100000Z"

// The window that a segment's name tells: "<stream>-<begin>-<run>", begin without its punctuation.
Result<seal::Window> WindowNamedBy(const SegmentId& segment) {
  const std::string& text = segment.text();
  const std::size_t dash = text.find('-');
  const std::string basic = dash == std::string::npos ? "" : text.substr(dash + 1, kBasicTimeBytes);
  if (basic.size() != kBasicTimeBytes) return Invalid("segment " + text + ": its name tells no window");
  const std::string begin = fmt::format("{}-{}-{}:{}:{}", basic.substr(0, 4), basic.substr(4, 2),
                                        basic.substr(6, 5), basic.substr(11, 2), basic.substr(13));
  const seal::Stream stream = TRY(seal::ParseStream(text.substr(0, dash)));
  const Instant at = TRY_IN("segment " + text, Instant::ParseRfc3339(begin));
  return seal::WindowOf(stream, at);
}

Vault::IsDying DyingIn(const Manifest& manifest) {
  return [&manifest](const ErasureKeyId& id) { return manifest.dying_keys().count(id.text()) > 0; };
}

}  // namespace

law::CivilDate MonthOf(Instant at) {
  law::CivilDate month = law::ParisDate(at);
  month.day = 1;
  return month;
}

void NoteOuter(Bytes wrapped, seal::SegmentInfo* info) {
  const Result<ErasureKeyName> name = OuterKeyOf(wrapped);
  if (!name.ok()) return;  // without an outer layer
  info->erasure_key = IdOf(name.value()).text();
  info->expires = law::ParisMidnight(name.value().day);
}

Result<Buffer> Erasure::SealSegment(const SegmentId& segment, Bytes inner) {
  const seal::Window window = TRY(WindowNamedBy(segment));
  if (seal::IsSubjectStream(window.stream)) return ToBuffer(inner);
  const std::optional<law::CivilDate> day = rules_.ExpiryOf(window);
  if (!day) return Denied("segment " + segment.text() + ": no retention rule of the regime keeps its rows");
  const NamedErasureKey key =
      TRY(vault_.Need(ErasureKind::kWindow, seal::ClassOf(window.stream), *day, DyingIn(manifest_)));
  return SealOuter(key, OuterContext(segment), inner, random_);
}

Result<Buffer> Erasure::SealSubject(seal::Stream stream, const seal::SubjectHandle& handle, Bytes inner) {
  if (stream == seal::Stream::kPassword) return ToBuffer(inner);
  const record::RecordClass record_class = seal::ClassOf(stream);
  const law::CivilDate month = MonthOf(clock_.Now());
  const NamedErasureKey key =
      TRY(vault_.Need(ErasureKind::kSubject, record_class, month, DyingIn(manifest_)));
  return SealOuter(key, OuterContext(record_class, handle), inner, random_);
}

Result<Buffer> Erasure::OpenSegment(const seal::SegmentInfo& info, Bytes outer) const {
  if (info.erasure_key.empty()) return ToBuffer(outer);
  Buffer inner = TRY_IN("segment " + info.id.text(), Open(OuterContext(info.id), outer));
  return inner;
}

Result<Buffer> Erasure::OpenSubject(record::RecordClass record_class, const seal::SubjectHandle& handle,
                                    Bytes outer) const {
  Result<Buffer> inner = Open(OuterContext(record_class, handle), outer);
  if (inner.ok()) return inner;
  // No digest of it is kept anywhere: bytes that are no outer layer are ours, damaged or replaced in the box.
  const Error error = inner.error().Within("subject " + ToHex(handle));
  return error.code() == ErrorCode::kInvalid ? CryptoError(error.what()) : error;
}

Result<Buffer> Erasure::Open(Bytes context, Bytes outer) const {
  const ErasureKeyName name = TRY(OuterKeyOf(outer));
  const ErasureKeyId id = IdOf(name);
  if (DyingIn(manifest_)(id)) {
    return StorageError(fmt::format(
        "the box shows an old copy: it is under the erasure key {}, which is destroyed", id.text()));
  }
  Result<Key> key = vault_.Read(name);
  if (!key.ok() && key.error().code() == ErrorCode::kNotFound) {
    return StorageError(fmt::format(
        "{}, and the ledger knows no purge of it: bring back a replica of the vault", key.error().what()));
  }
  if (!key.ok()) return key.error();
  return OpenOuter({name, std::move(key).value()}, context, outer);
}

}  // namespace probatio::keep
