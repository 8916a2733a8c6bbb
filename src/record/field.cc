#include "record/field.h"

#include <array>
#include <utility>

namespace probatio::record {
namespace {

constexpr std::array<std::string_view, 75> kFieldNames{
    "unknown",
    "at",
    "at_resolution_ns",
    "at_error_ns",
    "at_source",
    "exporter",
    "domain",
    "seq",
    "event",
    "proto",
    "inside_ip",
    "inside_port",
    "inside_realm",
    "public_ip",
    "public_port",
    "port_first",
    "port_last",
    "port_step",
    "subscriber",
    "session",
    "nas",
    "source_ip",
    "source_port",
    "account",
    "message",
    "identifier_used",
    "pseudonyms",
    "payment_type",
    "payment_reference",
    "closed_at",
    "holder",
    "surname",
    "first_name",
    "birth_date",
    "birth_place",
    "company_name",
    "postal_address",
    "emails",
    "phones",
    "contract_end",
    "end_at",
    "end_seq",
    "at_offset_ns",
    "inside_ipv6",
    "inside_prefix",
    "delegated_prefix",
    "imsi",
    "imeisv",
    "mac",
    "calling_number",
    "user_name",
    "circuit_id",
    "remote_id",
    "nas_port",
    "delay_s",
    "valid_until",
    "rule",
    "valid_from",
    "public_prefix",
    "public_first",
    "public_last",
    "inside_first",
    "inside_last",
    "ea_bits",
    "psid_offset",
    "psid_length",
    "psid",
    "algorithm",
    "compression",
    "dynamic_factor",
    "ports_max",
    "reserved_ports",
    "algorithm_detail",
    "algorithm_key",
    "password_verification",
};
static_assert(kFieldNames.size() == static_cast<std::size_t>(FieldId::kPasswordVerification) + 1);

constexpr std::array<std::pair<Face, std::string_view>, 15> kFaceNames{{
    {Face::kWhat, "what"},
    {Face::kWho, "who"},
    {Face::kRest, "rest"},
    {Face::kHead, "head"},
    {Face::kIdentifierUsed, "identifier_used"},
    {Face::kPseudonyms, "pseudonyms"},
    {Face::kPayment, "payment"},
    {Face::kPasswordVerification, "password_verification"},
    {Face::kSurname, "surname"},
    {Face::kFirstName, "first_name"},
    {Face::kBirth, "birth"},
    {Face::kCompanyName, "company_name"},
    {Face::kPostalAddress, "postal_address"},
    {Face::kEmails, "emails"},
    {Face::kPhones, "phones"},
}};

}  // namespace

std::string_view NameOf(FieldId field) {
  const auto number = static_cast<std::size_t>(field);
  return number < kFieldNames.size() ? kFieldNames[number] : kFieldNames[0];
}

std::string_view ToText(Face face) {
  for (const auto& [value, name] : kFaceNames) {
    if (value == face) return name;
  }
  return "unknown";
}

Result<Face> ParseFace(std::string_view text) {
  for (const auto& [value, name] : kFaceNames) {
    if (name == text) return value;
  }
  return Invalid("face: no such name");
}

const std::vector<Face>& FacesOf(RecordKind kind) {
  static const std::vector<Face> row{Face::kWhat, Face::kWho, Face::kRest};
  static const std::vector<Face> account{Face::kRest,       Face::kHead,    Face::kIdentifierUsed,
                                         Face::kPseudonyms, Face::kPayment, Face::kPasswordVerification};
  static const std::vector<Face> identity{Face::kRest,          Face::kHead,   Face::kSurname,
                                          Face::kFirstName,     Face::kBirth,  Face::kCompanyName,
                                          Face::kPostalAddress, Face::kEmails, Face::kPhones};
  switch (kind) {
    case RecordKind::kNatEvent:
    case RecordKind::kAccessSession:
    case RecordKind::kActivity:
    case RecordKind::kSharingRule:
      return row;
    case RecordKind::kAccount:
      return account;
    case RecordKind::kIdentity:
      return identity;
  }
  CHECK(false);
  return row;
}

}  // namespace probatio::record
