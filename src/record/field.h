// Every field of every record, listed once. Canonical bytes, faces, JSON and the block codec all walk this
// list, so a field cannot be stored without being committed to, nor printed without belonging to a face.
//
// The law splits a row, so the commitment does (docs/formats/record.md): a network or activity row has three
// faces, what / who / rest; an identity or account row has one face for each data item.
#pragma once

#include <string_view>

#include "record/record.h"

namespace probatio::record {

// A field's number is part of the canonical bytes and never reused.
enum class FieldId : std::uint8_t {
  kAt = 1,            // i64 ns since 1970, UTC
  kAtResolution = 2,  // ns
  kAtError = 3,       // ns
  kAtSource = 4,      // u8 ClockSource
  kExporter = 5,      // text
  kDomain = 6,        // u32
  kSeq = 7,           // u64
  kEvent = 8,         // u8, the kind's own enum
  kProto = 9,         // u8
  kInsideIp = 10,     // 4 or 16 octets
  kInsidePort = 11,   // u16
  kInsideRealm = 12,  // text
  kPublicIp = 13,
  kPublicPort = 14,
  kPortFirst = 15,
  kPortLast = 16,
  kPortStep = 17,
  kSubscriber = 18,
  kSession = 19,
  kNas = 20,
  kSourceIp = 21,
  kSourcePort = 22,
  kAccount = 23,
  kMessage = 24,
  kIdentifierUsed = 25,
  kPseudonyms = 26,  // list of text
  kPaymentType = 27,
  kPaymentReference = 28,
  kClosedAt = 29,
  kHolder = 30,
  kSurname = 31,
  kFirstName = 32,
  kBirthDate = 33,
  kBirthPlace = 34,
  kCompanyName = 35,
  kPostalAddress = 36,
  kEmails = 37,  // list of text
  kPhones = 38,  // list of text
  kContractEnd = 39,
  kEndAt = 40,     // i64 ns since 1970, UTC
  kEndSeq = 41,    // u64
  kAtOffset = 42,  // i64 ns; applied to `at`
  kInsideIpv6 = 43,
  kInsidePrefix = 44,  // length u8, then 4 or 16 octets
  kDelegatedPrefix = 45,
  kImsi = 46,
  kImeisv = 47,
  kMac = 48,
  kCallingNumber = 49,
  kUserName = 50,
  kCircuitId = 51,
  kRemoteId = 52,
  kNasPort = 53,
  kDelayS = 54,  // u32
  kValidUntil = 55,
  kRule = 56,
  kValidFrom = 57,
  kPublicPrefix = 58,
  kPublicFirst = 59,
  kPublicLast = 60,
  kInsideFirst = 61,
  kInsideLast = 62,
  kEaBits = 63,  // u16
  kPsidOffset = 64,
  kPsidLength = 65,
  kPsid = 66,
  kAlgorithm = 67,    // u8 PortAlgorithm
  kCompression = 68,  // u32
  kDynamicFactor = 69,
  kPortsMax = 70,
  kReservedPorts = 71,  // list of text
  kAlgorithmDetail = 72,
  kAlgorithmKey = 73,
  kPasswordVerification = 74,  // text
};
std::string_view NameOf(FieldId field);  // the JSON key: "at", "inside_ip", "emails", ...

// A face is the smallest part of a row that can be disclosed. Numbers are part of the commitment.
enum class Face : std::uint8_t {
  kWhat = 1,  // address, port, protocol, instant, event
  kWho = 2,   // inside address, realm, subscriber, account, message
  kRest = 3,  // exporter, sequence and anything else
  kHead = 4,  // identity and account: whose row this is, from when it holds, when it ended
  kIdentifierUsed = 16,
  kPseudonyms = 17,
  kPayment = 18,
  kPasswordVerification = 19,
  kSurname = 32,
  kFirstName = 33,
  kBirth = 34,  // date and place (R10-13 I 1° names them together)
  kCompanyName = 35,
  kPostalAddress = 36,
  kEmails = 37,
  kPhones = 38,
};
std::string_view ToText(Face face);  // "what", "who", "rest", "head", "surname", ...
Result<Face> ParseFace(std::string_view text);

// The faces of a kind, in commitment order. Every row of the kind has all of them; an empty one is committed
// to like any other, so that what is hidden does not even show whether it was there.
const std::vector<Face>& FacesOf(RecordKind kind);

// Calls visit(FieldId, Face, value) for each field, in FieldId order within the kind. A value is a number,
// enum, text, IpAddress, IpPrefix, Instant, ClockOffset, a list of text, or an optional of one of these. R is
// the record, const or not.
template <class R, class V>
void VisitTime(R& origin, Face face, V&& visit) {
  visit(FieldId::kAt, face, origin.at.at);
  visit(FieldId::kAtResolution, face, origin.at.resolution_ns);
  visit(FieldId::kAtError, face, origin.at.error_ns);
  visit(FieldId::kAtSource, face, origin.at.source);
}

// Apart from the rest of the instant because fields are visited in the order of their numbers.
template <class R, class V>
void VisitOffset(R& origin, Face face, V&& visit) {
  visit(FieldId::kAtOffset, face, origin.at.offset);
}

template <class R, class V>
void VisitPlace(R& origin, Face face, V&& visit) {
  visit(FieldId::kExporter, face, origin.exporter);
  visit(FieldId::kDomain, face, origin.domain);
  visit(FieldId::kSeq, face, origin.seq);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, NatEvent>
void VisitFields(R& record, V&& visit) {
  VisitTime(record.origin, Face::kWhat, visit);
  VisitPlace(record.origin, Face::kRest, visit);
  visit(FieldId::kEvent, Face::kWhat, record.event);
  visit(FieldId::kProto, Face::kWhat, record.proto);
  visit(FieldId::kInsideIp, Face::kWho, record.inside_ip);
  visit(FieldId::kInsidePort, Face::kWho, record.inside_port);
  visit(FieldId::kInsideRealm, Face::kWho, record.inside_realm);
  visit(FieldId::kPublicIp, Face::kWhat, record.public_ip);
  visit(FieldId::kPublicPort, Face::kWhat, record.public_port);
  visit(FieldId::kPortFirst, Face::kWhat, record.port_first);
  visit(FieldId::kPortLast, Face::kWhat, record.port_last);
  visit(FieldId::kPortStep, Face::kWhat, record.port_step);
  visit(FieldId::kSubscriber, Face::kWho, record.subscriber);
  visit(FieldId::kEndAt, Face::kRest, record.end_at);
  visit(FieldId::kEndSeq, Face::kRest, record.end_seq);
  VisitOffset(record.origin, Face::kWhat, visit);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, AccessSession>
void VisitFields(R& record, V&& visit) {
  VisitTime(record.origin, Face::kWhat, visit);
  VisitPlace(record.origin, Face::kRest, visit);
  visit(FieldId::kEvent, Face::kWhat, record.event);
  visit(FieldId::kInsideIp, Face::kWho, record.inside_ip);
  visit(FieldId::kInsideRealm, Face::kWho, record.inside_realm);
  visit(FieldId::kSubscriber, Face::kWho, record.subscriber);
  visit(FieldId::kSession, Face::kRest, record.session);
  visit(FieldId::kNas, Face::kRest, record.nas);
  VisitOffset(record.origin, Face::kWhat, visit);
  visit(FieldId::kInsideIpv6, Face::kWho, record.inside_ipv6);
  visit(FieldId::kInsidePrefix, Face::kWho, record.inside_prefix);
  visit(FieldId::kDelegatedPrefix, Face::kWho, record.delegated_prefix);
  visit(FieldId::kImsi, Face::kWho, record.imsi);
  visit(FieldId::kImeisv, Face::kRest, record.imeisv);
  visit(FieldId::kMac, Face::kRest, record.mac);
  visit(FieldId::kCallingNumber, Face::kWho, record.calling_number);
  visit(FieldId::kUserName, Face::kWho, record.user_name);
  visit(FieldId::kCircuitId, Face::kWho, record.circuit_id);
  visit(FieldId::kRemoteId, Face::kWho, record.remote_id);
  visit(FieldId::kNasPort, Face::kRest, record.nas_port);
  visit(FieldId::kDelayS, Face::kRest, record.delay_s);
  visit(FieldId::kValidUntil, Face::kRest, record.valid_until);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, Activity>
void VisitFields(R& record, V&& visit) {
  VisitTime(record.origin, Face::kWhat, visit);
  VisitPlace(record.origin, Face::kRest, visit);
  visit(FieldId::kEvent, Face::kWhat, record.event);
  visit(FieldId::kProto, Face::kWhat, record.proto);
  visit(FieldId::kSourceIp, Face::kWhat, record.source_ip);
  visit(FieldId::kSourcePort, Face::kWhat, record.source_port);
  visit(FieldId::kAccount, Face::kWho, record.account);
  visit(FieldId::kMessage, Face::kWho, record.message);
  VisitOffset(record.origin, Face::kWhat, visit);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, Account>
void VisitFields(R& record, V&& visit) {
  VisitTime(record.origin, Face::kHead, visit);
  VisitPlace(record.origin, Face::kRest, visit);
  visit(FieldId::kAccount, Face::kHead, record.account);
  visit(FieldId::kIdentifierUsed, Face::kIdentifierUsed, record.identifier_used);
  visit(FieldId::kPseudonyms, Face::kPseudonyms, record.pseudonyms);
  visit(FieldId::kPaymentType, Face::kPayment, record.payment_type);
  visit(FieldId::kPaymentReference, Face::kPayment, record.payment_reference);
  visit(FieldId::kClosedAt, Face::kHead, record.closed_at);
  VisitOffset(record.origin, Face::kHead, visit);
  visit(FieldId::kPasswordVerification, Face::kPasswordVerification, record.password_verification);
}

template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, Identity>
void VisitFields(R& record, V&& visit) {
  VisitTime(record.origin, Face::kHead, visit);
  VisitPlace(record.origin, Face::kRest, visit);
  visit(FieldId::kHolder, Face::kHead, record.holder);
  visit(FieldId::kSurname, Face::kSurname, record.surname);
  visit(FieldId::kFirstName, Face::kFirstName, record.first_name);
  visit(FieldId::kBirthDate, Face::kBirth, record.birth_date);
  visit(FieldId::kBirthPlace, Face::kBirth, record.birth_place);
  visit(FieldId::kCompanyName, Face::kCompanyName, record.company_name);
  visit(FieldId::kPostalAddress, Face::kPostalAddress, record.postal_address);
  visit(FieldId::kEmails, Face::kEmails, record.emails);
  visit(FieldId::kPhones, Face::kPhones, record.phones);
  visit(FieldId::kContractEnd, Face::kHead, record.contract_end);
  VisitOffset(record.origin, Face::kHead, visit);
}

// A rule names nobody. Its public side is *what*, its inside *who*: what can be computed from it is as
// sensitive as the mapping it replaces.
template <class R, class V>
requires std::is_same_v<std::remove_const_t<R>, SharingRule>
void VisitFields(R& record, V&& visit) {
  VisitTime(record.origin, Face::kWhat, visit);
  VisitPlace(record.origin, Face::kRest, visit);
  visit(FieldId::kEvent, Face::kWhat, record.event);
  visit(FieldId::kInsideRealm, Face::kWho, record.inside_realm);
  VisitOffset(record.origin, Face::kWhat, visit);
  visit(FieldId::kInsidePrefix, Face::kWho, record.inside_prefix);
  visit(FieldId::kValidUntil, Face::kWhat, record.valid_until);
  visit(FieldId::kRule, Face::kWhat, record.rule);
  visit(FieldId::kValidFrom, Face::kWhat, record.valid_from);
  visit(FieldId::kPublicPrefix, Face::kWhat, record.public_prefix);
  visit(FieldId::kPublicFirst, Face::kWhat, record.public_first);
  visit(FieldId::kPublicLast, Face::kWhat, record.public_last);
  visit(FieldId::kInsideFirst, Face::kWho, record.inside_first);
  visit(FieldId::kInsideLast, Face::kWho, record.inside_last);
  visit(FieldId::kEaBits, Face::kWhat, record.ea_bits);
  visit(FieldId::kPsidOffset, Face::kWhat, record.psid_offset);
  visit(FieldId::kPsidLength, Face::kWhat, record.psid_length);
  visit(FieldId::kPsid, Face::kWhat, record.psid);
  visit(FieldId::kAlgorithm, Face::kWhat, record.algorithm);
  visit(FieldId::kCompression, Face::kWhat, record.compression);
  visit(FieldId::kDynamicFactor, Face::kWhat, record.dynamic_factor);
  visit(FieldId::kPortsMax, Face::kWhat, record.ports_max);
  visit(FieldId::kReservedPorts, Face::kWhat, record.reserved_ports);
  visit(FieldId::kAlgorithmDetail, Face::kWhat, record.algorithm_detail);
  visit(FieldId::kAlgorithmKey, Face::kRest, record.algorithm_key);
}

}  // namespace probatio::record
