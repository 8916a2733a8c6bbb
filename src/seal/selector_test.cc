#include "seal/selector.h"

#include <gtest/gtest.h>

#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

const IpAddress kPublic = IpAddress::V4(0xCB007107);

std::vector<Selector> OneOfEachKind() {
  return {
      ForPublicTuple(kPublic, 51'234), ForPublicIp(kPublic), ForInside(IpAddress::V4(0x0A000001), "vrf-3"),
      ForAccount("u-48213"),           ForMessage("m-1"),    ForSubject("L-000123")};
}

TEST(Selector, ReadsBackFromItsBytes) {
  for (const Selector& selector : OneOfEachKind()) {
    EXPECT_EQ(ParseSelector(SelectorBytes(selector)).value(), selector) << ToText(selector.kind);
  }
  const Selector v6 = ForInside(IpAddress::Parse("2001:db8::1").value(), "");
  EXPECT_EQ(ParseSelector(SelectorBytes(v6)).value(), v6);
}

TEST(Selector, OfTwoPortsIsTheSameInsideOneBucketOnly) {
  EXPECT_EQ(ForPublicTuple(kPublic, 2048), ForPublicTuple(kPublic, 4095));
  EXPECT_NE(ForPublicTuple(kPublic, 2047), ForPublicTuple(kPublic, 2048));
}

TEST(Selector, OfAShortAddressWithALongRealmIsNeverThatOfALongAddress) {
  const auto long_address = IpAddress::FromOctets(AsBytes("abcdefghijklmnop")).value();
  const auto short_address = IpAddress::FromOctets(AsBytes("abcd")).value();
  EXPECT_NE(ForInside(short_address, "efghijklmnop"), ForInside(long_address, ""));
}

TEST(ParseSelector, RefusesWhatNoLookUpWouldMake) {
  EXPECT_EQ(What(ParseSelector({})), "selector: empty");
  EXPECT_EQ(What(ParseSelector(FromHex("0aaa").value())), "selector unknown: no such kind");
  EXPECT_EQ(What(ParseSelector(FromHex("01cb0071070020").value())), "selector public_tuple: no such bucket");
  EXPECT_EQ(What(ParseSelector(FromHex("01cb007107001f").value())), "ok");
  EXPECT_EQ(What(ParseSelector(FromHex("01cb00710000").value())),
            "selector public_tuple: not an address and a bucket");
  EXPECT_EQ(What(ParseSelector(FromHex("02cb0071").value())), "selector public_ip: not an address");
  EXPECT_EQ(What(ParseSelector(FromHex("03050a000001aa").value())), "selector inside: not an address");
  EXPECT_EQ(What(ParseSelector(FromHex("03").value())), "selector inside: not an address");
  EXPECT_EQ(What(ParseSelector(FromHex("04").value())), "selector account: empty");
  EXPECT_EQ(Code(ParseSelector(FromHex("04ff").value())), ErrorCode::kInvalid);
}

TEST(ParseSelector, KeepsTheLimitOfTexts) {
  const std::string longest(record::kTextBytesMax, 'a');
  EXPECT_TRUE(ParseSelector(SelectorBytes(ForAccount(longest))).ok());
  EXPECT_EQ(What(ParseSelector(SelectorBytes(ForAccount(longest + "a")))), "selector account: too long");
  const IpAddress inside = IpAddress::V4(0x0A000001);
  EXPECT_TRUE(ParseSelector(SelectorBytes(ForInside(inside, longest))).ok());
  EXPECT_EQ(What(ParseSelector(SelectorBytes(ForInside(inside, longest + "a")))),
            "selector inside: realm too long");
}

TEST(FilingOf, ANatSessionIsByItsPublicTuple) {
  EXPECT_EQ(FilingOf(SessionAt(0, 51'234)).value().primary, ForPublicTuple(kPublic, 51'234));
}

TEST(FilingOf, ABlockOrABindingIsByItsPublicAddressAlone) {
  record::NatEvent block = SessionAt(0, 51'234);
  block.port_first = 1024;
  EXPECT_EQ(FilingOf(block).value().primary, ForPublicIp(kPublic));
  record::NatEvent binding = SessionAt(0, 0);
  binding.public_port.reset();
  EXPECT_EQ(FilingOf(binding).value().primary, ForPublicIp(kPublic));
}

TEST(FilingOf, AnAccessSessionIsByItsInsideAddressAndRealm) {
  record::AccessSession session;
  session.inside_ip = IpAddress::V4(0x0A000001);
  EXPECT_EQ(FilingOf(session).value().primary, ForInside(*session.inside_ip, ""));
  session.inside_realm = "vrf-3";
  EXPECT_EQ(FilingOf(session).value().primary, ForInside(*session.inside_ip, "vrf-3"));
}

TEST(FilingOf, AnAccessSessionOfSeveralAddressesIsWholeUnderEach) {
  record::AccessSession session;
  session.inside_realm = "vrf-3";
  session.inside_ip = IpAddress::V4(0x0A000001);
  session.inside_ipv6 = IpAddress::Parse("2001:db8:100::10").value();
  session.inside_prefix = IpPrefix::Parse("2001:db8:100::/64").value();
  session.delegated_prefix = IpPrefix::Parse("2001:db8:1000::/56").value();
  const Filing filing = FilingOf(session).value();
  EXPECT_EQ(filing.primary, ForInside(*session.inside_ip, "vrf-3"));
  ASSERT_EQ(filing.secondary.size(), 3U);
  EXPECT_EQ(filing.secondary[0].first, ForInside(*session.inside_ipv6, "vrf-3"));
  EXPECT_EQ(filing.secondary[1].first, ForPrefix(*session.inside_prefix, "vrf-3"));
  EXPECT_EQ(filing.secondary[2].first, ForPrefix(*session.delegated_prefix, "vrf-3"));
  for (const auto& [selector, copy] : filing.secondary) {
    EXPECT_EQ(copy, record::Record(session));
    EXPECT_TRUE(ParseSelector(SelectorBytes(selector)).ok());
  }
  session.delegated_prefix = session.inside_prefix;
  EXPECT_EQ(FilingOf(session).value().secondary.size(), 2U) << "one prefix told twice is one place";
  session.inside_ip.reset();
  session.inside_ipv6.reset();
  EXPECT_EQ(FilingOf(session).value().primary, ForPrefix(*session.inside_prefix, "vrf-3"));
}

TEST(FilingOf, ARestartOfANasIsByTheNasAndAnyOtherSessionIsNot) {
  record::AccessSession session;
  session.nas = "bng1.example";
  session.event = record::SessionEventKind::kOff;
  EXPECT_EQ(FilingOf(session).value().primary, ForNas("bng1.example"));
  session.event = record::SessionEventKind::kStop;
  EXPECT_FALSE(FilingOf(session).ok());
}

TEST(FilingOf, SharingRulesAreAllInOnePlace) {
  EXPECT_EQ(FilingOf(record::ExampleRecords()[5]).value().primary, ForSharingRules());
  EXPECT_TRUE(ParseSelector(SelectorBytes(ForSharingRules())).ok());
}

TEST(FilingOf, AMessageIsByItsAccountAndLeavesALightCopyWithoutAddressOrPort) {
  const record::Activity sent = MessageSent("u-48213", "m-1");
  const Filing filing = FilingOf(sent).value();
  EXPECT_EQ(filing.primary, ForAccount("u-48213"));
  ASSERT_EQ(filing.secondary.size(), 1U);
  EXPECT_EQ(filing.secondary[0].first, ForMessage("m-1"));
  record::Activity light;
  light.origin.at = sent.origin.at;
  light.event = sent.event;
  light.account = sent.account;
  light.message = sent.message;
  EXPECT_EQ(filing.secondary[0].second, record::Record(light));
}

TEST(FilingOf, ALoginHasNoLightCopy) {
  record::Activity login = MessageSent("u-48213", "");
  EXPECT_TRUE(FilingOf(login).value().secondary.empty());
  login.message.reset();
  EXPECT_TRUE(FilingOf(login).value().secondary.empty());
}

TEST(FilingOf, AccountAndIdentityAreByTheirSubject) {
  EXPECT_EQ(FilingOf(record::ExampleRecords()[3]).value().primary, ForSubject("u-48213"));
  EXPECT_EQ(FilingOf(record::ExampleRecords()[4]).value().primary, ForSubject("L-000123"));
}

TEST(FilingOf, RefusesWhatNothingCouldFind) {
  EXPECT_EQ(What(FilingOf(record::NatEvent{})), "nat event: no public address to be found by");
  EXPECT_EQ(What(FilingOf(record::AccessSession{})), "access session: no inside address to be found by");
  EXPECT_EQ(What(FilingOf(record::Activity{})), "activity: no account to be found by");
  EXPECT_EQ(What(FilingOf(record::Account{})), "account: no account to be found by");
  EXPECT_EQ(What(FilingOf(record::Identity{})), "identity: no holder to be found by");
}

}  // namespace
}  // namespace probatio::seal
