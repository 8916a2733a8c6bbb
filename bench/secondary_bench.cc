// What it costs that an order may start elsewhere: platform activities, filed under their account, with and
// without the light copy under the message's id (docs/formats/window.md, selectors). Bytes and processor time
// through keep::Run as a collector works; look-ups by account and by message with the window's key in hand.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "crypto/system_random.h"
#include "keep/manifest.h"
#include "keep/run.h"
#include "ledger/memory_storage.h"
#include "meter.h"
#include "random.h"
#include "seal/box_key.h"
#include "seal/segment_leaves.h"
#include "store/rocksdb/rocks_box.h"

namespace probatio::bench {
namespace {

constexpr std::uint64_t kActivitiesPerAccount = 50;  // of a day
constexpr std::size_t kBatch = 4096;                 // activities come in smaller steps than NAT events
constexpr std::size_t kLookUps = 500;
const Instant kDay = Instant::FromUnixSeconds(1'729'468'800);  // 2024-10-21T00:00:00Z

class OneYear : public resolve::Retention {
 public:
  Instant OldestKept(seal::Stream, Instant now) const override { return now - 365 * kNsPerDay; }
  bool Kept(std::span<const seal::ProvenRow>, const seal::ProvenRow&, Instant) const override { return true; }
};

struct Figures {
  double bytes_per_row = 0;
  double cpu_s_per_million = 0;
  double by_account_us = 0;  // medians
  double by_message_us = 0;  // none without the copies
};

// The activities of one day, spread evenly over it and at random over the accounts.
class Activities {
 public:
  Activities(std::uint64_t rows, bool with_messages)
      : rows_(rows), with_messages_(with_messages), accounts_(rows / kActivitiesPerAccount + 1) {}

  record::Activity Number(std::uint64_t i) const {
    Dice dice(i + 1);
    record::Activity row;
    row.origin.at.at = kDay + static_cast<std::int64_t>(i * (kNsPerDay / kNsPerMs / rows_)) * kNsPerMs;
    row.event = record::ActivityKind::kMessageSent;
    row.source_ip = IpAddress::V4(0xC6120000U + dice.Below(1U << 17));  // 198.18.0.0/15
    row.source_port = static_cast<std::uint16_t>(1024 + dice.Below(64'512));
    row.account = fmt::format("account-{}", dice.Below(static_cast<std::uint32_t>(accounts_)));
    if (with_messages_) row.message = fmt::format("message-{}", i);
    return row;
  }
  std::uint64_t rows() const { return rows_; }

 private:
  std::uint64_t rows_;
  bool with_messages_;
  std::uint64_t accounts_;
};

class Store {
 public:
  explicit Store(const std::string& folder)
      : box_folder_(folder + "/store"), journals_folder_(folder + "/journal") {
    std::filesystem::create_directories(box_folder_);
    std::filesystem::create_directories(journals_folder_);
  }

  Result<LoadCost> Load(const Activities& activities) {
    box_ = TRY(store::RocksBox::Open(box_folder_, store::Access::kReadWrite));
    keep::Subjects subjects(*box_, crypto::RandomKey(random_), WrapNobody, random_);
    const std::unique_ptr<keep::Journals> journals = keep::DiskJournals(journals_folder_);
    const auto wrap = [this](const Key& key, const SegmentId& segment) {
      keys_.insert_or_assign(segment, key.Clone());
      return Result<Buffer>(Buffer(100));  // as long as a share for each of three custodians need not be
    };
    const OneYear retention;
    LoadMeter meter;
    const std::unique_ptr<keep::Run> run = TRY(keep::Run::Open(
        {*box_, ledger_, *journals, subjects, retention, clock_, random_, wrap, journals_folder_}));
    std::vector<record::Record> batch;
    std::uint64_t next = 0;
    while (meter.Feeding([&] { return Fill(activities, &next, &batch); })) TRY(run->Append(batch));
    TRY(run->Close());
    return meter.Stop();
  }

  std::uint64_t Bytes() const { return BytesUnder(box_folder_) + BytesUnder(journals_folder_); }

  // Every row under the selector, each block held against the ledger's root; CHECKs that there are any.
  Status Find(const seal::Selector& selector) {
    std::size_t rows = 0;
    for (const seal::SegmentInfo& info : TRY(keep::Manifest::FromLedger(ledger_)).All()) {
      const seal::WindowKeys keys(keys_.at(info.id));
      const seal::Token token = keys.TokenOf(selector);
      const seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(*box_, info, &cache_));
      for (const seal::FoundLeaf& found : TRY(leaves.Find(token))) {
        const std::optional<Buffer> sealed =
            TRY(box_->Read(seal::BlockKey(info.id, found.leaf.token, found.leaf.position)));
        CHECK(sealed.has_value());
        const seal::UnsealedBlock block =
            TRY(seal::UnsealBlock(info.id, found.leaf, keys.KeysOf(token), *sealed));
        rows += TRY(block.Find({})).size();
      }
    }
    CHECK(rows > 0);
    return Done{};
  }

 private:
  static Result<Buffer> WrapNobody(const Key&, seal::Stream, const seal::SubjectHandle&, std::string_view) {
    return Invalid("bench: activities have no identities");
  }
  bool Fill(const Activities& activities, std::uint64_t* next, std::vector<record::Record>* batch) {
    batch->clear();
    while (batch->size() < kBatch && *next < activities.rows())
      batch->push_back(activities.Number((*next)++));
    if (!batch->empty()) clock_.Set(record::OriginOf(batch->back()).at.at);
    return !batch->empty();
  }

  std::string box_folder_;
  std::string journals_folder_;
  FixedClock clock_{kDay};
  crypto::SystemRandom random_;
  ledger::MemoryStorage storage_;
  ledger::Ledger ledger_ =
      ledger::Ledger::Open(storage_, "probatio.example/bench", crypto::PrivateKey::GenerateEd25519()).value();
  std::unique_ptr<store::RocksBox> box_;
  std::map<SegmentId, Key> keys_;
  seal::LeafCache cache_;
};

template <class Select>
Result<double> MedianOf(Store& store, const Activities& activities, const Select& select) {
  std::vector<double> times_us;
  Dice dice(7);
  for (std::size_t i = 0; i < kLookUps; ++i) {
    const seal::Selector selector = select(activities.Number(dice.Below64(activities.rows())));
    const double begin = WallSeconds();
    TRY(store.Find(selector));
    times_us.push_back((WallSeconds() - begin) * 1e6);
  }
  return Percentile(times_us, 0.5);
}

Result<Figures> Measure(const std::string& folder, std::uint64_t rows, bool with_messages) {
  const Activities activities(rows, with_messages);
  Store store(folder);
  const LoadCost cost = TRY(store.Load(activities));
  Figures figures;
  figures.bytes_per_row = static_cast<double>(store.Bytes()) / static_cast<double>(rows);
  figures.cpu_s_per_million = cost.cpu_seconds / static_cast<double>(rows) * 1e6;
  figures.by_account_us = TRY(
      MedianOf(store, activities, [](const record::Activity& row) { return seal::ForAccount(row.account); }));
  if (!with_messages) return figures;
  figures.by_message_us = TRY(MedianOf(
      store, activities, [](const record::Activity& row) { return seal::ForMessage(*row.message); }));
  return figures;
}

nlohmann::json JsonOf(const Figures& figures) {
  return {{"bytes_per_row", figures.bytes_per_row},
          {"cpu_s_per_million", figures.cpu_s_per_million},
          {"by_account_p50_us", figures.by_account_us},
          {"by_message_p50_us", figures.by_message_us}};
}

Status Run(const std::string& work, std::uint64_t rows, const std::string& json) {
  nlohmann::json out{{"rows", rows}, {"machine", MachineText()}};
  fmt::print("{} activities of one day, {} an account\n\n{:<24} {:>9} {:>9} {:>14} {:>14}\n", rows,
             kActivitiesPerAccount, "", "bytes/row", "CPU s/M", "by account p50", "by message p50");
  for (const bool with_messages : {false, true}) {
    const std::string name = with_messages ? "with_messages" : "without";
    const Figures figures = TRY(Measure(work + "/" + name, rows, with_messages));
    out[name] = JsonOf(figures);
    fmt::print("{:<24} {:>9.1f} {:>9.2f} {:>11.0f} us {:>11.0f} us\n", name, figures.bytes_per_row,
               figures.cpu_s_per_million, figures.by_account_us, figures.by_message_us);
  }
  if (json.empty()) return Done{};
  std::ofstream file(json);
  file << out.dump(2) << "\n" << std::flush;
  return file.good() ? Status(Done{}) : StorageError(json + ": cannot be written");
}

}  // namespace
}  // namespace probatio::bench

int main(int argc, char** argv) {
  std::uint64_t rows = 100'000;
  std::string json;
  std::string where = "/var/tmp";
  CLI::App app{"activities with and without their secondary selector"};
  app.add_option("--rows", rows, "activities")->check(CLI::Range(std::uint64_t{1}, std::uint64_t{2'000'000}));
  app.add_option("--json", json, "write the figures to this file");
  app.add_option("--work", where, "a folder on the disk to be measured");
  CLI11_PARSE(app, argc, argv);
  std::string work = where + "/probatio-bench-XXXXXX";
  std::filesystem::create_directories(where);
  if (mkdtemp(work.data()) == nullptr) return 1;
  const probatio::Status status = probatio::bench::Run(work, rows, json);
  std::filesystem::remove_all(work);
  if (status.ok()) return 0;
  fmt::print(stderr, "secondary_bench: {}\n", status.error().what());
  return 1;
}
