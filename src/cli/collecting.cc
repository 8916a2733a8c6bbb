#include "cli/collecting.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/files.h"
#include "cli/input_formats.h"
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

// The socket that the configuration before has in this place.
template <class Listener>
const Listener* ListenerAt(const net::Endpoint& at, const std::unique_ptr<Listener>& listener) {
  return listener != nullptr && listener->local() == at ? listener.get() : nullptr;
}

Status IsNoCapture(Bytes head) {
  if (decode::LooksLikePcap(head)) return Invalid("a packet capture: read it with `probatio import`");
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Collecting>> Collecting::Open(const CollectConfig& config, Parts parts,
                                                     const Collecting* before) {
  std::unique_ptr<Collecting> collecting(new Collecting(std::move(parts)));
  Collecting& self = *collecting;
  TRY(MakeFolder(self.parts_.state_folder));
  for (const ListenerConfig& listener : config.listeners) TRY(self.AddListener(listener, before));
  for (const FolderConfig& folder : config.folders) TRY(self.AddFolder(folder));
  self.MakeWriter();
  return collecting;
}

void Collecting::MakeWriter() {
  std::vector<collect::Source*> sources;
  for (const Place& place : places_) sources.push_back(place.source.get());
  writer_ = std::make_unique<collect::Writer>(
      collect::Writer::Parts{queue_, std::move(sources), parts_.sink,
                             [this](const collect::Rejected& rejected) { PutAside(rejected); }, parts_.say,
                             // A run that takes nothing any more is followed by another before the next try.
                             [this](std::chrono::milliseconds wait) {
                               parts_.sink.Tick(parts_.clock.Now());
                               std::this_thread::sleep_for(wait);
                             },
                             [this] { return GiveUp(); },
                             [this] {
                               const Status kept = parts_.quarantine.Flush();
                               if (!kept.ok()) parts_.say(kept.error().what());
                             }});
}

Collecting::~Collecting() {
  stop_ = true;
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
}

Status Collecting::AddListener(const ListenerConfig& config, const Collecting* before) {
  Place place;
  place.name = config.Name();
  place.format = config.format;
  const bool stream = config.transport == Transport::kTcp || config.transport == Transport::kTls;
  place.source = SourceOf(config.exporters, {config.format, {}, stream});
  if (stream) {
    TRY_IN(place.name, OpenStream(config, before, &place));
  } else {
    TRY_IN(place.name, OpenSocket(config, before, &place));
    place.receive_buffer = config.receive_buffer;
    place.state = parts_.state_folder + "/templates-" + FileName(place.name);
  }
  places_.push_back(std::move(place));
  return Done{};
}

Status Collecting::OpenSocket(const ListenerConfig& config, const Collecting* before, Place* place) {
  std::optional<decode::RadiusClients> clients;
  if (config.transport == Transport::kRadius) clients = TRY(ReadRadiusSecrets(config.secrets));
  std::optional<net::UdpSocket> shared;
  for (std::size_t i = 0; before != nullptr && i < before->places_.size(); ++i) {
    const auto* const udp = ListenerAt(config.at, before->places_[i].udp);
    const auto* const radius = ListenerAt(config.at, before->places_[i].radius);
    if (udp != nullptr) shared = TRY(udp->ShareSocket());
    if (radius != nullptr) shared = TRY(radius->ShareSocket());
  }
  Result<net::UdpSocket> socket = shared.has_value() ? Result<net::UdpSocket>(std::move(*shared))
                                                     : net::UdpSocket::Bind(config.at, config.receive_buffer);
  if (!socket.ok()) return socket.error();
  const std::size_t number = places_.size();
  if (clients.has_value()) {
    place->radius = std::make_unique<collect::RadiusListener>(
        collect::RadiusListener::Parts{number, std::move(socket).value(), std::move(*clients), crypto::Md5,
                                       parts_.clock, &queue_, IsOneOf(config.exporters)});
  } else {
    place->udp =
        std::make_unique<collect::UdpListener>(number, std::move(socket).value(), parts_.clock, &queue_);
  }
  return Done{};
}

Status Collecting::OpenStream(const ListenerConfig& config, const Collecting* before, Place* place) {
  std::optional<net::TcpAcceptor> shared;
  for (std::size_t i = 0; before != nullptr && i < before->places_.size(); ++i) {
    const auto* const stream = ListenerAt(config.at, before->places_[i].stream);
    if (stream != nullptr) shared = TRY(stream->ShareAcceptor());
  }
  if (!shared.has_value()) shared = TRY(net::TcpAcceptor::Bind(config.at));
  std::shared_ptr<const net::TlsServer> tls;
  if (config.transport == Transport::kTls) {
    net::TlsServer server = TRY(net::TlsServer::Load(config.tls));
    tls = std::make_shared<const net::TlsServer>(std::move(server));
  }
  const bool ipfix = config.format == "ipfix";
  collect::StreamListener::Parts parts{places_.size(),
                                       std::move(*shared),
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

// Templates that the configuration before learned up to its end, its count of drops, and the room that this
// one wants.
void Collecting::TakeOver(const ToldDrops& told, Place* place) {
  const auto take = [&](auto* listener) {
    const auto drops = told.find(listener->local());
    if (drops != told.end()) listener->ContinueDrops(drops->second);
    const std::size_t given = listener->UseReceiveBuffer(place->receive_buffer);
    if (given >= place->receive_buffer) return;
    parts_.say(fmt::format("{}: the kernel gives a receive buffer of {} octets only; raise net.core.rmem_max",
                           place->name, given));
  };
  if (place->udp != nullptr) take(place->udp.get());
  if (place->radius != nullptr) take(place->radius.get());
  if (!place->state.empty()) RestoreState(place);
}

void Collecting::Begin(const ToldDrops& told) {
  net::BlockBrokenPipeSignal();  // the threads that are made here inherit it
  for (Place& place : places_) {
    TakeOver(told, &place);
    threads_.emplace_back([this, &place] { RunUntilStopped(place); });
  }
}

Status Collecting::RunOnce(const Place& place) {
  if (place.udp != nullptr) return place.udp->Run(stop_);
  if (place.stream != nullptr) return place.stream->Run(stop_);
  if (place.radius != nullptr) return place.radius->Run(stop_);
  return place.folder->Run(stop_);
}

// One that breaks off (a disk that is not there, a system without memory) is no reason to lose what comes to
// the others. It is said at each break and counted; one that works again is not.
void Collecting::RunUntilStopped(const Place& place) {
  constexpr std::chrono::milliseconds kLook{50};
  while (true) {
    const Status ended = RunOnce(place);
    if (ended.ok()) return;
    ++*place.broke_off;
    parts_.say(fmt::format("{}: broke off: {}; tried again every {} s, the others go on", place.name,
                           ended.error().what(), kTryAgainWait.count()));
    const auto again = std::chrono::steady_clock::now() + kTryAgainWait;
    while (std::chrono::steady_clock::now() < again) {
      if (stop_) return;
      std::this_thread::sleep_for(kLook);
    }
  }
}

bool Collecting::broke_off() const {
  return std::any_of(places_.begin(), places_.end(),
                     [](const Place& place) { return *place.broke_off != 0; });
}

Collecting::ToldDrops Collecting::Stop() {
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
  ToldDrops told;
  for (const Place& place : places_) {
    if (place.udp != nullptr) told[place.udp->local()] = place.udp->kernel_drops();
    if (place.radius != nullptr) told[place.radius->local()] = place.radius->counts().kernel_drops;
  }
  return told;
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
    counts.others["broke off"] = *place.broke_off;
  }
  return all;
}

}  // namespace probatio::cli
