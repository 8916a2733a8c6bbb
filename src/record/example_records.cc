#include "record/example_records.h"

namespace probatio::record {
namespace {

Origin ExampleOrigin() {
  Origin origin;
  origin.at = {Instant::FromUnixNs(1'729'498'443'250'000'000), kNsPerMs, 2 * kNsPerSecond,
               ClockSource::kEvent};
  origin.exporter = "cgn-1.example";
  origin.domain = 7;
  origin.seq = 4'210'974;
  return origin;
}

NatEvent ExampleNatEvent() {
  NatEvent event;
  event.origin = ExampleOrigin();
  event.event = NatEventKind::kPortBlockAllocate;
  event.proto = 6;
  event.inside_ip = IpAddress::V4(0x0A000001);
  event.inside_port = 40'000;
  event.inside_realm = "vrf-3";
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = 51'234;
  event.port_first = 1024;
  event.port_last = 2047;
  event.port_step = 4;
  event.subscriber = "L-000123";
  event.end_at = event.origin.at.at + 90 * kNsPerMinute;
  event.end_seq = 4'215'001;
  return event;
}

AccessSession ExampleSession() {
  AccessSession session;
  session.origin = ExampleOrigin();
  session.event = SessionEventKind::kStart;
  session.session = "5F2A";
  session.nas = "nas-1.example";
  session.inside_ip = IpAddress::Parse("2001:db8:12:3400::1").value();
  session.inside_realm = "vrf-3";
  session.subscriber = "L-000123";
  session.inside_ipv6 = IpAddress::Parse("2001:db8:100::10").value();
  session.inside_prefix = IpPrefix::Parse("2001:db8:100::/64").value();
  session.delegated_prefix = IpPrefix::Parse("2001:db8:1000::/56").value();
  session.imsi = "001010123456789";
  session.imeisv = "0035400000000011";
  session.mac = "02:00:5e:10:00:01";
  session.calling_number = "33639980001";
  session.user_name = "fti/a1b2c3@example.net";
  session.circuit_id = "dslam1 eth 2/1:100";
  session.remote_id = "L-000123";
  session.nas_port = "ge-0/0/1.100:100-7";
  session.delay_s = 5;
  session.valid_until = session.origin.at.at + kNsPerHour;
  return session;
}

Activity ExampleActivity() {
  Activity activity;
  activity.origin = ExampleOrigin();
  activity.event = ActivityKind::kMessageSent;
  activity.proto = 6;
  activity.source_ip = IpAddress::Parse("203.0.113.7").value();
  activity.source_port = 51'234;
  activity.account = "u-48213";
  activity.message = "m-1";
  return activity;
}

Account ExampleAccount() {
  Account account;
  account.origin = ExampleOrigin();
  account.account = "u-48213";
  account.identifier_used = "nuit.blanche";
  account.pseudonyms = {"Nuit Blanche", "\xC3\x89toile"};
  account.payment_type = "card";
  account.payment_reference = "pay-77";
  account.closed_at = Instant::FromUnixNs(1'735'689'600'000'000'000);
  return account;
}

Identity ExampleIdentity() {
  Identity identity;
  identity.origin = ExampleOrigin();
  identity.holder = "L-000123";
  identity.surname = "Lefèvre";
  identity.first_name = "Élodie";
  identity.birth_date = "1990-02-01";
  identity.birth_place = "Brest";
  identity.company_name = "Lefèvre et filles";
  identity.postal_address = "1 rue des Exemples\n29200 Brest";
  identity.emails = {"elodie@example.org"};
  identity.phones = {"+33199000001", "+33639980001"};
  identity.contract_end = Instant::FromUnixNs(1'735'689'600'000'000'000);
  return identity;
}

SharingRule ExampleSharingRule() {
  SharingRule rule;
  rule.origin = ExampleOrigin();
  rule.event = SharingRuleKind::kMapE;
  rule.inside_realm = "vrf-3";
  rule.inside_prefix = IpPrefix::Parse("2001:db8::/40").value();
  rule.valid_from = rule.origin.at.at;
  rule.valid_until = rule.origin.at.at + 365 * kNsPerDay;
  rule.rule = "map-1";
  rule.public_prefix = IpPrefix::Parse("192.0.2.0/24").value();
  rule.ea_bits = 16;
  rule.psid_offset = 6;
  rule.psid_length = 8;
  return rule;
}

}  // namespace

std::vector<Record> ExampleRecords() {
  return {ExampleNatEvent(), ExampleSession(),  ExampleActivity(),
          ExampleAccount(),  ExampleIdentity(), ExampleSharingRule()};
}

}  // namespace probatio::record
