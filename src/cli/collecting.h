// One collect.toml at work: its listeners and folders, each in a thread of its own, and the writer behind
// them in the caller's. Another configuration is another object, which opens everything while this one works:
// sockets that both have are shared, and what this one does not read waits in them for the next.
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
    30};                                                 // for a store that refuses, after the signal to stop
inline constexpr std::chrono::seconds kTryAgainWait{5};  // after a listener or folder broke off

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
  // What the kernel had dropped of each datagram socket, as far as it is told.
  using ToldDrops = std::map<net::Endpoint, std::uint64_t>;

  // Opens everything, and takes nothing yet. `before`, which may be null, goes on undisturbed, also after an
  // error, which names what could not be opened.
  static Result<std::unique_ptr<Collecting>> Open(const CollectConfig& config, Parts parts,
                                                  const Collecting* before);
  ~Collecting();

  // Begins to take. Once; what was before has stopped, and told these drops.
  void Begin(const ToldDrops& told);
  // One round of the writer.
  void Round() { writer_->Round(); }
  // Has a listener or folder broken off since the begin? It is tried again, while the others go on.
  bool broke_off() const;
  // Templates, so that the next process reads on.
  void SaveState();
  // Stops listening and stores everything that came.
  ToldDrops Stop();

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
    std::size_t receive_buffer = 0;
    std::unique_ptr<std::atomic<std::uint64_t>> broke_off = std::make_unique<std::atomic<std::uint64_t>>(0);
    std::unique_ptr<collect::Source> source;
    std::unique_ptr<collect::UdpListener> udp;
    std::unique_ptr<collect::StreamListener> stream;
    std::unique_ptr<collect::RadiusListener> radius;
    std::unique_ptr<collect::WatchedFolder> folder;
  };

  explicit Collecting(Parts parts) : parts_(std::move(parts)) {}
  Status AddListener(const ListenerConfig& config, const Collecting* before);
  Status AddFolder(const FolderConfig& config);
  Status OpenSocket(const ListenerConfig& config, const Collecting* before, Place* place);
  Status OpenStream(const ListenerConfig& config, const Collecting* before, Place* place);
  void MakeWriter();
  void RestoreState(Place* place);
  void TakeOver(const ToldDrops& told, Place* place);
  Status RunOnce(const Place& place);
  void RunUntilStopped(const Place& place);
  void PutAside(const collect::Rejected& rejected);
  bool GiveUp();

  Parts parts_;
  collect::ArrivalQueue queue_;
  std::vector<Place> places_;  // by number
  std::unique_ptr<collect::Writer> writer_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_ = false;
  std::optional<std::chrono::steady_clock::time_point> give_up_at_;
};

}  // namespace probatio::cli
