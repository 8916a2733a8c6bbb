#include "deployment.h"

#include <chrono>
#include <filesystem>

namespace probatio::kill {
namespace {

Key TestKey(std::uint8_t number) {
  return Key(Buffer(Key::kSize, number));
}

}  // namespace

Instant MachineClock::Now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Instant::FromUnixNs(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

Result<std::unique_ptr<Deployment>> Deployment::Open(const std::string& folder, keep::Recovered* recovered) {
  auto made = std::make_unique<Deployment>();
  Deployment& d = *made;
  const std::string book = folder + "/casebook.db";
  const bool is_new = !std::filesystem::exists(book);
  d.box = TRY(store::RocksBox::Open(folder + "/box", store::Access::kReadWrite));
  d.casebook = TRY(casebook::Casebook::Open(
      book, is_new ? casebook::OpenMode::kCreate : casebook::OpenMode::kExisting, TestKey(1), d.random));
  ledger::Ledger ledger = TRY(ledger::Ledger::Open(d.casebook->ledger_storage(), "probatio.example/kill",
                                                   crypto::PrivateKey::GenerateEd25519()));
  d.ledger = std::make_unique<ledger::Ledger>(std::move(ledger));
  d.journals = keep::DiskJournals(folder + "/journals");
  const auto wrap_subject = [](const Key&, seal::Stream, const seal::SubjectHandle&,
                               std::string_view) -> Result<Buffer> { return Buffer(64, 1); };
  d.subjects = std::make_unique<keep::Subjects>(*d.box, TestKey(3), wrap_subject, d.random);
  d.manifest = TRY(keep::Manifest::FromLedger(*d.ledger));
  *recovered = TRY(keep::CloseCrashedSegments(*d.ledger, d.manifest, *d.journals, d.clock));
  return made;
}

keep::Run::Parts Deployment::Parts() {
  const auto wrap = [this](const Key& key, const SegmentId& segment) -> Result<Buffer> {
    return crypto::Seal(TestKey(2), key.reveal(), AsBytes(segment.text()), random);
  };
  return {*box, *ledger, *journals, *subjects, retention, clock, random, wrap};
}

Result<Key> Deployment::WindowKey(const seal::SegmentInfo& info) {
  const std::optional<Buffer> wrapped = TRY(box->Read(seal::WrappedKey(info.id)));
  if (!wrapped || crypto::Sha256(*wrapped) != info.wrapped_digest) {
    return StorageError("segment " + info.id.text() +
                        ": its wrapped key is not the one that the ledger names");
  }
  const Secret key = TRY(crypto::Open(TestKey(2), *wrapped, AsBytes(info.id.text())));
  return Key(key.reveal());
}

}  // namespace probatio::kill
