// probatio hold extract ORDER: under a grant to preserve, the covered rows with their proofs go into the
// hold's sealed file; then the pins are released. No row is printed, nor a count of rows.
#include <CLI/CLI.hpp>

#include <algorithm>

#include "cli/grant_reader.h"
#include "cli/held.h"
#include "cli/hold_commands.h"
#include "cli/waiting_custodians.h"
#include "custody/held_file.h"
#include "custody/keeping_reader.h"
#include "disclosure/preservation.h"
#include "keep/purge_plan.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string order;
  std::string station;
  int wait_seconds = 3600;
};

Result<std::vector<casebook::Hold>> PinsOf(Deployment& deployment, const OrderId& order) {
  std::vector<casebook::Hold> holds = TRY(deployment.casebook().ListHolds());
  std::erase_if(holds, [&](const casebook::Hold& hold) { return hold.order != order || hold.released_at; });
  return holds;
}

// The order's pins and the segments under them.
struct Pinned {
  std::vector<std::uint64_t> holds;
  std::vector<std::string> segments;
  bool operator==(const Pinned&) const = default;
};

// What a window still open gets later would lie under no pin and in no file.
Result<Pinned> PinnedAndClosed(Deployment& deployment, const OrderId& order) {
  const std::vector<casebook::Hold> holds = TRY(PinsOf(deployment, order));
  Pinned pinned;
  std::vector<keep::Pin> pins;
  for (const casebook::Hold& hold : holds) {
    pinned.holds.push_back(hold.id);
    for (const std::string& name : hold.streams) {
      const seal::Stream stream = TRY(seal::ParseStream(name));
      pins.push_back({stream, hold.period});
    }
  }
  for (const seal::SegmentInfo& info : deployment.manifest().All()) {
    if (!keep::IsPinned(pins, info)) continue;
    if (info.state == seal::SegmentState::kOpen) {
      return Denied("hold: segment " + info.id.text() +
                    " is pinned and still open: extract when it is closed");
    }
    pinned.segments.push_back(info.id.text());
  }
  return pinned;
}

// Keys and contents are in memory for this call only.
class HoldMaker {
 public:
  HoldMaker(Deployment& deployment, custody::Custodians& custodians, OrderId order)
      : deployment_(deployment), custodians_(custodians), order_(std::move(order)) {}

  Result<keep::ExtractionParts::Made> Make() {
    const Pinned pinned = TRY(PinnedAndClosed(deployment_, order_));
    const keep::KeptJournals journals(deployment_.journals());
    const std::unique_ptr<GrantReader> sealed =
        TRY(GrantReader::Open(deployment_, journals, custodians_, order_));
    custody::KeepingReader reader(*sealed);
    CasebookCases cases(deployment_);
    const std::vector<crypto::Certificate> approvers = TRY(deployment_.Approvers());
    custody::HeldFacts facts;
    facts.order = order_;
    facts.lines =
        TRY(disclosure::Preserve({cases, reader, deployment_.clock(), approvers, resolve::Limits{}}, order_));
    // While the custodians were waited for others worked here: what a late import brought under the pins was
    // not searched, and must not lose them.
    const Pinned after = TRY(PinnedAndClosed(deployment_, order_));
    if (after != pinned) {
      return Denied("hold: what is pinned has changed while the custodians were waited for: extract again");
    }
    facts.extracted_at = deployment_.clock().Now();
    for (const custody::HeldRead& read : reader.reads()) {
      facts.segments_searched += read.found.segments_searched;
    }
    return Seal(facts, reader.reads());
  }

  // Every section, with the keys that this process still has: the custodians have theirs by then.
  Status Opens(Bytes file) const {
    const custody::HeldFile held = TRY(custody::ParseHeld(file, order_));
    for (const auto& [record_class, key] : keys_) {
      const Secret content = TRY(custody::OpenHeldSection(held, record_class, key));
      if (!content.empty()) TRY(custody::HeldReadsFromJson(AsText(content.reveal())));
    }
    return Done{};
  }

 private:
  Result<keep::ExtractionParts::Made> Seal(const custody::HeldFacts& facts,
                                           const std::vector<custody::HeldRead>& reads) {
    std::map<record::RecordClass, Buffer> contents;
    for (const auto& [record_class, part] : custody::ByClass(reads)) {
      const std::string json = TRY(custody::HeldReadsToJson(part));
      contents[record_class] = ToBuffer(AsBytes(json));
    }
    Result<custody::SealedHold> sealed = custody::SealHeld(
        facts, contents,
        [this](record::RecordClass record_class) { return deployment_.roster().SetFor(record_class); },
        deployment_.random());
    for (auto& [record_class, content] : contents) Wipe(content);
    if (!sealed.ok()) return sealed.error();
    keys_ = std::move(sealed.value().keys);
    return keep::ExtractionParts::Made{std::move(sealed.value().file), facts.segments_searched};
  }

  Deployment& deployment_;
  custody::Custodians& custodians_;
  OrderId order_;
  std::map<record::RecordClass, Key> keys_;
};

Status ReleasePins(Deployment& deployment, const OrderId& order) {
  const std::vector<casebook::Hold> holds = TRY(PinsOf(deployment, order));
  for (const casebook::Hold& hold : holds) {
    TRY(deployment.casebook().ReleaseHold(hold.id, deployment.clock().Now(), deployment.ledger()));
  }
  return Done{};
}

Status Extract(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> opened = TRY(Deployment::Open(session.config));
  Deployment& deployment = *opened;
  const OrderId order = TRY(OrderId::Parse(options.order));
  TRY(deployment.casebook().OrderSource(order));
  const std::unique_ptr<custody::Custodians> asked =
      TRY(CustodiansFor(session, deployment, options.station, options.wait_seconds));
  WaitingCustodians waiting(deployment, *asked);
  // A station on this machine answers at once.
  custody::Custodians& custodians = options.station.empty() ? waiting : *asked;
  const keep::HeldFolder folder = TRY(HeldFolderOf(deployment));
  HoldMaker maker(deployment, custodians, order);
  const keep::ExtractionParts parts{deployment.ledger(),
                                    folder,
                                    deployment.clock(),
                                    [&]() -> Result<std::size_t> {
                                      const std::vector<casebook::Hold> pins = TRY(PinsOf(deployment, order));
                                      return pins.size();
                                    },
                                    [&] { return maker.Make(); },
                                    [&](Bytes file) { return maker.Opens(file); },
                                    [&] { return ReleasePins(deployment, order); }};
  const keep::Extraction extraction = TRY(keep::ExtractHold(parts, order));
  session.out << "sealed " << keep::HeldPath(folder, order) << "\n  SHA-256 " << ToHex(extraction.digest)
              << ", ledger entry " << extraction.index << "\n  the pins of " << order.text()
              << " are released\n";
  return Done{};
}

}  // namespace

void AddHoldExtract(CLI::App* hold, Session& session) {
  CLI::App* command = hold->add_subcommand(
      "extract", "seal what an order covers into its own file, shown to nobody, and release its pins");
  auto options = std::make_shared<Options>();
  command->add_option("ORDER", options->order, "the order's id; approved to preserve")->required();
  command->add_option("--station", options->station,
                      "demonstrations only: a custodians' station on this machine");
  command->add_option("--wait", options->wait_seconds, "seconds to wait for the custodians' answer")
      ->capture_default_str();
  OnRun(command, session, [&session, options] { return Extract(session, *options); });
}

}  // namespace probatio::cli
