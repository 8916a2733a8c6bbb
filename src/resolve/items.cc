// The table of items: which group, which face.
#include "resolve/items.h"

#include <algorithm>
#include <array>

namespace probatio::resolve {
namespace {

using record::Face;

struct ItemFacts {
  std::string_view item;
  ItemGroup group;
  Face face;
};

constexpr std::array<ItemFacts, 14> kItems{{
    {"surname", ItemGroup::kIdentity, Face::kSurname},
    {"first_name", ItemGroup::kIdentity, Face::kFirstName},
    {"birth", ItemGroup::kIdentity, Face::kBirth},
    {"company_name", ItemGroup::kIdentity, Face::kCompanyName},
    {"postal_address", ItemGroup::kIdentity, Face::kPostalAddress},
    {"email", ItemGroup::kIdentity, Face::kEmails},
    {"phone", ItemGroup::kIdentity, Face::kPhones},
    {"identifier_used", ItemGroup::kAccount, Face::kIdentifierUsed},
    {"pseudonyms", ItemGroup::kAccount, Face::kPseudonyms},
    {"payment", ItemGroup::kAccount, Face::kPayment},
    {"password_verification", ItemGroup::kPassword, Face::kPasswordVerification},
    {"source_ip", ItemGroup::kConnection, Face::kWhat},
    {"source_port", ItemGroup::kConnection, Face::kWhat},
    {"connection_time", ItemGroup::kConnection, Face::kWhat},
}};

const ItemFacts* Find(std::string_view item) {
  const auto* facts =
      std::find_if(kItems.begin(), kItems.end(), [&](const ItemFacts& row) { return row.item == item; });
  return facts == kItems.end() ? nullptr : facts;
}

}  // namespace

ItemGroup GroupOf(std::string_view item) {
  const ItemFacts* facts = Find(item);
  return facts == nullptr ? ItemGroup::kNotKept : facts->group;
}

bool Grants(const order::ScopeLine& line, ItemGroup group) {
  return std::any_of(line.items.begin(), line.items.end(),
                     [&](const order::ScopeItem& item) { return GroupOf(item.item) == group; });
}

ItemGroup SubjectGroupOf(const record::Record& row) {
  switch (seal::StreamOf(row)) {
    case seal::Stream::kIdentity:
      return ItemGroup::kIdentity;
    case seal::Stream::kAccount:
      return ItemGroup::kAccount;
    case seal::Stream::kPassword:
      return ItemGroup::kPassword;
    default:
      break;
  }
  CHECK(false);
  return ItemGroup::kNotKept;
}

std::set<Face> GrantedFaces(const order::ScopeLine& line, ItemGroup group) {
  CHECK(group == ItemGroup::kIdentity || group == ItemGroup::kAccount || group == ItemGroup::kPassword);
  std::set<Face> faces{Face::kHead};
  for (const order::ScopeItem& item : line.items) {
    const ItemFacts* facts = Find(item.item);
    if (facts != nullptr && facts->group == group) faces.insert(facts->face);
  }
  return faces;
}

const std::set<Face>& EventFaces() {
  static const std::set<Face> faces{Face::kWhat, Face::kWho};
  return faces;
}

std::set<Face> SupportFaces(const record::Record& record) {
  std::set<Face> faces = EventFaces();
  const auto* nat = std::get_if<record::NatEvent>(&record);
  if (nat != nullptr && nat->end_at.has_value()) faces.insert(Face::kRest);
  return faces;
}

}  // namespace probatio::resolve
