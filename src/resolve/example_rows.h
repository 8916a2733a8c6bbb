// Invented rows with true proofs, and a reader that keeps them in memory under the same rules as the sealed
// store: it checks every look-up, files by selector, and searches whole windows. For the tests of this
// folder.
#pragma once

#include "resolve/example_grant.h"
#include "resolve/reader.h"

namespace probatio::resolve {

// A row alone in its block, proved up to a segment root.
inline seal::ProvenRow Prove(const record::Record& record) {
  const std::vector<record::Record> rows{record};
  const Key salt_key;
  seal::OpenedBlock block;
  block.rows = rows;
  for (const record::Face face : record::FacesOf(record::KindOf(record))) {
    block.salts.push_back(seal::SaltOf(salt_key, 0, face));
  }
  block.commitments = seal::CommitRows(rows, salt_key);
  seal::BlockLeaf sentinel;
  sentinel.last = true;
  sentinel.next.fill(7);
  seal::BlockLeaf leaf;
  leaf.token = sentinel.next;
  leaf.last = true;
  leaf.next = seal::kTokenEnd;
  leaf.faces_root = seal::WideRoot(block.commitments);
  const std::vector<seal::BlockLeaf> leaves{sentinel, leaf};
  seal::ProvenRow row;
  row.record = record;
  row.window = seal::WindowOf(seal::StreamOf(record), record::OriginOf(record).at.at);
  row.segment = seal::MakeSegmentId(row.window, "00000001");
  row.proof = seal::ProveRow(block, 0, seal::ProveLeaf(leaves, 1));
  return row;
}

inline record::Origin OriginAt(std::string_view at, std::uint64_t seq = 1) {
  record::Origin origin;
  origin.at = {At(at), kNsPerMs, 0, ClockSource::kEvent};
  origin.exporter = "cgn-1.example";
  origin.seq = seq;
  return origin;
}

inline record::NatEvent Session(record::NatEventKind kind, std::string_view at, std::string_view inside) {
  record::NatEvent event;
  event.origin = OriginAt(at);
  event.event = kind;
  event.proto = 6;
  event.inside_ip = Ip(inside);
  event.inside_port = 40'000;
  event.public_ip = Ip("203.0.113.7");
  event.public_port = 51'234;
  return event;
}
inline record::NatEvent SessionCreate(std::string_view at, std::string_view inside) {
  return Session(record::NatEventKind::kNat44SessionCreate, at, inside);
}
inline record::NatEvent SessionDelete(std::string_view at, std::string_view inside) {
  return Session(record::NatEventKind::kNat44SessionDelete, at, inside);
}

inline record::NatEvent Block(record::NatEventKind kind, std::string_view at, std::string_view inside) {
  record::NatEvent event = Session(kind, at, inside);
  event.proto.reset();
  event.inside_port.reset();
  event.public_port.reset();
  event.port_first = 51'200;
  event.port_last = 51'711;
  return event;
}
inline record::NatEvent BlockAllocate(std::string_view at, std::string_view inside) {
  return Block(record::NatEventKind::kPortBlockAllocate, at, inside);
}
inline record::NatEvent BlockRelease(std::string_view at, std::string_view inside) {
  return Block(record::NatEventKind::kPortBlockRelease, at, inside);
}

inline record::AccessSession Access(record::SessionEventKind kind, std::string_view at,
                                    std::string_view session, std::string_view subscriber) {
  record::AccessSession event;
  event.origin = OriginAt(at);
  event.event = kind;
  event.session = std::string(session);
  event.nas = "nas-1.example";
  event.inside_ip = Ip("10.0.0.1");
  event.subscriber = std::string(subscriber);
  return event;
}

inline record::Activity ActivityAt(record::ActivityKind kind, std::string_view at, std::string_view account) {
  record::Activity activity;
  activity.origin = OriginAt(at);
  activity.event = kind;
  activity.proto = 6;
  activity.source_ip = Ip("203.0.113.7");
  activity.source_port = 51'234;
  activity.account = std::string(account);
  return activity;
}
inline record::Activity MessageSent(std::string_view at, std::string_view account, std::string_view message) {
  record::Activity activity = ActivityAt(record::ActivityKind::kMessageSent, at, account);
  activity.message = std::string(message);
  return activity;
}

inline record::Account AccountFrom(std::string_view at, std::string_view id) {
  record::Account account;
  account.origin = OriginAt(at);
  account.account = std::string(id);
  account.identifier_used = "nuit.blanche";
  return account;
}

inline record::Identity IdentityFrom(std::string_view at, std::string_view holder, std::string_view phone) {
  record::Identity identity;
  identity.origin = OriginAt(at);
  identity.holder = std::string(holder);
  identity.surname = "Exemple";
  identity.phones = {std::string(phone)};
  return identity;
}

class FakeReader : public RecordReader {
 public:
  void Keep(const record::Record& record) { records_.push_back(record); }
  void Lose(const Gap& gap) { gaps_.push_back(gap); }
  std::uint64_t segments = 1;

  const std::vector<LookUp>& asked() const { return asked_; }
  bool Asked(seal::Stream stream) const {
    for (const LookUp& look_up : asked_) {
      if (look_up.streams.front() == stream) return true;
    }
    return false;
  }

  Result<Found> Read(const order::Grant& grant, const std::vector<LookUp>& look_ups) override {
    Found found;
    found.segments_searched = segments;
    for (const LookUp& look_up : look_ups) {
      TRY(CheckLookUp(grant.scope(), look_up));
      asked_.push_back(look_up);
      Search(look_up, found);
    }
    return found;
  }

 private:
  void Search(const LookUp& look_up, Found& found) const {
    for (const record::Record& record : records_) {
      const seal::Filing filing = seal::FilingOf(record).value();
      if (filing.primary == look_up.selector) Add(look_up, record, found);
      for (const auto& [selector, light] : filing.secondary) {
        if (selector == look_up.selector) Add(look_up, light, found);
      }
    }
    for (const Gap& gap : gaps_) {
      if (gap.period.Overlaps(look_up.period)) found.gaps.push_back(gap);
    }
  }

  static void Add(const LookUp& look_up, const record::Record& record, Found& found) {
    seal::ProvenRow row = Prove(record);
    const auto& streams = look_up.streams;
    const bool searched = std::find(streams.begin(), streams.end(), row.window.stream) != streams.end();
    if (searched && row.window.period.Overlaps(look_up.period)) found.rows.push_back(std::move(row));
  }

  std::vector<record::Record> records_;
  std::vector<Gap> gaps_;
  std::vector<LookUp> asked_;
};

}  // namespace probatio::resolve
