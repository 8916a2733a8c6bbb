// One listener's exporters: whose pieces are taken, by which decoder each is read, and what did not become a
// record. Not thread-safe: the writer's thread alone uses it.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "collect/arrivals.h"
#include "collect/exporters.h"
#include "collect/sink.h"
#include "decode/decoder.h"

namespace probatio::collect {

inline constexpr std::size_t kSessionsMax = 4'096;  // exporters (address and port) of one listener

struct SourceCounts {
  std::uint64_t pieces = 0;
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;         // pieces that their decoder refused
  std::uint64_t strangers = 0;           // pieces from senders on no list: not looked at
  std::uint64_t sessions_displaced = 0;  // by a newer one, with the templates they had learned
};

// A piece that could not be read, for whoever puts it aside.
struct Rejected {
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
  void Take(const ArrivalBatch& batch, std::vector<record::Record>* records, std::vector<Rejected>* rejected);

  // By the exporters' own numbers, since the last call.
  std::vector<Loss> TakeLosses();

  const SourceCounts& counts() const { return counts_; }
  // What the decoders counted, by exporter.
  std::map<std::string, std::map<std::string, std::uint64_t>> DecoderCounts() const;

 private:
  struct Session {
    const Exporter* exporter = nullptr;
    std::string name;
    std::unique_ptr<decode::Decoder> decoder;
    std::uint64_t last_used = 0;  // pieces taken before
  };
  using Key = std::pair<IpAddress, std::uint16_t>;

  Session* SessionOf(const ArrivalBatch::Arrival& arrival);
  void DisplaceOldest();
  static Status Decode(Session* session, const decode::Piece& piece, std::vector<record::Record>* records);

  Exporters exporters_;
  MakeDecoder make_;
  Carries carries_;
  std::map<Key, Session> sessions_;
  std::vector<Loss> losses_;  // of displaced sessions
  SourceCounts counts_;
};

}  // namespace probatio::collect
