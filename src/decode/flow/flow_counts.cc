// The counts of flow decoders, added up and by name.
#include <utility>

#include "decode/flow/flow_decoder.h"

namespace probatio::decode {
namespace {

// One table, so that no count can be added and not shown.
constexpr std::pair<const char*, std::uint64_t FlowCounts::*> kNamed[] = {
    {"messages", &FlowCounts::messages},
    {"malformed messages", &FlowCounts::malformed_messages},
    {"templates", &FlowCounts::templates},
    {"options templates", &FlowCounts::options_templates},
    {"templates withdrawn", &FlowCounts::withdrawals},
    {"withdrawals ignored", &FlowCounts::withdrawals_ignored},
    {"templates refused", &FlowCounts::templates_refused},
    {"data records", &FlowCounts::data_records},
    {"options records", &FlowCounts::options_records},
    {"flows without translation", &FlowCounts::flows},
    {"records about translation", &FlowCounts::translation_records},
    {"NAT records", &FlowCounts::nat_records},
    {"translated to themselves", &FlowCounts::not_translated},
    {"translated flows without a public port", &FlowCounts::flows_without_port},
    {"translated flows without begin and end", &FlowCounts::flows_without_time},
    {"other firewall events", &FlowCounts::firewall_others},
    {"refused records", &FlowCounts::refused_records},
    {"sets without template", &FlowCounts::sets_without_template},
    {"sets read when their template came", &FlowCounts::sets_read_late},
    {"sets that did not fit the template that came", &FlowCounts::sets_broken_late},
    {"sets of reserved ids", &FlowCounts::sets_reserved},
    {"octets after the message", &FlowCounts::trailing_octets},
    {"lost", &FlowCounts::lost},
    {"late messages", &FlowCounts::late_messages},
    {"restarts", &FlowCounts::restarts},
};

}  // namespace

void AddCounts(const FlowCounts& counts, FlowCounts* sum) {
  for (const auto& [name, count] : kNamed) sum->*count += counts.*count;
  for (const auto& [reason, records] : counts.refusals) sum->refusals[reason] += records;
}

std::map<std::string, std::uint64_t> NamedCounts(const FlowCounts& counts) {
  std::map<std::string, std::uint64_t> named;
  for (const auto& [name, count] : kNamed) {
    if (counts.*count != 0) named[name] = counts.*count;
  }
  for (const auto& [reason, records] : counts.refusals) named["refused: " + reason] = records;
  return named;
}

}  // namespace probatio::decode
