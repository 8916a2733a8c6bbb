// What the data items of a scope line let be read and shown: the items are the regime's words, the faces are
// the record's. Pure; thread-safe. For the .cc files of this folder.
#pragma once

#include <set>

#include "order/scope.h"
#include "record/field.h"
#include "seal/window.h"

namespace probatio::resolve {

enum class ItemGroup : std::uint8_t {
  kIdentity,    // of the identity stream
  kAccount,     // of the account stream
  kPassword,    // of the password stream
  kConnection,  // of activity and network events
  kNotKept,     // the regime knows it, no record of ours holds it
};
ItemGroup GroupOf(std::string_view item);
bool Grants(const order::ScopeLine& line, ItemGroup group);

// The head, and exactly the faces of the items of the group that the line grants. `group` is one of subjects.
std::set<record::Face> GrantedFaces(const order::ScopeLine& line, ItemGroup group);
// The group that the rows of accounts and identities belong to; CHECKs that the row is one of them.
ItemGroup SubjectGroupOf(const record::Record& row);

// The two faces of an event: what happened, and whom it ties to the subject.
const std::set<record::Face>& EventFaces();
// The faces shown of a row that supports an answer: those of an event; of a row that is a create and its
// delete also the third, because there the end stands, without which nobody sees until when it was held.
std::set<record::Face> SupportFaces(const record::Record& record);

}  // namespace probatio::resolve
