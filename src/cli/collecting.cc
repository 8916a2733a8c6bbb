#include "cli/collecting.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/files.h"
#include "cli/radius_secrets.h"
#include "crypto/md5.h"
#include "decode/capture/pcap_file.h"
#include "decode/cut/text_cutters.h"
#include "decode/flow/ipfix_framing.h"

namespace probatio::cli {
namespace {

// A folder has no address; its source knows it by one that no network has.
const IpAddress kFolderSender = IpAddress::V4(0x7F00'0001);

// What a decoder is made with, for each exporter of a source.
using Clocks = std::map<std::string, decode::SourceClock>;

std::unique_ptr<collect::Source> SourceOf(std::vector<collect::Exporter> exporters, CollectedKind kind) {
  Clocks clocks;
  const bool in_utc = IsInUtc(kind);
  for (collect::Exporter& exporter : exporters) {
    clocks[exporter.name] = exporter.clock;
    if (!in_utc) exporter.clock = {};
  }
  Result<collect::Exporters> list = collect::Exporters::Make(std::move(exporters));
  CHECK(list.ok());  // the configuration was read with the same check
  const Result<collect::Carries> carries = CarriedBy(kind.format);
  CHECK(carries.ok());
  auto make = [kind = std::move(kind), clocks = std::move(clocks)](const std::string& exporter) {
    return DecoderOrRefusal(kind, exporter, clocks.at(exporter));
  };
  return std::make_unique<collect::Source>(std::move(list).value(), std::move(make), carries.value());
}

std::function<bool(const IpAddress&)> IsOneOf(const std::vector<collect::Exporter>& exporters) {
  Result<collect::Exporters> made = collect::Exporters::Make(exporters);
  CHECK(made.ok());  // the configuration was read with the same check
  return [list = std::move(made).value()](const IpAddress& ip) { return list.Find(ip) != nullptr; };
}

// A name as a file may have it.
std::string FileName(std::string name) {
  for (char& c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!plain && c != '.' && c != '-') c = '_';
  }
  return name;
}

Status IsNoCapture(Bytes head) {
  if (decode::LooksLikePcap(head)) return Invalid("a packet capture: read it with `probatio import`");
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Collecting>> Collecting::Start(const CollectConfig& config, Parts parts,
                                                      KeptSockets* sockets) {
  std::unique_ptr<Collecting> collecting(new Collecting(std::move(parts)));
  Collecting& self = *collecting;
  TRY(MakeFolder(self.parts_.state_folder));
  for (const ListenerConfig& listener : config.listeners) TRY(self.AddListener(listener, sockets));
  for (const FolderConfig& folder : config.folders) TRY(self.AddFolder(folder));
  std::vector<collect::Source*> sources;
  for (const Place& place : self.places_) sources.push_back(place.source.get());
  self.writer_ = std::make_unique<collect::Writer>(collect::Writer::Parts{
      self.queue_, std::move(sources), self.parts_.sink,
      [&self](const collect::Rejected& rejected) { self.PutAside(rejected); }, self.parts_.say,
      // A run that takes nothing any more is followed by another before the next try.
      [&self](std::chrono::milliseconds wait) {
        self.parts_.sink.Tick(self.parts_.clock.Now());
        std::this_thread::sleep_for(wait);
      },
      [&self] { return self.GiveUp(); },
      [&self] {
        const Status kept = self.parts_.quarantine.Flush();
        if (!kept.ok()) self.parts_.say(kept.error().what());
      }});
  self.Listen();
  return collecting;
}

Collecting::~Collecting() {
  stop_ = true;
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
}

Status Collecting::AddListener(const ListenerConfig& config, KeptSockets* sockets) {
  Place place;
  place.name = config.Name();
  place.format = config.format;
  const bool stream = config.transport == Transport::kTcp || config.transport == Transport::kTls;
  place.source = SourceOf(config.exporters, {config.format, {}, stream});
  if (stream) {
    TRY_IN(place.name, OpenStream(config, &place));
  } else {
    TRY_IN(place.name, OpenSocket(config, sockets, &place));
    place.state = parts_.state_folder + "/templates-" + FileName(place.name);
    RestoreState(&place);
  }
  places_.push_back(std::move(place));
  return Done{};
}

Status Collecting::OpenSocket(const ListenerConfig& config, KeptSockets* sockets, Place* place) {
  std::optional<decode::RadiusClients> clients;
  if (config.transport == Transport::kRadius) clients = TRY(ReadRadiusSecrets(config.secrets));
  const auto kept = sockets->find(config.at);
  const bool reused = kept != sockets->end() && !clients.has_value();
  Result<net::UdpSocket> socket = reused ? Result<net::UdpSocket>(std::move(kept->second.socket))
                                         : net::UdpSocket::Bind(config.at, config.receive_buffer);
  if (!socket.ok()) return socket.error();
  const std::uint64_t told = reused ? kept->second.told_drops : 0;
  if (reused) sockets->erase(kept);
  if (socket.value().receive_buffer() < config.receive_buffer) {
    parts_.say(fmt::format("{}: the kernel gives a receive buffer of {} octets only; raise net.core.rmem_max",
                           place->name, socket.value().receive_buffer()));
  }
  const std::size_t number = places_.size();
  if (clients.has_value()) {
    place->radius = std::make_unique<collect::RadiusListener>(
        collect::RadiusListener::Parts{number, std::move(socket).value(), std::move(*clients), crypto::Md5,
                                       parts_.clock, &queue_, IsOneOf(config.exporters)});
  } else {
    place->udp = std::make_unique<collect::UdpListener>(number, std::move(socket).value(), parts_.clock,
                                                        &queue_, told);
  }
  return Done{};
}

Status Collecting::OpenStream(const ListenerConfig& config, Place* place) {
  net::TcpAcceptor acceptor = TRY(net::TcpAcceptor::Bind(config.at));
  std::shared_ptr<const net::TlsServer> tls;
  if (config.transport == Transport::kTls) {
    net::TlsServer server = TRY(net::TlsServer::Load(config.tls));
    tls = std::make_shared<const net::TlsServer>(std::move(server));
  }
  const bool ipfix = config.format == "ipfix";
  collect::StreamListener::Parts parts{places_.size(),
                                       std::move(acceptor),
                                       std::move(tls),
                                       IsOneOf(config.exporters),
                                       [ipfix, frames = config.frames]() -> std::unique_ptr<decode::Framing> {
                                         if (ipfix) return std::make_unique<decode::IpfixFraming>();
                                         return std::make_unique<decode::SyslogFraming>(frames);
                                       },
                                       parts_.clock,
                                       &queue_,
                                       {}};
  parts.limits.connections_max = config.connections;
  place->stream = TRY(collect::StreamListener::Make(std::move(parts)));
  return Done{};
}

Status Collecting::AddFolder(const FolderConfig& config) {
  Place place;
  place.name = config.exporter.name;
  place.format = config.format;
  const CollectedKind kind{config.format, config.mapping, false};
  collect::Exporter exporter = config.exporter;
  exporter.from = {IpPrefix::Holding(kFolderSender, 32)};
  TRY_IN(place.name, MakeCollectedDecoder(kind, exporter.name, exporter.clock));
  const decode::FileDecoder::Parts file = TRY_IN(place.name, FilePartsOf(kind));
  collect::WatchedFolderSettings settings;
  settings.listener = places_.size();
  settings.folder = config.folder;
  settings.glob = config.glob;
  settings.growing = config.growing;
  settings.delete_finished = config.delete_finished;
  settings.finished_days = config.finished_days;
  settings.positions = parts_.state_folder + "/positions-" + FileName(place.name);
  settings.sender = kFolderSender;
  settings.has_header = file.has_header;
  settings.make_cutter = [kind]() -> std::unique_ptr<decode::Cutter> {
    Result<decode::FileDecoder::Parts> parts = FilePartsOf(kind);
    if (parts.ok()) return std::move(parts.value().cutter);
    return std::make_unique<decode::LineCutter>();  // its decoder says what is wrong, piece by piece
  };
  settings.check = IsNoCapture;
  place.source = SourceOf({exporter}, kind);
  place.folder =
      std::make_unique<collect::WatchedFolder>(std::move(settings), parts_.clock, &queue_, parts_.say);
  TRY_IN(place.name, place.folder->Open());
  places_.push_back(std::move(place));
  return Done{};
}

// What cannot be restored is learned anew: exporters repeat their templates.
void Collecting::RestoreState(Place* place) {
  if (!std::filesystem::exists(place->state)) return;
  const Result<Buffer> state = ReadFile(place->state, collect::kStateBytesMax);
  const Status restored =
      state.ok() ? place->source->RestoreState(state.value(), parts_.clock.Now()) : Status(state.error());
  if (!restored.ok())
    parts_.say(fmt::format("{}: {}; its exporters will tell again", place->state, restored.error().what()));
}

void Collecting::SaveState() {
  for (const Place& place : places_) {
    if (place.state.empty()) continue;
    const Buffer state = place.source->SaveState(parts_.clock.Now());
    const Status saved = WriteFile(place.state, state, Mode::kPrivate);
    if (!saved.ok()) parts_.say(saved.error().what());
  }
}

void Collecting::Listen() {
  net::BlockBrokenPipeSignal();  // the threads that are made here inherit it
  for (Place& place : places_) {
    threads_.emplace_back([this, &place] {
      Status ended = Done{};
      if (place.udp != nullptr) ended = place.udp->Run(stop_);
      if (place.stream != nullptr) ended = place.stream->Run(stop_);
      if (place.radius != nullptr) ended = place.radius->Run(stop_);
      if (place.folder != nullptr) ended = place.folder->Run(stop_);
      if (ended.ok()) return;
      parts_.say(fmt::format("{}: stopped: {}", place.name, ended.error().what()));
      died_ = true;
    });
  }
}

bool Collecting::Round() {
  writer_->Round();
  return !died_;
}

Collecting::KeptSockets Collecting::Stop() {
  stop_ = true;
  // A full queue must go on being emptied, or a listener would wait for ever.
  std::atomic<bool> stopped = false;
  std::thread stopping([&] {
    for (std::thread& thread : threads_) thread.join();
    stopped = true;
  });
  while (!stopped) writer_->Round();
  stopping.join();
  threads_.clear();
  queue_.Close();
  writer_->Run();
  SaveState();
  writer_->EndSessions();
  KeptSockets kept;
  for (Place& place : places_) {
    if (place.udp == nullptr) continue;
    const net::Endpoint at = place.udp->local();
    const std::uint64_t told = place.udp->kernel_drops();
    kept.emplace(at, KeptSocket{place.udp->GiveUpSocket(), told});
  }
  return kept;
}

void Collecting::PutAside(const collect::Rejected& rejected) {
  keep::QuarantineItem item;
  item.format = places_.at(rejected.listener).format;
  item.source = places_.at(rejected.listener).name;
  item.exporter = rejected.exporter;
  item.reason = rejected.reason.what();
  item.content = ToBuffer(rejected.piece);
  parts_.quarantine.PutAside(std::move(item));
}

bool Collecting::GiveUp() {
  if (!parts_.stop_asked()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (!give_up_at_.has_value()) give_up_at_ = now + kStopPatience;
  return now >= *give_up_at_;
}

std::vector<Collecting::Counts> Collecting::counts() const {
  std::vector<Counts> all;
  for (const Place& place : places_) {
    Counts& counts = all.emplace_back();
    counts.name = place.name;
    counts.source = place.source->counts();
    counts.exporters = place.source->DecoderCounts();
    if (place.udp != nullptr) counts.others = {{"kernel drops", place.udp->kernel_drops()}};
    if (place.radius != nullptr) {
      const collect::RadiusCounts radius = place.radius->counts();
      counts.others = {{"kernel drops", radius.kernel_drops},
                       {"answered", radius.answered},
                       {"malformed", radius.malformed},
                       {"strangers", radius.strangers},
                       {"not authentic", radius.unauthentic},
                       {"sent again", radius.sent_again},
                       {"no room", radius.no_room}};
    }
    if (place.stream != nullptr) {
      const collect::StreamCounts stream = place.stream->counts();
      counts.others = {{"connections", stream.connections},
                       {"strangers", stream.strangers},
                       {"too many", stream.too_many},
                       {"cut off", stream.cut_off}};
    }
    if (place.folder != nullptr) {
      const collect::WatchedFolderCounts& folder = place.folder->counts();
      counts.others = {{"files", folder.files},
                       {"finished", folder.finished},
                       {"failed", folder.failed},
                       {"truncated", folder.truncated}};
    }
  }
  return all;
}

}  // namespace probatio::cli
