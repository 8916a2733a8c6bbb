#include "decode/ipfix/ipfix_input.h"

#include <fmt/format.h>

#include <utility>

#include "decode/ipfix/ipfix_file.h"

namespace probatio::decode {
namespace {

void Describe(const Error& error, IpfixContents* contents) {
  if (contents->errors.size() < kIpfixErrorsMax) contents->errors.push_back(error);
}

void DecodeInto(IpfixDecoder* decoder, Bytes message, std::size_t number, IpfixContents* contents) {
  const Status decoded = decoder->Decode(message, &contents->records);
  if (!decoded.ok()) Describe(decoded.error().Within(fmt::format("message {}", number)), contents);
}

void Finish(IpfixDecoder* decoder, IpfixContents* contents) {
  AddCounts(decoder->counts(), &contents->counts);
  for (const SequenceGap& gap : decoder->TakeGaps()) contents->gaps.push_back(gap);
}

Result<IpfixContents> DecodeRaw(Bytes file, const std::string& exporter) {
  const MessageSplit split = SplitMessages(file);
  if (split.error.has_value() && split.messages.empty()) return *split.error;
  IpfixContents contents;
  IpfixDecoder decoder(exporter);
  std::size_t number = 0;
  for (const Bytes message : split.messages) DecodeInto(&decoder, message, ++number, &contents);
  if (split.error.has_value()) Describe(*split.error, &contents);
  Finish(&decoder, &contents);
  return contents;
}

Result<IpfixContents> DecodeCapture(Bytes file) {
  const PcapContents capture = TRY(ReadPcap(file));
  IpfixContents contents;
  contents.capture = capture.counts;
  // A transport session is the exporter's address and port (RFC 7011, section 8): each has templates of its
  // own.
  std::map<std::pair<IpAddress, std::uint16_t>, IpfixDecoder> sessions;
  std::size_t number = 0;
  for (const Datagram& datagram : capture.datagrams) {
    ++number;
    const std::pair session{datagram.source, datagram.source_port};
    const bool is_ipfix = datagram.payload.size() >= 2 && Be16(datagram.payload) == kIpfixVersion;
    if (!is_ipfix || (sessions.size() == kIpfixSessionsMax && !sessions.contains(session))) {
      ++contents.other_datagrams;
      continue;
    }
    const auto decoder = sessions.try_emplace(session, datagram.source.ToText()).first;
    DecodeInto(&decoder->second, datagram.payload, number, &contents);
  }
  if (capture.error.has_value()) Describe(*capture.error, &contents);
  for (auto& [session, decoder] : sessions) Finish(&decoder, &contents);
  return contents;
}

}  // namespace

Result<IpfixContents> DecodeIpfixFile(Bytes file, const std::string& exporter) {
  return LooksLikePcap(file) ? DecodeCapture(file) : DecodeRaw(file, exporter);
}

void AddCounts(const IpfixCounts& counts, IpfixCounts* sum) {
  sum->messages += counts.messages;
  sum->malformed_messages += counts.malformed_messages;
  sum->templates += counts.templates;
  sum->options_templates += counts.options_templates;
  sum->withdrawals_ignored += counts.withdrawals_ignored;
  sum->templates_refused += counts.templates_refused;
  sum->data_records += counts.data_records;
  sum->options_records += counts.options_records;
  sum->nat_records += counts.nat_records;
  sum->flows += counts.flows;
  sum->nat_flows_without_event += counts.nat_flows_without_event;
  sum->refused_records += counts.refused_records;
  sum->sets_without_template += counts.sets_without_template;
  sum->sets_reserved += counts.sets_reserved;
  sum->trailing_octets += counts.trailing_octets;
  sum->lost_records += counts.lost_records;
  sum->late_messages += counts.late_messages;
  sum->restarts += counts.restarts;
  for (const auto& [reason, records] : counts.refusals) sum->refusals[reason] += records;
}

}  // namespace probatio::decode
