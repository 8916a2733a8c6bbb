// One listener's exporters: whose pieces are taken, by which decoder each is read, and what did not become a
// record. Not thread-safe: the writer's thread alone uses it.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>

#include "collect/arrivals.h"
#include "collect/exporters.h"
#include "collect/sink.h"
#include "decode/decoder.h"
#include "decode/time/correct_records.h"

namespace probatio::collect {

inline constexpr std::size_t kSessionsMax = 4'096;  // exporters (address and port) of one listener
// Of ended sessions, counts of so many exporters are told apart; more count as others.
inline constexpr std::size_t kEndedExportersMax = 4'096;
inline constexpr std::size_t kStateBytesMax = 64U << 20;
// Between the end of one run and the begin of the next: after it, a template id may mean something else.
inline constexpr std::int64_t kStateAgeMaxNs = kNsPerHour;

struct SourceCounts {
  std::uint64_t pieces = 0;
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;         // pieces that their decoder refused
  std::uint64_t strangers = 0;           // pieces from senders on no list: not looked at
  std::uint64_t sessions_displaced = 0;  // by a newer one, with the templates they had learned
};

// A piece that could not be read, for whoever puts it aside.
struct Rejected {
  std::size_t listener = 0;
  Bytes piece;  // valid as long as its batch
  std::string exporter;
  Error reason;
};

class Source {
 public:
  using MakeDecoder = std::function<std::unique_ptr<decode::Decoder>(const std::string& exporter)>;

  Source(Exporters exporters, MakeDecoder make, Carries carries = Carries::kNatEvents)
      : exporters_(std::move(exporters)), make_(std::move(make)), carries_(carries) {}

  // Appends the records of a batch, corrected by what is known of each exporter's clock. What cannot be read
  // does not stop the rest.
  void Take(const ArrivalBatch& batch, record::RecordBatch* out, std::vector<Rejected>* rejected);

  // By the exporters' own numbers and by what the kernel dropped, since the last call.
  std::vector<Loss> TakeLosses();
  // Nothing more comes. What still waits for its template is lost, and TakeLosses says so.
  void EndSessions();

  // What the sessions over datagrams must know after a restart of the collector: templates, which exporters
  // repeat only now and then (docs/formats/flow.md). At most kStateBytesMax; sessions beyond it are left out.
  Buffer SaveState(Instant now) const;
  // Before the first Take. kInvalid when the bytes are damaged, too old or from another version: nothing was
  // restored then. Senders that are no longer on the list are left out.
  Status RestoreState(Bytes state, Instant now);

  Carries carries() const { return carries_; }
  const SourceCounts& counts() const { return counts_; }
  // What the decoders counted, by exporter.
  std::map<std::string, std::map<std::string, std::uint64_t>> DecoderCounts() const;

 private:
  // A transport session (RFC 7011, section 2).
  struct Key {
    IpAddress ip;
    std::uint16_t port = 0;
    std::uint64_t connection = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Session {
    const Exporter* exporter = nullptr;
    std::string name;
    std::unique_ptr<decode::Decoder> decoder;
    decode::BatchCorrector corrector;
    std::list<Key>::iterator place = {};  // in by_use_
  };
  using Sessions = std::map<Key, Session>;
  using Counts = std::map<std::string, std::uint64_t>;

  Session* SessionOf(const Key& key);
  std::optional<Session> MakeSession(const IpAddress& ip) const;
  void DisplaceOldest();
  void End(Sessions::iterator session);
  static Status Decode(Session* session, const decode::Piece& piece, record::RecordBatch* out);

  Exporters exporters_;
  MakeDecoder make_;
  Carries carries_;
  Sessions sessions_;
  // The one silent longest first. A sender of datagrams can forge ports: none may cost a search.
  std::list<Key> by_use_;
  std::vector<Loss> losses_;             // of ended sessions, and the kernel's
  std::map<std::string, Counts> ended_;  // by exporter
  SourceCounts counts_;
};

}  // namespace probatio::collect
