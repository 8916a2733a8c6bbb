// One collect.toml at work: its listeners and folders, each in a thread of its own, and the writer behind
// them in the caller's. Another configuration is another object; what came over UDP meanwhile waits in the
// sockets, which the next one is given.
#pragma once

#include <atomic>
#include <map>
#include <thread>

#include "cli/collect_config.h"
#include "cli/collect_sink.h"
#include "cli/collected_decoder.h"
#include "collect/radius_listener.h"
#include "collect/stream_listener.h"
#include "collect/udp_listener.h"
#include "collect/watched_folder.h"
#include "collect/writer.h"
#include "keep/quarantine.h"

namespace probatio::cli {

inline constexpr std::chrono::seconds kStopPatience{
    30};  // for a store that refuses, after the signal to stop

class Collecting {
 public:
  struct Parts {
    std::string state_folder;  // for what must outlive this process: templates, places in files
    const Clock& clock;
    CollectSink& sink;
    keep::Quarantine& quarantine;
    std::function<void(const std::string&)> say;  // any thread; ids and counts, never a person or an address
    std::function<bool()> stop_asked;             // the writer's thread
  };
  struct KeptSocket {
    net::UdpSocket socket;
    std::uint64_t told_drops = 0;
  };
  using KeptSockets = std::map<net::Endpoint, KeptSocket>;

  // Opens everything, then begins to listen. An error names what could not be opened; the sockets that were
  // not used stay with the caller.
  static Result<std::unique_ptr<Collecting>> Start(const CollectConfig& config, Parts parts,
                                                   KeptSockets* sockets);
  ~Collecting();

  // One round of the writer. False when a listener or folder has died.
  bool Round();
  // Templates, so that the next process reads on.
  void SaveState();
  // Stops listening, stores everything that came, and gives back the UDP sockets.
  KeptSockets Stop();

  // What came, by listener and exporter.
  struct Counts {
    std::string name;  // of a listener or folder
    collect::SourceCounts source;
    std::map<std::string, std::map<std::string, std::uint64_t>> exporters;
    std::map<std::string, std::uint64_t> others;  // kernel drops, connections, answers, ...
  };
  std::vector<Counts> counts() const;

 private:
  // What stands behind one number: a listener of one sort, or a folder.
  struct Place {
    std::string name;
    std::string format;
    std::string state;  // file; empty: none is kept
    std::unique_ptr<collect::Source> source;
    std::unique_ptr<collect::UdpListener> udp;
    std::unique_ptr<collect::StreamListener> stream;
    std::unique_ptr<collect::RadiusListener> radius;
    std::unique_ptr<collect::WatchedFolder> folder;
  };

  explicit Collecting(Parts parts) : parts_(std::move(parts)) {}
  Status AddListener(const ListenerConfig& config, KeptSockets* sockets);
  Status AddFolder(const FolderConfig& config);
  Status OpenSocket(const ListenerConfig& config, KeptSockets* sockets, Place* place);
  Status OpenStream(const ListenerConfig& config, Place* place);
  void RestoreState(Place* place);
  void Listen();
  void PutAside(const collect::Rejected& rejected);
  bool GiveUp();

  Parts parts_;
  collect::ArrivalQueue queue_;
  std::vector<Place> places_;  // by number
  std::unique_ptr<collect::Writer> writer_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> died_ = false;
  std::optional<std::chrono::steady_clock::time_point> give_up_at_;
};

}  // namespace probatio::cli
