#include "keep/quarantine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "crypto/system_random.h"
#include "keep/quarantine_file.h"

namespace probatio::keep {

Quarantine::~Quarantine() {
  Close();
}

void Quarantine::Close() {
  if (file_ >= 0) parts_.disk.Close(file_);
  file_ = -1;
}

bool Quarantine::PutAside(QuarantineItem item) {
  item.put_aside = parts_.clock.Now();
  if (item.whole_bytes == 0) item.whole_bytes = item.content.size();
  bool over_limit = false;
  const bool waits = trouble_.has_value() && item.put_aside < no_try_before_;
  const Status written = waits ? Status(*trouble_) : Write(item, &over_limit);
  Wipe(item.content);
  if (over_limit) {
    ++counts_.over_limit;
    return false;
  }
  if (!written.ok()) {
    ++counts_.failed;
    if (!waits) no_try_before_ = item.put_aside + kQuarantineRetryNs;
    trouble_ = written.error();
    return false;
  }
  ++counts_.items;
  counts_.bytes += item.whole_bytes;
  return true;
}

Status Quarantine::Write(const QuarantineItem& item, bool* over_limit) {
  const law::CivilDate day = law::ParisDate(item.put_aside);
  if (file_ < 0 || day != day_) TRY(Open(day));
  const Buffer frame = FrameBytes(SealItemOf(key_, name_, next_number_, item, parts_.random));
  *over_limit = day_bytes_ + size_ + frame.size() > parts_.day_bytes_max;
  if (*over_limit) return Done{};
  const Status written = WriteAllAt(parts_.disk, file_, name_, frame, size_);
  if (!written.ok()) {
    // What was written of it is taken back; where even that fails the next frame overwrites it.
    (void)parts_.disk.Truncate(file_, static_cast<std::int64_t>(size_));
    return written;
  }
  size_ += frame.size();
  ++next_number_;
  return Done{};
}

// The day's key is read for the one sealing of the file's own, and forgotten.
Status Quarantine::Open(const law::CivilDate& day) {
  Close();
  std::error_code error;
  std::filesystem::create_directories(parts_.folder, error);
  if (error) return StorageError(parts_.folder + ": cannot make the folder: " + error.message());
  std::filesystem::permissions(parts_.folder, std::filesystem::perms::owner_all, error);
  day_ = day;
  const std::string prefix = QuarantinePrefix(day);
  const HeldTurn turn = TRY(HeldTurn::Take(parts_.turn));
  day_bytes_ = TRY(BytesOfFiles(parts_.disk, parts_.folder, prefix));
  const NamedErasureKey day_key =
      TRY(parts_.vault.Need(ErasureKind::kQuarantine, record::RecordClass::kNetwork,
                            law::AddDays(day, kQuarantineDaysMax), parts_.is_dying));
  std::array<std::uint8_t, 4> serial{};
  parts_.random.Fill(serial);
  name_ = prefix + ToHex(serial);
  key_ = crypto::RandomKey(parts_.random);
  const Buffer head = HeadBytes({day_key.name, SealFileKey(day_key.key, name_, key_, parts_.random)});
  const int file = TRY(CreateQuarantineFile(parts_.disk, parts_.folder, name_, head));
  file_ = file;
  size_ = head.size();
  next_number_ = 1;
  return Done{};
}

Status Quarantine::Flush() {
  if (file_ < 0 || parts_.disk.Sync(file_) == 0) return Done{};
  return StorageError(fmt::format("quarantine: cannot sync: {}", std::strerror(errno)));
}

ledger::Entry Quarantine::EntryOf(Instant now) const {
  return {"input_put_aside",
          now,
          {{"items", std::to_string(counts_.items)},
           {"bytes", std::to_string(counts_.bytes)},
           {"over_limit", std::to_string(counts_.over_limit)},
           {"failed", std::to_string(counts_.failed)}}};
}

}  // namespace probatio::keep
