#include "cli/input.h"

#include <ostream>

#include "cli/file_window.h"
#include "cli/input_formats.h"
#include "cli/mapped_input.h"
#include "decode/capture/pcap_file.h"

namespace probatio::cli {
namespace {

using decode::FileDecoder;

constexpr std::size_t kErrorsPrintedMax = 20;

// The records of a file, gathered into batches.
class Batches {
 public:
  Batches(const FileWindow& window, const InputSinks& sinks) : window_(window), sinks_(sinks) {}

  std::vector<record::Record>* records() { return &records_; }
  std::uint64_t handed_on() const { return handed_on_; }

  Status HandOnIfFull() {
    const bool full =
        records_.size() >= kInputBatchRecords || window_.offset() - begun_at_ >= kInputBatchBytes;
    if (full) TRY(HandOn());
    return Done{};
  }
  Status HandOn() {
    begun_at_ = window_.offset();
    TRY(sinks_.take(records_, {begun_at_, window_.file_bytes()}));
    handed_on_ += records_.size();
    records_.clear();
    return Done{};
  }

 private:
  const FileWindow& window_;
  const InputSinks& sinks_;
  std::vector<record::Record> records_;
  std::uint64_t begun_at_ = 0;
  std::uint64_t handed_on_ = 0;
};

// What was read of an empty file: nothing, which is no capture either.
Status ReadAll(FileWindow* window, bool needs_octets, FileDecoder* decoder, Batches* batches) {
  while (!window->rest().empty() || !window->last() || needs_octets) {
    const std::size_t size = TRY(decoder->Take(window->rest(), window->last(), batches->records()));
    window->Drop(size);
    if (size == 0) TRY(window->More());
    needs_octets = false;
    TRY(batches->HandOnIfFull());
  }
  return batches->HandOn();
}

Result<Input> Read(const InputKind& kind, const std::string& path, const InputSinks& sinks, bool mapped) {
  if (!mapped) TRY(CheckFormat(kind.format));
  FileWindow window = TRY(FileWindow::Open(path));
  const bool capture = decode::LooksLikePcap(window.rest());
  FileDecoder::Parts parts = TRY(mapped ? MappedParts(kind) : PlainParts(kind, capture));
  parts.put_aside = sinks.put_aside;
  const bool needs_octets = kind.format == "radius-pcap";
  FileDecoder decoder(std::move(parts));
  Batches batches(window, sinks);
  TRY_IN(path, ReadAll(&window, needs_octets, &decoder, &batches));
  Input input;
  input.records = batches.handed_on();
  for (const Error& error : decoder.errors()) input.errors.push_back(error.Within(path));
  input.broken = decoder.broken();
  input.counts = decoder.counts();
  input.gaps = decoder.TakeGaps();
  const auto lost = input.counts.find("lost");
  if (lost != input.counts.end()) input.lost = lost->second;
  return input;
}

}  // namespace

Result<Input> ReadInput(const InputKind& kind, const std::string& path, const InputSinks& sinks) {
  return Read(kind, path, sinks, IsMapped(kind));
}

Result<Input> ReadPlainInput(const InputKind& kind, const std::string& path, const InputSinks& sinks) {
  return Read(kind, path, sinks, false);
}

void PrintCounts(const Input& input, std::ostream& err) {
  for (const auto& [name, count] : input.counts) err << name << ": " << count << "\n";
  for (std::size_t i = 0; i < input.errors.size() && i < kErrorsPrintedMax; ++i) {
    err << "probatio: " << input.errors[i].what() << "\n";
  }
  if (input.broken > kErrorsPrintedMax) {
    err << "probatio: and " << input.broken - kErrorsPrintedMax << " more like these\n";
  }
}

}  // namespace probatio::cli
