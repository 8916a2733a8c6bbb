// A complete package on invented people, for the tests of this folder: records sealed and committed to, a
// ledger, an approved scope, answers, signatures. Every part can be changed before it is signed. Test code
// only.
#pragma once

#include <gtest/gtest.h>

#include "crypto/test_world.h"
#include "evidence/verify.h"
#include "ledger/memory_storage.h"
#include "seal/test_rows.h"

namespace probatio::evidence {

inline Instant At(const char* rfc3339) {
  return Instant::ParseRfc3339(rfc3339).value();
}

// A segment of rows, opened again to prove some of them.
struct SealedRows {
  SegmentId id;
  seal::Window window;
  seal::SegmentImage image;
  std::vector<seal::ProvenRow> rows;  // all of them, in the order of leaves
};

inline SealedRows SealActivities(const std::vector<record::Activity>& activities,
                                 const char* run = "00000001") {
  crypto::SystemRandom random;
  seal::SegmentBuilder builder = seal::BuilderFor(activities.front(), 1, run);
  for (const record::Activity& activity : activities) CHECK(builder.Add(activity).ok());
  SealedRows sealed{builder.id(), builder.window(), builder.Build(random), {}};
  for (std::size_t leaf = 1; leaf < sealed.image.leaves.size(); ++leaf) {
    const seal::TokenKeys keys = builder.keys().KeysOf(sealed.image.leaves[leaf].token);
    const seal::OpenedBlock block =
        seal::OpenBlock(sealed.id, sealed.image.leaves[leaf], keys, sealed.image.blocks[leaf - 1]).value();
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
      sealed.rows.push_back({block.rows[row],
                             sealed.id,
                             sealed.window,
                             seal::ProveRow(block, row, seal::ProveLeaf(sealed.image.leaves, leaf)),
                             {}});
    }
  }
  return sealed;
}

inline SealedRows SealIdentity(const record::Identity& identity) {
  crypto::SystemRandom random;
  const Key private_key = seal::KeyOf(7);
  seal::SegmentBuilder builder = seal::BuilderFor(identity, 2);
  CHECK(builder.AddFor({seal::SubjectHandle{9}, crypto::BoxPublicOf(private_key)}, identity).ok());
  SealedRows sealed{builder.id(), builder.window(), builder.Build(random), {}};
  const seal::OpenedBlock block =
      seal::OpenSubjectBlock(sealed.id, sealed.image.leaves[1], private_key, sealed.image.blocks[0]).value();
  sealed.rows.push_back({block.rows[0],
                         sealed.id,
                         sealed.window,
                         seal::ProveRow(block, 0, seal::ProveLeaf(sealed.image.leaves, 1)),
                         {}});
  return sealed;
}

// Two people of the provider and its seal, under one authority.
struct House {
  crypto::Holder authority = crypto::MakeAuthority("Autorité d'exemple");
  crypto::Holder seal = crypto::MakeHolder("Messagerie d'exemple", crypto::CertificateUse::kSeal, authority);
  crypto::Holder stamp =
      crypto::MakeHolder("Horodatage d'exemple", crypto::CertificateUse::kTimestamp, authority);
  crypto::Holder counsel = crypto::MakeHolder("Claire Exemple", crypto::CertificateUse::kPerson, authority);
  crypto::Holder privacy = crypto::MakeHolder("Paul Exemple", crypto::CertificateUse::kPerson, authority);
  crypto::PrivateKey ledger_key = crypto::PrivateKey::GenerateEd25519();
  Instant now = At("2024-11-14T10:00:00Z");
};

inline House& TheHouse() {
  static House house;
  return house;
}

inline order::Scope ExampleScope(const char* order = "2024-000123", const char* subject = "m-1") {
  order::Scope scope;
  scope.order = OrderId::Parse(order).value();
  scope.court = "TJ Paris";
  scope.register_number = "24/57625";
  scope.regime = "fr 2026-03-31";
  scope.provider = "Messagerie d'exemple";
  order::ScopeLine line;
  line.id = "L1";
  line.subject = {order::SubjectKind::kMessage, subject, std::nullopt};
  line.period = {At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};
  for (const char* item : {"phone", "source_ip", "source_port"})
    line.items.push_back({item, "rule r", "text"});
  scope.lines = {line};
  scope.left_out = {"L7 other accounts: declined by counsel-1"};
  scope.recipients = {ToHex(TheHouse().counsel.certificate.Fingerprint())};
  scope.valid_until = TheHouse().now + kNsPerDay;
  return scope;
}

inline order::Approval ApprovalBy(const char* person, const crypto::Holder& holder,
                                  const std::string& scope_json) {
  const PersonId id = PersonId::Parse(person).value();
  const Instant at = TheHouse().now - kNsPerHour;
  return {id, holder.certificate, holder.key.Sign(order::ApprovalMessage(scope_json, id, at)).value(), at};
}

// One case, from the records to the ledger's entry. Change a part, then Enter() and Build().
class ExampleCase {
 public:
  explicit ExampleCase(const order::Scope& scope = ExampleScope(), const std::string& account = "u-48213",
                       const std::string& message = "m-1", const char* run = "00000001")
      : ledger_(ledger::Ledger::Open(storage_, "probatio.example/platform", TheHouse().ledger_key).value()) {
    SealRecords(account, message, run);
    disclosure.provider = scope.provider;
    disclosure.made_at = TheHouse().now;
    disclosure.scope = scope;
    disclosure.ledger_key = ledger_.verifier_key();
    Approve({"counsel-1", "privacy-1"});
    resolve::LineAnswer answer;
    answer.line = "L1";
    answer.certainty = resolve::Certainty::kUnique;
    answer.explanation = "one candidate was found";
    answer.candidates = {{account, Supports(account, message), {}}};
    answer.gaps = {{resolve::GapKind::kStillOpen, scope.lines[0].period, "the window of today"}};
    answer.offsets.unchanged_from_ns = -41;
    disclosure.answers = {answer};
  }

  void Approve(const std::vector<std::string>& people) {
    disclosure.signed_scope = {order::ScopeToJson(disclosure.scope), {}};
    for (const std::string& person : people) {
      const crypto::Holder& holder = person == "counsel-1" ? TheHouse().counsel : TheHouse().privacy;
      disclosure.signed_scope.approvals.push_back(
          ApprovalBy(person.c_str(), holder, disclosure.signed_scope.scope_json));
    }
  }

  // The ledger's entries, as a deployment makes them.
  void Enter() {
    Append({"deployment_created", At("2024-10-01T00:00:00Z"), {{"origin", "probatio.example/platform"}}});
    std::map<SegmentId, std::uint64_t> closed;
    if (resealed) {
      const SegmentId old = SegmentId::Parse("activity-20241021T000000Z-0000dead").value();
      closed[old] =
          Append({"segment_closed_by_crash", At("2024-10-22T00:05:00Z"), {{"segment", old.text()}}});
      sources_ = old.text();
    }
    if (!closed_late) CloseSegments(&closed);
    const std::uint64_t received =
        Append({"order_received", At("2024-11-13T09:00:00Z"), {{"order", disclosure.scope.order.text()}}});
    if (closed_late) CloseSegments(&closed);
    disclosure.order_received = ledger_.Prove(received).value();
    for (const auto& [segment, index] : closed) disclosure.segments[segment] = ledger_.Prove(index).value();
    const std::string json = DisclosureJson(disclosure);
    const std::string& scope = disclosure.signed_scope.scope_json;
    const std::uint64_t executed = Append({"disclosure_executed",
                                           disclosure.made_at,
                                           {{"order", disclosure.scope.order.text()},
                                            {"digest", ToHex(DisclosureDigest(json, scope))},
                                            {"scope", ToHex(crypto::Sha256(AsBytes(scope)))},
                                            {"rows", std::to_string(RowsOf(disclosure).size())}}});
    disclosure.executed = ledger_.Prove(executed).value();
    disclosure.order_received = ledger_.Prove(received).value();
    for (const auto& [segment, index] : closed) disclosure.segments[segment] = ledger_.Prove(index).value();
  }

  Result<Buffer> Build() const {
    const House& house = TheHouse();
    const auto authority = crypto::LocalTimestampAuthority(house.stamp.key, house.stamp.certificate,
                                                           [&] { return TheHouse().now; });
    return BuildPackage(disclosure, AsBytes("%PDF-1.7 a report"),
                        {house.seal.key, house.seal.certificate, {}, *authority}, house.now);
  }

  Disclosure disclosure;
  bool closed_late = false;  // the segments were closed after the order came
  bool resealed = false;  // with closed_late: the activity segment was made of a dead run's, after the order
  bool journal = false;   // the activity segment was closed by a crash
  SealedRows activities;
  SealedRows identity;

  // What ties an account to the message, its events, and the holder's telephone number.
  std::vector<resolve::Support> Supports(const std::string& account, const std::string& message) const {
    const std::set<record::Face> event{record::Face::kWhat, record::Face::kWho};
    std::vector<resolve::Support> supports = Ties(account, message);
    for (const seal::ProvenRow& row : activities.rows) {
      const auto& activity = std::get<record::Activity>(row.record);
      if (activity.account == account && activity.source_ip.has_value())
        supports.push_back({row, event, "event"});
    }
    supports.push_back({identity.rows[0], {record::Face::kHead, record::Face::kPhones}, "identity data"});
    return supports;
  }

  std::vector<resolve::Support> Ties(const std::string& account, const std::string& message) const {
    std::vector<resolve::Support> supports;
    for (const seal::ProvenRow& row : activities.rows) {
      const auto& activity = std::get<record::Activity>(row.record);
      if (activity.account == account && activity.message == message && !activity.source_ip.has_value()) {
        supports.push_back(
            {row, {record::Face::kWhat, record::Face::kWho}, "the account that sent the message"});
      }
    }
    return supports;
  }

 private:
  void SealRecords(const std::string& account, const std::string& message, const char* run) {
    record::Activity created = seal::MessageSent(account, message);
    created.origin.at.at = At("2024-10-21T07:00:00Z");
    created.event = record::ActivityKind::kAccountCreated;
    created.message.reset();
    activities = SealActivities({seal::MessageSent(account, message), created,
                                 seal::MessageSent("u-2", "m-2"), seal::MessageSent("u-3", message)},
                                run);
    record::Identity holder;
    holder.origin.at.at = At("2024-10-20T00:00:00Z");
    holder.holder = account;
    holder.surname = "Exemple";
    holder.phones = {"+33639980001"};
    identity = SealIdentity(holder);
  }

  std::uint64_t Append(const ledger::Entry& entry) { return ledger_.Append(entry).value(); }

  void CloseSegments(std::map<SegmentId, std::uint64_t>* closed) {
    for (const SealedRows* sealed : {&activities, &identity}) {
      ledger::Entry entry{"segment_closed", At("2024-10-22T00:10:00Z"), {{"segment", sealed->id.text()}}};
      if (journal && sealed == &activities) {
        entry.type = "segment_closed_by_crash";
        entry.fields["journal_batches"] = "3";
        entry.fields["journal_digest"] = std::string(64, '0');
      } else {
        entry.fields["root"] = ToHex(sealed->image.root);
        entry.fields["leaf_count"] = std::to_string(sealed->image.leaves.size());
        entry.fields["rows"] = std::to_string(sealed->image.rows);
        entry.fields["lost_before"] = "0";
        if (resealed && sealed == &activities) {
          entry.type = "segment_resealed";
          entry.fields["sources"] = sources_;
        }
      }
      (*closed)[sealed->id] = Append(entry);
    }
  }

  ledger::MemoryStorage storage_;
  ledger::Ledger ledger_;
  std::string sources_;
};

// Good as it is.
inline const Buffer& ExamplePackage() {
  static const Buffer package = [] {
    ExampleCase example;
    example.Enter();
    return example.Build().value();
  }();
  return package;
}

inline Trust TrustInTheHouse() {
  return {{TheHouse().authority.certificate}, "", At("2026-11-24T00:00:00Z")};
}

// The files of a package signed again by the provider's own seal: a dishonest provider, not a clumsy thief.
inline Buffer SignedAgain(std::vector<Member> members) {
  std::erase_if(members, [](const Member& member) {
    return member.name == "mimetype" || member.name.starts_with("META-INF/");
  });
  const House& house = TheHouse();
  const auto authority = crypto::LocalTimestampAuthority(house.stamp.key, house.stamp.certificate,
                                                         [&] { return TheHouse().now; });
  return SignContainer(members, {house.seal.key, house.seal.certificate, {}, *authority}, house.now).value();
}

inline Member& In(std::vector<Member>& members, const std::string& name) {
  for (Member& member : members) {
    if (member.name == name) return member;
  }
  CHECK(false);
  return members.front();
}

inline std::string Failures(const Result<Verification>& verification) {
  if (!verification.ok()) return verification.error().what();
  std::string all;
  for (const std::string& failure : verification.value().failures) all += failure + "\n";
  return all;
}

inline bool Holds(Bytes package, const Trust& trust = TrustInTheHouse()) {
  const Result<Verification> verification = VerifyPackage(package, trust);
  return verification.ok() && verification.value().valid;
}

}  // namespace probatio::evidence
