#include "decode/flow/flow_input.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "decode/flow/message_file.h"

namespace probatio::decode {
namespace {

bool IsOf(FlowVersion version, Bytes message) {
  return message.size() >= 2 && Be16(message) == static_cast<std::uint16_t>(version);
}

void Describe(const Error& error, FlowContents* contents) {
  if (contents->errors.size() < kFlowErrorsMax) contents->errors.push_back(error);
}

// Where the records of a file go.
class Taker {
 public:
  Taker(record::RecordBatch* batch, const std::function<Status()>& take) : batch_(*batch), take_(take) {}

  Status Decode(FlowDecoder* decoder, const Piece& message, std::size_t number, FlowContents* contents) {
    const Status decoded = decoder->DecodeInto(message, &batch_);
    if (!decoded.ok()) Describe(decoded.error().Within(fmt::format("message {}", number)), contents);
    return batch_.size() < kFlowBatchRecords ? Status(Done{}) : take_();
  }
  Status End() { return batch_.empty() ? Status(Done{}) : take_(); }

 private:
  record::RecordBatch& batch_;
  const std::function<Status()>& take_;
};

void Finish(FlowDecoder* decoder, FlowContents* contents) {
  AddCounts(decoder->flow_counts(), &contents->counts);
  for (const SequenceGap& gap : decoder->TakeGaps()) contents->gaps.push_back(gap);
}

Result<FlowContents> DecodeRaw(Bytes file, FlowVersion version, const std::string& exporter, Taker* taker) {
  const MessageSplit split = SplitMessages(file);
  if (split.error.has_value() && split.messages.empty()) return *split.error;
  FlowContents contents;
  FlowDecoder decoder(exporter);
  std::size_t number = 0;
  for (const Bytes message : split.messages) {
    ++number;
    if (!IsOf(version, message)) {
      Describe(Invalid(fmt::format("message {}: version {}, not {}", number, Be16(message),
                                   static_cast<std::uint16_t>(version))),
               &contents);
      continue;
    }
    TRY(taker->Decode(&decoder, {message, {}, {}, 0}, number, &contents));
  }
  if (split.error.has_value()) Describe(*split.error, &contents);
  Finish(&decoder, &contents);
  return contents;
}

Result<FlowContents> DecodeCapture(Bytes file, FlowVersion version, Taker* taker) {
  const PcapContents capture = TRY(ReadPcap(file));
  FlowContents contents;
  contents.capture = capture.counts;
  // A transport session is the exporter's address and port (RFC 7011, section 8): each has templates of its
  // own.
  std::map<std::pair<IpAddress, std::uint16_t>, FlowDecoder> sessions;
  std::size_t number = 0;
  for (const Datagram& datagram : capture.datagrams) {
    ++number;
    const std::pair session{datagram.source, datagram.source_port};
    if (!IsOf(version, datagram.payload) ||
        (sessions.size() == kFlowSessionsMax && !sessions.contains(session))) {
      ++contents.other_datagrams;
      continue;
    }
    const auto decoder = sessions.try_emplace(session, datagram.source.ToText()).first;
    const Piece piece{datagram.payload, datagram.captured_at, datagram.source, datagram.source_port};
    TRY(taker->Decode(&decoder->second, piece, number, &contents));
  }
  if (capture.error.has_value()) Describe(*capture.error, &contents);
  for (auto& [session, decoder] : sessions) Finish(&decoder, &contents);
  return contents;
}

}  // namespace

Result<FlowContents> DecodeFlowFileInto(Bytes file, FlowVersion version, const std::string& exporter,
                                        record::RecordBatch* batch, const std::function<Status()>& take) {
  Taker taker(batch, take);
  FlowContents contents = TRY(LooksLikePcap(file) ? DecodeCapture(file, version, &taker)
                                                  : DecodeRaw(file, version, exporter, &taker));
  TRY(taker.End());
  return contents;
}

Result<FlowContents> DecodeFlowFile(Bytes file, FlowVersion version, const std::string& exporter) {
  std::vector<record::Record> records;
  record::RecordBatch batch;
  batch.MakeRecords(0, 0);  // records only
  const auto take = [&]() -> Status {
    records.insert(records.end(), std::make_move_iterator(batch.records.begin()),
                   std::make_move_iterator(batch.records.end()));
    batch.Clear();
    batch.MakeRecords(0, 0);
    return Done{};
  };
  FlowContents contents = TRY(DecodeFlowFileInto(file, version, exporter, &batch, take));
  contents.records = std::move(records);
  return contents;
}

}  // namespace probatio::decode
