// Good packages and altered ones, each with our verifier's verdict, for agree_test.py to hold against the
// second verifier. A thief flips, drops, swaps and re-orders; a dishonest provider changes a document and
// signs all again with its own seal, or alters a record before the ledger enters the disclosure. Usage:
// package_mutants SEED COUNT. Standard output: one JSON line, then, for each package, one JSON line and its
// bytes. Every change follows from the seed; keys are drawn anew.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "evidence/example_package.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

constexpr const char* kAnyPlace =
    "^container|^META-INF/|^mimetype|^disclosure\\.|^scope\\.json|^proofs\\.json|^ledger/|^report";

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  std::uint8_t Mask() { return static_cast<std::uint8_t>(1 + Below(255)); }

 private:
  std::mt19937_64 engine_;  // its numbers are fixed by the standard
};

void Put(const std::string& name, const std::string& expect, Bytes package) {
  const Result<Verification> verification = VerifyPackage(package, TrustInTheHouse());
  json failures = json::array();
  if (!verification.ok()) failures.push_back(verification.error().what());
  if (verification.ok()) failures = verification.value().failures;
  const json head{{"name", name}, {"expect", expect}, {"failures", failures}, {"bytes", package.size()}};
  std::cout << head.dump(-1, ' ', false, json::error_handler_t::replace) << '\n' << AsText(package);
}

Buffer Plain() {
  return ExamplePackage();
}
Buffer ClosedLate() {
  ExampleCase example;
  example.closed_late = true;
  example.Enter();
  return example.Build().value();
}
Buffer OfAJournal() {
  ExampleCase example;
  example.journal = true;
  for (resolve::Support& support : example.disclosure.answers[0].candidates[0].supports) {
    if (support.row.segment == example.activities.id) support.row.proof.reset();
  }
  example.Enter();
  return example.Build().value();
}
Buffer Resealed() {
  ExampleCase example;
  example.closed_late = example.resealed = true;
  example.Enter();
  return example.Build().value();
}
Buffer Ambiguous() {
  ExampleCase example;
  example.disclosure.answers[0].certainty = resolve::Certainty::kAmbiguous;
  example.disclosure.answers[0].candidates = {{"u-48213", example.Supports("u-48213", "m-1"), {}},
                                              {"u-3", example.Ties("u-3", "m-1"), {}}};
  example.Enter();
  return example.Build().value();
}

// A thief with a hex editor.
Buffer FlippedRaw(Buffer package, Dice& dice) {
  package[dice.Below(package.size())] ^= dice.Mask();
  return package;
}
Buffer Cut(Buffer package, Dice& dice) {
  package.resize(dice.Below(package.size() - 4) + 4);
  return package;
}
Buffer Longer(Buffer package, Dice& dice) {
  const std::size_t at = dice.Below(package.size() + 1);
  package.insert(package.begin() + static_cast<std::ptrdiff_t>(at), 1 + dice.Below(40), dice.Mask());
  return package;
}

// A thief who knows ZIP.
std::vector<Member> Members(const Buffer& package) {
  return ReadContainer(package).value();
}
Buffer MemberFlipped(const Buffer& package, Dice& dice, std::string* expect) {
  std::vector<Member> members = Members(package);
  Member& member = members[dice.Below(members.size())];
  // Some octets of the CMS frame are covered by no signature: tamper_test.cc walks over them.
  if (member.name == kSignatureName) return FlippedRaw(package, dice);
  if (member.name != "mimetype" && member.name != kManifestName) *expect = "^" + member.name;
  member.content[dice.Below(member.content.size())] ^= dice.Mask();
  return WriteContainer(members).value();
}
Buffer Dropped(const Buffer& package, Dice& dice, std::string* expect) {
  std::vector<Member> members = Members(package);
  const std::size_t at = 1 + dice.Below(members.size() - 1);
  *expect = "^" + members[at].name + ": missing";
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(at));
  return WriteContainer(members).value();
}
Buffer ContentsSwapped(const Buffer& package, Dice& dice, std::string*) {
  std::vector<Member> members = Members(package);
  const std::size_t a = dice.Below(members.size());
  std::swap(members[a].content, members[(a + 1 + dice.Below(members.size() - 1)) % members.size()].content);
  return WriteContainer(members).value();
}
// Whole records of the ZIP; only for mimetype, the first, the writer would not follow.
Buffer Reordered(const Buffer& package, Dice& dice, std::string* expect) {
  std::vector<Member> members = Members(package);
  const std::size_t a = 1 + dice.Below(members.size() - 2);
  std::swap(members[a], members[a + 1]);
  *expect = "^container";
  return WriteContainer(members).value();
}
Buffer Doubled(const Buffer& package, Dice& dice, std::string* expect) {
  std::vector<Member> members = Members(package);
  const Member member = members[1 + dice.Below(members.size() - 1)];
  std::string other = member.name;
  other.back() ^= 1;
  members.push_back({other, member.content});
  std::string text(AsText(WriteContainer(members).value()));
  for (std::size_t at = text.find(other); at != std::string::npos; at = text.find(other, at + 1))
    text.replace(at, other.size(), member.name);
  *expect = "^container";
  return ToBuffer(AsBytes(text));
}

// A dishonest provider: one value of a document is another one, and everything is signed again.
void Collect(json& node, std::vector<json*>* all) {
  all->push_back(&node);
  if (!node.is_structured()) return;
  for (json& child : node) Collect(child, all);
}
void ChangeText(std::string* text, Dice& dice) {
  if (text->empty()) {
    *text = "x";
    return;
  }
  char& c = (*text)[dice.Below(text->size())];
  c = c == '0' ? '1' : '0';  // also a hexadecimal digit
}
// False when nothing was changed.
bool ChangeOne(json* root, Dice& dice) {
  std::vector<json*> all;
  Collect(*root, &all);
  json& node = *all[dice.Below(all.size())];
  if (node.is_string()) {
    std::string text = node.get<std::string>();
    ChangeText(&text, dice);
    node = text;
  } else if (node.is_number_integer()) {
    node = node.get<std::int64_t>() + 1;
  } else if (node.is_boolean()) {
    node = !node.get<bool>();
  } else if (node.is_null()) {
    node = 1;
  } else if (node.is_array() && !node.empty()) {
    const std::size_t at = dice.Below(node.size());
    const std::size_t what = dice.Below(3);
    if (what == 0) node.erase(at);
    if (what == 1) node.push_back(json(node[at]));
    if (what == 2) std::swap(node[at], node[(at + 1) % node.size()]);
  } else if (node.is_object()) {
    auto member = node.begin();
    std::advance(member, static_cast<std::ptrdiff_t>(dice.Below(node.size())));
    if (dice.Below(2) == 0) {
      node["another"] = *member;
    } else {
      node.erase(member);
    }
  }
  return true;
}
// Who signed first says nothing: approvals may stand in either order.
bool SaysTheSame(const std::string& name, const json& a, const json& b) {
  if (a == b) return true;
  if (name != "scope.json" || !b.contains("approvals") || !b["approvals"].is_array()) return false;
  json turned = b;
  std::reverse(turned["approvals"].begin(), turned["approvals"].end());
  return a == turned;
}
Buffer DocumentChanged(const Buffer& package, const std::string& name, Dice& dice) {
  std::vector<Member> members = Members(package);
  Member& member = In(members, name);
  const json before = json::parse(member.content);
  json after = before;
  while (SaysTheSame(name, before, after)) {
    after = before;
    ChangeOne(&after, dice);
  }
  member.content = ToBuffer(AsBytes(after.dump()));
  return SignedAgain(members);
}
Buffer TextChanged(const Buffer& package, const std::string& name, Dice& dice) {
  std::vector<Member> members = Members(package);
  Buffer& content = In(members, name).content;
  content[dice.Below(content.size())] ^= static_cast<std::uint8_t>(1U << dice.Below(7));
  return SignedAgain(members);
}
Buffer FromAnother(const Buffer& package, const Buffer& other, const std::string& name) {
  std::vector<Member> members = Members(package);
  std::vector<Member> theirs = Members(other);
  In(members, name).content = In(theirs, name).content;
  return SignedAgain(members);
}

// Parts of proofs.json change places, each a good part somewhere else.
Buffer Exchanged(const Buffer& package, const std::string& key, Dice& dice) {
  std::vector<Member> members = Members(package);
  json proofs = json::parse(In(members, "proofs.json").content);
  std::vector<json*> all;
  std::vector<json*> found;
  Collect(proofs, &all);
  for (json* node : all) {
    if (node->is_object() && node->contains(key)) found.push_back(&(*node)[key]);
  }
  json* const a = found[dice.Below(found.size())];
  json* b = a;
  for (std::size_t tries = 0; *a == *b && tries < 100; ++tries) b = found[dice.Below(found.size())];
  if (*a == *b) return DocumentChanged(package, "proofs.json", dice);
  std::swap(*a, *b);
  In(members, "proofs.json").content = ToBuffer(AsBytes(proofs.dump()));
  return SignedAgain(members);
}

Buffer ApprovalReplaced(const Buffer& package, Dice& dice) {
  std::vector<Member> members = Members(package);
  json file = json::parse(In(members, "scope.json").content);
  const std::string scope = file["scope"];
  json& approval = file["approvals"][dice.Below(2)];
  const std::size_t what = dice.Below(3);
  const crypto::Holder other =
      crypto::MakeHolder("Inconnu", crypto::CertificateUse::kPerson, crypto::MakeAuthority("Autre autorité"));
  const crypto::Holder& holder = what == 0 ? other : TheHouse().counsel;
  const order::Approval made = ApprovalBy("counsel-1", holder, what == 1 ? scope + " " : scope);
  if (what == 2) file["approvals"][1] = file["approvals"][0];  // one person twice
  if (what != 2) {
    approval = {{"at", made.at.ToRfc3339()},
                {"certificate", made.certificate.ToPem()},
                {"person", made.person.text()},
                {"signature", ToBase64(made.signature)}};
  }
  In(members, "scope.json").content = ToBuffer(AsBytes(file.dump()));
  return SignedAgain(members);
}

// A record is altered before the ledger enters the disclosure: only the commitment, older than both, tells.
Buffer RecordAltered(Dice& dice) {
  ExampleCase example;
  auto& supports = example.disclosure.answers[0].candidates[0].supports;
  seal::ProvenRow& row = supports[dice.Below(supports.size())].row;
  if (auto* identity = std::get_if<record::Identity>(&row.record)) {
    identity->phones[0] += std::to_string(dice.Below(10));
  } else {
    record::Activity& activity = std::get<record::Activity>(row.record);
    if (dice.Below(2) == 0 || !activity.source_port.has_value()) {
      activity.origin.at.at = activity.origin.at.at + static_cast<std::int64_t>(1 + dice.Below(1'000'000));
    } else {
      *activity.source_port ^= static_cast<std::uint16_t>(1 + dice.Below(60'000));
    }
  }
  example.Enter();
  return example.Build().value();
}

void PutMutant(const Buffer& good, const Buffer& other, std::size_t number, Dice& dice) {
  constexpr std::array<const char*, 8> kParts{"salt",  "path",   "leaf",       "row",
                                              "proof", "closed", "commitment", "entry"};
  const std::string proofs = "^proofs\\.json|^R[0-9]+:|^disclosure\\.json";
  std::string expect = kAnyPlace;
  switch (number % 20) {
    case 0:
    case 1:
    case 2:
      return Put("flipped", expect, FlippedRaw(good, dice));
    case 3:
      return Put("cut", expect, Cut(good, dice));
    case 4:
      return Put("longer", expect, Longer(good, dice));
    case 5:
    case 6: {
      const Buffer package = MemberFlipped(good, dice, &expect);
      return Put("member flipped", expect, package);
    }
    case 7: {
      const Buffer package = Dropped(good, dice, &expect);
      return Put("dropped", expect, package);
    }
    case 8:
      return Put("contents swapped", expect, ContentsSwapped(good, dice, &expect));
    case 9: {
      const bool twice = dice.Below(2) == 0;
      const Buffer package = twice ? Doubled(good, dice, &expect) : Reordered(good, dice, &expect);
      return Put(twice ? "doubled" : "re-ordered", expect, package);
    }
    case 10:
    case 11:
      return Put("disclosure signed again", "^disclosure\\.json",
                 DocumentChanged(good, "disclosure.json", dice));
    case 12:
      return Put("scope signed again", "^scope\\.json", DocumentChanged(good, "scope.json", dice));
    case 13:
    case 14:
      return Put("proofs signed again", proofs, DocumentChanged(good, "proofs.json", dice));
    case 15:
    case 16:
      return Put("proofs exchanged", proofs, Exchanged(good, kParts[dice.Below(kParts.size())], dice));
    case 17:
      return Put("table signed again", "^disclosure\\.csv", TextChanged(good, "disclosure.csv", dice));
    case 18: {
      constexpr std::array<const char*, 4> kFiles{"ledger/checkpoint.txt", "ledger/checkpoint.tst",
                                                  "scope.json", "proofs.json"};
      const char* const file = kFiles[dice.Below(kFiles.size())];
      if (dice.Below(3) == 0) return Put("approval replaced", "^scope\\.json", ApprovalReplaced(good, dice));
      return Put(std::string(file) + " of another package", kAnyPlace, FromAnother(good, other, file));
    }
    default:
      return Put("record altered before entry", "^R[0-9]+: proofs\\.json: face", RecordAltered(dice));
  }
}

}  // namespace
}  // namespace probatio::evidence

int main(int argc, char** argv) {
  using namespace probatio::evidence;
  if (argc != 3) return 2;
  Dice dice(std::stoull(argv[1]));
  const std::size_t count = std::stoull(argv[2]);
  std::cout << nlohmann::json{{"anchors", TheHouse().authority.certificate.ToPem()}}.dump() << '\n';
  const std::vector<probatio::Buffer> good{Plain(), ClosedLate(), OfAJournal(), Resealed(), Ambiguous()};
  for (const probatio::Buffer& package : good) Put("good", "", package);
  ExampleCase other_case(ExampleScope("2024-000124", "m-5"), "u-5", "m-5", "00000002");
  other_case.Enter();
  const probatio::Buffer other = other_case.Build().value();
  for (std::size_t i = 0; i < count; ++i) PutMutant(good[i / 20 % good.size()], other, i, dice);
  return 0;
}
