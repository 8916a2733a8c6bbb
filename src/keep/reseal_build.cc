#include "keep/reseal_build.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/system_random.h"
#include "keep/nat_close.h"
#include "seal/nat_segment.h"
#include "seal/nat_sort.h"

namespace probatio::keep {
namespace {

using record::Record;
using seal::NatRow;
using seal::ResealedSegment;
using seal::SegmentInfo;

constexpr std::size_t kRoomRows = 65'536;  // rows added between two looks at the memory

Status ReadRows(const ResealInput& input, const seal::TakeRows& take) {
  const SegmentInfo& info = *input.info;
  if (info.state == seal::SegmentState::kClosed) {
    const seal::SealedSegment sealed = TRY(seal::SealedFrom(input.parts, info.leaf_count));
    return seal::RowsOfBlocks(info.id, sealed, info.root, *input.keys, take);
  }
  std::vector<Buffer> batches;
  for (const Bytes batch : input.parts) batches.push_back(ToBuffer(batch));
  return seal::RowsOfJournal(info.id, batches, info.journal, *input.keys, take);
}

// Reads one segment and counts. What a closed segment is said to hold, it must hold.
Status ReadInput(const ResealInput& input, std::uint64_t* rows_read, const seal::TakeRows& take) {
  const SegmentInfo& info = *input.info;
  std::uint64_t rows = 0;
  TRY_IN("segment " + info.id.text(), ReadRows(input, [&](std::vector<Record> read) -> Status {
           rows += read.size();
           return take(std::move(read));
         }));
  if (info.state == seal::SegmentState::kClosed && rows != info.rows) {
    return CryptoError(
        fmt::format("segment {}: holds {} rows, the ledger says {}", info.id.text(), rows, info.rows));
  }
  *rows_read += rows;
  return Done{};
}

Result<const record::NatEvent*> NatEventIn(const Record& row) {
  const auto* event = std::get_if<record::NatEvent>(&row);
  if (event == nullptr || !event->public_ip.has_value()) return CryptoError("a row of another stream");
  return event;
}

// By instant, and what begins before what ends: however late an event arrived, it stands in its place.
void SortByInstant(const seal::NatTables& tables, std::vector<NatRow>* rows) {
  const auto rank = [&](const NatRow& row) {
    return record::NatureOf(tables.shapes()[row.shape].event) == record::Nature::kEnds ? 1 : 0;
  };
  std::stable_sort(rows->begin(), rows->end(), [&](const NatRow& a, const NatRow& b) {
    return std::pair(a.end_ns, rank(a)) < std::pair(b.end_ns, rank(b));
  });
}

// A new segment's id and key; both wrapped and in use for as long as this object.
class NewSegment {
 public:
  static Result<NewSegment> Make(const ResealBuild& build, const seal::Window& window) {
    NewSegment made;
    made.window_ = window;
    made.key_ = crypto::RandomKey(build.random);
    made.out_.id = seal::MakeSegmentId(window, build.run);
    made.out_.wrapped = TRY_IN("segment " + made.out_.id.text(), build.wrap(made.key_, made.out_.id));
    return made;
  }
  const SegmentId& id() const { return out_.id; }
  const Key& key() const { return key_; }
  const seal::Window& window() const { return window_; }

  ResealedSegment Finish(seal::SegmentImage image, std::uint64_t loose) && {
    out_.rows = image.rows;
    out_.loose = loose;
    out_.public_range = image.public_range;
    out_.sealed = {std::move(image.leaves), std::move(image.blocks)};
    return std::move(out_);
  }

 private:
  seal::Window window_;
  Key key_;
  ResealedSegment out_;
};

Result<ResealedSegment> SealWindow(const ResealBuild& build, const seal::Window& window, NatRows* nat) {
  NewSegment made = TRY(NewSegment::Make(build, window));
  const seal::WindowKeys keys(made.key());
  if (!nat->has(window)) {
    seal::SegmentBuilder empty(made.id(), window, made.key());
    return std::move(made).Finish(empty.Build(build.random), 0);
  }
  const std::uint64_t loose = nat->loose(window);
  seal::SegmentImage image = TRY(SealNatRows(nat, window, made.id(), keys, build.padded, build.random));
  return std::move(made).Finish(std::move(image), loose);
}

// In the order of their instants, a batch at a time, as a run takes them.
// Creates that another run had handed over to the dead one begin before their window.
Status AddSorted(const seal::Window& window, std::vector<NatRow> rows, NatRows* nat) {
  SortByInstant(nat->tables(), &rows);
  std::vector<NatRow> batch;
  std::vector<NatRow> room;
  for (std::size_t i = 0; i < rows.size(); i += batch.size()) {
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(i);
    batch.assign(begin, begin + static_cast<std::ptrdiff_t>(std::min(kRoomRows, rows.size() - i)));
    TRY(nat->MakeRoom(batch.size()));
    seal::GroupNatRows(window.stream, &batch, &room);
    nat->Add(batch, &window);
  }
  return Done{};
}

// Window after window, so that one window's events are sorted in memory at a time.
Result<ResealOutput> RebuildNat(const ResealBuild& build, std::span<const ResealInput> inputs) {
  NatRows nat(build.spill_folder + "/" + build.run + ".spill", *build.disk, build.random, build.nat_limits);
  ResealOutput output;
  std::set<seal::Window> windows;
  for (const ResealInput& input : inputs) {
    windows.insert(input.info->window);
    std::vector<NatRow> rows;
    TRY(ReadInput(input, &output.rows_read, [&](std::vector<Record> read) -> Status {
      for (const Record& row : read) {
        const record::NatEvent* const event = TRY(NatEventIn(row));
        rows.push_back(nat.maker().RowOf(*event));
      }
      return Done{};
    }));
    TRY(AddSorted(input.info->window, std::move(rows), &nat));
  }
  TRY(nat.FileOpen());
  for (const seal::Window& window : nat.windows()) {
    if (window.stream != inputs.front().info->window.stream) return CryptoError("a row of another stream");
    windows.insert(window);
  }
  for (const seal::Window& window : windows) {
    ResealedSegment segment = TRY(SealWindow(build, window, &nat));
    output.segments.push_back(std::move(segment));
  }
  return output;
}

// One new segment from inputs of one window; rows as they are.
Result<ResealedSegment> Gather(const ResealBuild& build, std::span<const ResealInput> inputs,
                               std::uint64_t* rows_read) {
  NewSegment made = TRY(NewSegment::Make(build, inputs.front().info->window));
  seal::SegmentBuilder builder(made.id(), made.window(), made.key());
  for (const ResealInput& input : inputs) {
    TRY(ReadInput(input, rows_read, [&](std::vector<Record> read) -> Status {
      for (const Record& row : read) TRY_IN("segment " + input.info->id.text(), builder.Add(row));
      return Done{};
    }));
  }
  return std::move(made).Finish(builder.Build(build.random), 0);
}

// The same for NAT streams, whose rows are small numbers and whose blocks may be padded.
Result<ResealedSegment> GatherNat(const ResealBuild& build, std::span<const ResealInput> inputs,
                                  std::uint64_t* rows_read) {
  NewSegment made = TRY(NewSegment::Make(build, inputs.front().info->window));
  seal::NatTables tables;
  seal::NatRowMaker maker(&tables);
  std::vector<NatRow> rows;
  std::uint64_t loose = 0;
  for (const ResealInput& input : inputs) {
    loose += input.info->loose;
    TRY(ReadInput(input, rows_read, [&](std::vector<Record> read) -> Status {
      for (const Record& row : read) {
        const record::NatEvent* const event = TRY(NatEventIn(row));
        if (!seal::MayStandIn(made.window(), row)) return CryptoError("a row of another window");
        rows.push_back(maker.RowOf(*event));
      }
      return Done{};
    }));
  }
  const seal::WindowKeys keys(made.key());
  seal::SegmentImage image = seal::BuildNatSegment(made.id(), made.window().stream, keys, tables,
                                                   std::move(rows), build.random, build.padded);
  return std::move(made).Finish(std::move(image), loose);
}

}  // namespace

Result<ResealOutput> RebuildSegments(const ResealBuild& build, std::vector<ResealInput> inputs) {
  CHECK(!inputs.empty());
  std::sort(inputs.begin(), inputs.end(),
            [](const ResealInput& a, const ResealInput& b) { return a.info->window < b.info->window; });
  if (seal::IsNatStream(inputs.front().info->window.stream)) return RebuildNat(build, inputs);
  ResealOutput output;
  for (const ResealInput& input : inputs) {
    ResealedSegment segment = TRY(Gather(build, {&input, 1}, &output.rows_read));
    output.segments.push_back(std::move(segment));
  }
  return output;
}

Result<ResealOutput> MergeSegments(const ResealBuild& build, std::span<const ResealInput> inputs) {
  CHECK(!inputs.empty());
  ResealOutput output;
  const bool nat = seal::IsNatStream(inputs.front().info->window.stream);
  ResealedSegment segment =
      TRY(nat ? GatherNat(build, inputs, &output.rows_read) : Gather(build, inputs, &output.rows_read));
  output.segments.push_back(std::move(segment));
  return output;
}

Result<ResealOutput> VerifySegments(std::span<const ResealInput> inputs) {
  ResealOutput output;
  for (const ResealInput& input : inputs) {
    TRY(ReadInput(input, &output.rows_read, [](const std::vector<Record>&) -> Status { return Done{}; }));
  }
  return output;
}

}  // namespace probatio::keep
