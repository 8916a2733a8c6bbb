#include "decode/syslog/vendor.h"

#include <fmt/format.h>

namespace probatio::decode {
namespace {

LogForm Text(Told told, std::string_view pattern) {
  return {told, LinePattern(pattern, "")};
}
LogForm Pairs(Told told, std::string_view pattern, std::string_view keys) {
  return {told, LinePattern(pattern, keys)};
}

constexpr std::string_view kJuniperBlock =
    "internal-ip={inside}, reflexive-ip={public}, block-port-low={first}, block-port-high={last}, "
    "epoch-time-64?={hex_epoch}";
// An interim line repeats the allocation and its time; without that time it would make one up.
constexpr std::string_view kJuniperInterim =
    "internal-ip={inside}, reflexive-ip={public}, block-port-low={first}, block-port-high={last}, "
    "epoch-time-64={hex_epoch}";
constexpr std::string_view kJuniperSession =
    "source-address={inside}, source-port={inside_port}, nat-source-address={public}, "
    "nat-source-port={public_port}, protocol-id={proto}";

std::vector<Vendor> Juniper() {
  return {
      {"juniper-pba",
       "RT_SRC_NAT_PBA_",
       false,
       false,
       {Pairs(Told::kBlockBegins, "RT_SRC_NAT_PBA_ALLOC [", kJuniperBlock),
        Pairs(Told::kBlockEnds, "RT_SRC_NAT_PBA_RELEASE [", kJuniperBlock),
        Pairs(Told::kBlockBegins, "RT_SRC_NAT_PBA_INTERIM [", kJuniperInterim),
        Text(Told::kBlockBegins,
             "RT_SRC_NAT_PBA_ALLOC: Subscriber {inside} {*} port block [{first}-{last}] "
             "from {public} in source pool {*} epoch 0x{hex_epoch}"),
        Text(Told::kBlockEnds,
             "RT_SRC_NAT_PBA_RELEASE: Subscriber {inside} {*} port block [{first}-{last}] "
             "from {public} in source pool {*} epoch 0x{hex_epoch}"),
        Text(Told::kBlockBegins,
             "RT_SRC_NAT_PBA_ALLOC: Subscriber {inside} {*} port block [{first}-{last}] from {public} in"),
        Text(Told::kBlockEnds,
             "RT_SRC_NAT_PBA_RELEASE: Subscriber {inside} {*} port block [{first}-{last}] from {public} in"),
        Text(Told::kNothing, "RT_SRC_NAT_PBA_INTERIM")}},
      {"juniper-session",
       "RT_FLOW_SESSION_",
       false,
       false,
       {Pairs(Told::kSessionBegins, "RT_FLOW_SESSION_CREATE_USF [", kJuniperSession),
        Pairs(Told::kSessionEnds, "RT_FLOW_SESSION_CLOSE_USF [", kJuniperSession),
        Pairs(Told::kSessionBegins, "RT_FLOW_SESSION_CREATE [", kJuniperSession),
        Pairs(Told::kSessionEnds, "RT_FLOW_SESSION_CLOSE [", kJuniperSession),
        Text(Told::kNothing, "RT_FLOW_SESSION_DENY")}},
      {"juniper-block",
       "_NAT_PORT_BLOCK_",
       false,
       false,
       {Text(Told::kBlockBegins, "_NAT_PORT_BLOCK_ALLOC: {inside} -> {public}:{first}-{last}"),
        Text(Told::kBlockEnds, "_NAT_PORT_BLOCK_RELEASE: {inside} -> {public}:{first}-{last}"),
        Text(Told::kNothing, "_NAT_PORT_BLOCK_ACTIVE: ")}},
      // No public address in these: useless for themselves.
      {"juniper-services", "JSERVICES_", false, false, {Text(Told::kNothing, "JSERVICES_")}},
  };
}

// [Event L4 inside VRF inside-IPv6 public inside-port first last (destination)], "-" where it does not apply.
std::vector<LogForm> CiscoRouter() {
  return {
      Text(Told::kBlockBegins, "[UserbasedA {proto} {inside} {realm} {inside6} {public} {*} {first} {last}"),
      Text(Told::kBlockEnds, "[UserbasedW {proto} {inside} {realm} {inside6} {public} {*} {first} {last}"),
      Text(Told::kSessionBegins,
           "[SessionbasedA {proto} {inside} {realm} {inside6} {public} {inside_port} {public_port}"),
      Text(Told::kSessionBegins,
           "[SessionbasedAD {proto} {inside} {realm} {inside6} {public} {inside_port} {public_port}"),
      Text(Told::kSessionEnds,
           "[SessionbasedW {proto} {inside} {realm} {inside6} {public} {inside_port} {public_port}"),
      Text(Told::kSessionEnds,
           "[SessionbasedWD {proto} {inside} {realm} {inside6} {public} {inside_port} {public_port}"),
      Text(Told::kPortsExhausted, "[Portblockrunout {proto} {inside} {realm} {inside6} {public} "),
  };
}

Vendor CiscoFirewall(const std::string& mark) {
  constexpr std::string_view kPorts =
      "{proto} translation from {*}:{inside}/{inside_port}{*} to {*}:{public}/{public_port}";
  constexpr std::string_view kAddresses = "translation from {*}:{inside} to {*}:{public}";
  const auto form = [&](Told told, std::string_view head, std::string_view rest) {
    return Text(told, fmt::format("{}{{*}}-{} {{*}} {}", mark, head, rest));
  };
  return {"cisco-asa",
          mark == "%ASA-" ? "%ASA-" : "%FTD-",
          false,
          false,
          {form(Told::kMappingBegins, "305011: !Built", kPorts),
           form(Told::kMappingEnds, "305012: !Teardown", kPorts),
           form(Told::kAddressBegins, "305009: !Built", kAddresses),
           form(Told::kAddressEnds, "305010: !Teardown", kAddresses), Text(Told::kNothing, mark)}};
}

std::vector<Vendor> Cisco() {
  return {{"cisco-iosxr", "NAT44 - [", false, true, CiscoRouter()},
          {"cisco-iosxr", "DSLITE - [", false, true, CiscoRouter()},
          CiscoFirewall("%ASA-"),
          CiscoFirewall("%FTD-")};
}

// [L4 inside inside-IPv6 public inside-port first last], "-" where it does not apply.
std::vector<Vendor> Huawei() {
  return {
      {"huawei-nat444",
       "NAT444:",
       false,
       false,
       {Text(Told::kSessionBegins,
             "NAT444:SessionbasedA [{proto} {inside} {inside6} {public} {inside_port} {public_port}"),
        Text(Told::kSessionEnds,
             "NAT444:SessionbasedW [{proto} {inside} {inside6} {public} {inside_port} {public_port}"),
        Text(Told::kBlockBegins, "NAT444:UserbasedA [{proto} {inside} {inside6} {public} {*} {first} {last}"),
        Text(Told::kBlockEnds, "NAT444:UserbasedW [{proto} {inside} {inside6} {public} {*} {first} {last}")}},
      {"huawei-nat64",
       "NAT64:",
       false,
       false,
       {Text(Told::kSessionBegins,
             "NAT64:SessionbasedA [{proto} {*} {inside} {public} {inside_port} {public_port}"),
        Text(Told::kSessionEnds,
             "NAT64:SessionbasedW [{proto} {*} {inside} {public} {inside_port} {public_port}"),
        Text(Told::kBlockBegins, "NAT64:UserbasedA [{proto} {*} {inside} {public} {*} {first} {last}"),
        Text(Told::kBlockEnds, "NAT64:UserbasedW [{proto} {*} {inside} {public} {*} {first} {last}")}},
  };
}

constexpr std::string_view kA10Port =
    "proto={proto}, src={inside}, spt={inside_port}, sourceTranslatedAddress={public}, "
    "sourceTranslatedPort={public_port}";
constexpr std::string_view kA10Block =
    "proto={proto}, src={inside}, sourceTranslatedAddress={public}, sourceTranslatedPort={first}, "
    "cn3={last}, cn3Label=Last Nat Port";

Vendor A10() {
  return {"a10-cef",
          "|A10|",
          false,
          false,
          {Pairs(Told::kMappingBegins, "|A10|{*}|CGN 100|!{*}|{*}|", kA10Port),
           Pairs(Told::kMappingEnds, "|A10|{*}|CGN 101|!{*}|{*}|", kA10Port),
           Pairs(Told::kBlockBegins, "|A10|{*}|CGN 106|!{*}|{*}|", kA10Block),
           Pairs(Told::kBlockEnds, "|A10|{*}|CGN 107|!{*}|{*}|", kA10Block)}};
}

std::vector<Vendor> Nfware() {
  return {
      {"nfware",
       "A VRF ",
       false,
       false,
       {Text(Told::kSessionBegins,
             "A VRF {realm} {proto} INT {inside}:{inside_port} EXT {public}:{public_port} DST "),
        Text(Told::kMappingBegins,
             "A VRF {realm} {proto} INT {inside}:{inside_port} EXT {public}:{public_port}$"),
        Text(Told::kBlockBegins, "A VRF {realm} INT {inside} EXT {public}:{first}-{last}"),
        Text(Told::kAddressBegins, "A VRF {realm} INT {inside} EXT {public}$")}},
      {"nfware",
       "D VRF ",
       false,
       false,
       {Text(Told::kSessionEnds,
             "D VRF {realm} {proto} INT {inside}:{inside_port} EXT {public}:{public_port} DST "),
        Text(Told::kMappingEnds,
             "D VRF {realm} {proto} INT {inside}:{inside_port} EXT {public}:{public_port}$"),
        Text(Told::kBlockEnds, "D VRF {realm} INT {inside} EXT {public}:{first}-{last}"),
        Text(Told::kAddressEnds, "D VRF {realm} INT {inside} EXT {public}$")}},
  };
}

Vendor SixWind() {
  constexpr std::string_view kNew =
      "fp-cgnat{*}: USER {inside} {*}: NEW BLOCK ({*}ip public {public}, proto {proto}, port {first} - "
      "{last})";
  constexpr std::string_view kOld =
      "fp-cgnat{*}: USER {inside} {*}: DESTROY BLOCK ({*}ip public {public}, proto {proto}, port {first} - "
      "{last})";
  return {"6wind",
          "fp-cgnat",
          false,
          false,
          {Text(Told::kBlockBegins, std::string(kNew) + " at {time}$"),
           Text(Told::kBlockEnds, std::string(kOld) + " at {time}$"), Text(Told::kBlockBegins, kNew),
           Text(Told::kBlockEnds, kOld), Text(Told::kNothing, "fp-cgnat{*}: CGNAT Log ")}};
}

// A rule of the firewall that logs new connections. There is no line for their end.
Vendor MikroTik() {
  constexpr std::string_view kTuple =
      "proto {proto}{*}, NAT ({inside}:{inside_port}->{public}:{public_port})->";
  const std::string of_pppoe = "{*}in:<pppoe-{subscriber}> {*}connection-state:new{*}" + std::string(kTuple);
  const std::string of_new = "{*}connection-state:new{*}" + std::string(kTuple);
  return {"mikrotik",
          ", NAT (",
          true,
          false,
          {Text(Told::kSessionBegins, of_pppoe), Text(Told::kSessionBegins, of_new),
           Text(Told::kNothing, "{*}connection-state:"), Text(Told::kNothing, "{*}, NAT (")}};
}

Vendor Fortinet() {
  constexpr std::string_view kBlock =
      "nat={public}, saddr={inside}, portbegin={first}, portend={last}, eventtime?={epoch}, "
      "devname?={exporter}";
  return {"fortigate",
          "logid=",
          true,
          false,
          {Pairs(Told::kBlockBegins, "{*}logid={*}0100022015!", kBlock),
           Pairs(Told::kBlockEnds, "{*}logid={*}0100022016!", kBlock), Text(Told::kNothing, "{*}logid=")}};
}

void Append(std::vector<Vendor> more, std::vector<Vendor>* all) {
  for (Vendor& vendor : more) all->push_back(std::move(vendor));
}

std::vector<Vendor> All() {
  std::vector<Vendor> all;
  Append(Juniper(), &all);
  Append(Cisco(), &all);
  Append(Huawei(), &all);
  Append({A10()}, &all);
  Append({SixWind()}, &all);
  Append({MikroTik()}, &all);
  Append({Fortinet()}, &all);
  Append(Nfware(), &all);
  return all;
}

}  // namespace

std::span<const Vendor> Vendors() {
  static const std::vector<Vendor> all = All();
  return all;
}

}  // namespace probatio::decode
