// probatio window: the sealed windows. `verify` needs no key: it holds every sealed block against its
// segment's root. `purge` destroys what is past its retention (docs/operate/purge.md).
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/pins.h"
#include "cli/put_aside.h"
#include "cli/window_commands.h"
#include "keep/purge.h"
#include "keep/purge_subjects.h"
#include "seal/box_key.h"
#include "seal/segment_leaves.h"

namespace probatio::cli {
namespace {

struct VerifyOptions {
  std::string out;
  std::vector<std::string> segments;
};

std::string_view StateOf(const seal::SegmentInfo& info) {
  const bool purging = info.state == seal::SegmentState::kPurged && !info.erased;
  return purging ? "purging" : seal::ToText(info.state);
}

std::string ExpiryText(const seal::SegmentInfo& info) {
  return info.expires ? law::ToText(law::ParisDate(*info.expires)) : "";
}

std::string SourcesText(const seal::SegmentInfo& info) {
  if (info.sources.empty()) return "";
  return fmt::format("  sealed anew from {} segment(s)", info.sources.size());
}

nlohmann::json JsonOf(const seal::SegmentInfo& info, bool held) {
  return {{"segment", info.id.text()},
          {"stream", seal::ToText(info.window.stream)},
          {"begin", info.window.period.begin.ToRfc3339()},
          {"end", info.window.period.end.ToRfc3339()},
          {"state", StateOf(info)},
          {"late", info.late},
          {"rows", info.rows},
          {"lost_before", info.lost_before},
          {"sealed_anew_from", info.sources.size()},
          {"expires", ExpiryText(info)},
          {"held", held}};
}

void PrintSegment(std::ostream& out, const seal::SegmentInfo& info, bool held) {
  out << fmt::format("{:48} {:16} {:8} rows{}{}{}{}{}\n", info.id.text(), StateOf(info), info.rows,
                     info.late ? "  late" : "", SourcesText(info),
                     info.lost_before != 0 ? fmt::format("  {} lost on the way", info.lost_before) : "",
                     info.expires ? "  expires " + ExpiryText(info) : "", held ? "  held" : "");
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<keep::Pin> pins = TRY(PinsOf(*deployment));
  nlohmann::json list = nlohmann::json::array();
  for (const seal::SegmentInfo& info : deployment->manifest().All()) {
    const bool held = info.state != seal::SegmentState::kPurged && keep::IsPinned(pins, info);
    if (session.json) {
      list.push_back(JsonOf(info, held));
    } else {
      PrintSegment(session.out, info, held);
    }
  }
  if (session.json) session.out << list.dump(2) << "\n";
  for (const std::string& advice : ResealAdvice(*deployment)) session.err << advice << "\n";
  return Done{};
}

// Opening the deployment closes by crash what a dead run left open; here it is printed.
Status Close(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  nlohmann::json closed = nlohmann::json::array();
  for (const SegmentId& id : deployment->recovered().ids) {
    const seal::SegmentInfo info = deployment->manifest().Get(id).value();
    if (session.json) {
      closed.push_back({{"segment", info.id.text()},
                        {"ledger_entry", info.closed_index},
                        {"journal_batches", info.journal.batches},
                        {"journal_digest", ToHex(info.journal.digest)}});
    } else {
      session.out << fmt::format("{:48} closed by crash, ledger entry {}: {} batches, journal {}\n",
                                 info.id.text(), info.closed_index, info.journal.batches,
                                 ToHex(info.journal.digest));
    }
  }
  if (session.json) {
    session.out
        << nlohmann::json{{"closed_by_crash", closed}, {"damaged", deployment->recovered().damaged}}.dump(2)
        << "\n";
  } else if (deployment->recovered().segments == 0) {
    session.out << "no segment was left open\n";
  }
  for (const std::string& advice : ResealAdvice(*deployment)) session.err << advice << "\n";
  if (deployment->recovered().damaged == 0) return Done{};
  return StorageError(
      fmt::format("{} segment(s) have a journal other than the ledger names: look-ups there end "
                  "at \"store incomplete\"; bring back the journal from a copy",
                  deployment->recovered().damaged));
}

Status VerifyBlock(const seal::Box& box, const SegmentId& segment, const seal::BlockLeaf& leaf,
                   std::uint64_t number) {
  const std::optional<Buffer> sealed = TRY(box.Read(seal::BlockKey(segment, leaf.token, leaf.position)));
  if (!sealed) return StorageError(fmt::format("store incomplete: block {} is missing", number));
  if (crypto::Sha256(*sealed) == leaf.sealed_digest) return Done{};
  return CryptoError(fmt::format("block {} was altered", number));
}

// Page by page, so that memory does not grow with the segment.
Status VerifyBlocks(const seal::Box& box, const seal::SegmentInfo& info, std::uint64_t* blocks) {
  seal::LeafCache cache;
  const seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(box, info, &cache));
  std::uint64_t number = 0;
  for (std::size_t page = 0; page < leaves.pages(); ++page) {
    const std::shared_ptr<const seal::HeldPage> held = TRY(leaves.Page(page));
    for (const seal::BlockLeaf& leaf : held->leaves) {
      const std::uint64_t at = number++;
      if (seal::IsSentinel(leaf)) continue;
      TRY(VerifyBlock(box, info.id, leaf, at));
      ++*blocks;
    }
  }
  return Done{};
}

Status Verify(Session& session, const VerifyOptions& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  if (!options.out.empty()) return AskToVerify(session, *deployment, options.segments, options.out);
  std::uint64_t segments = 0;
  std::uint64_t blocks = 0;
  std::optional<Error> first;
  for (const seal::SegmentInfo& info : deployment->manifest().All()) {
    if (info.state != seal::SegmentState::kClosed) continue;
    ++segments;
    const Status verified = VerifyBlocks(deployment->box(), info, &blocks);
    if (verified.ok()) continue;
    const Error error = verified.error().Within("segment " + info.id.text());
    session.err << "probatio: " << error.what() << "\n";
    if (!first) first = error;
  }
  if (first) return *first;
  session.out << segments << " segments, " << blocks << " sealed blocks: all there, all as committed to\n";
  return Done{};
}

struct WouldPurge {
  keep::PurgePlan plan;
  std::uint64_t subjects = 0;
  std::uint64_t subjects_held = 0;
};

Result<WouldPurge> PlanOf(Deployment& deployment, std::span<const keep::Pin> pins) {
  const Instant now = deployment.clock().Now();
  WouldPurge would;
  would.plan = keep::PlanPurge(deployment.manifest(), deployment.retention(), pins, now);
  for (const record::RecordClass record_class :
       {record::RecordClass::kAccount, record::RecordClass::kIdentity}) {
    const std::vector<keep::Lifetime> expired =
        TRY(keep::ExpiredSubjects(deployment.subjects(), deployment.retention(), record_class, now));
    (keep::AreSubjectsPinned(pins, record_class) ? would.subjects_held : would.subjects) += expired.size();
  }
  return would;
}

Status DryRun(Session& session, Deployment& deployment, std::span<const keep::Pin> pins) {
  const WouldPurge would = TRY(PlanOf(deployment, pins));
  nlohmann::json segments = nlohmann::json::array();
  for (const keep::KeyPurge& key : would.plan.keys) {
    for (const seal::SegmentInfo& info : key.go) {
      segments.push_back(info.id.text());
      if (!session.json) PrintSegment(session.out, info, false);
    }
  }
  if (session.json) {
    const nlohmann::json result = {{"would_purge", segments},
                                   {"held", would.plan.held},
                                   {"subjects", would.subjects},
                                   {"subjects_held", would.subjects_held}};
    session.out << result.dump(2) << "\n";
    return Done{};
  }
  session.out << "would purge " << segments.size() << " segments and the keys of " << would.subjects
              << " subjects; holds keep " << would.plan.held << " expired segments and "
              << would.subjects_held << " subjects\nnothing was changed\n";
  return Done{};
}

void PrintPurged(Session& session, const keep::PurgeResult& result) {
  if (session.json) {
    nlohmann::json purged = nlohmann::json::array();
    for (const SegmentId& id : result.purged) purged.push_back(id.text());
    const nlohmann::json printed = {{"purged", purged},
                                    {"held", result.held},
                                    {"erasure_keys", result.keys},
                                    {"subjects", result.subjects},
                                    {"subjects_held", result.subjects_held},
                                    {"unreachable", result.unreachable},
                                    {"complete", result.unreachable.empty()}};
    session.out << printed.dump(2) << "\n";
    return;
  }
  session.out << "purged " << result.purged.size() << " segments and " << result.subjects
              << " subjects; destroyed " << result.keys << " erasure keys\n";
  if (result.held + result.subjects_held != 0) {
    session.out << "holds keep " << result.held << " expired segments and " << result.subjects_held
                << " subjects\n";
  }
}

Status Purge(Session& session, bool dry_run) {
  const std::unique_ptr<Deployment> opened = TRY(Deployment::Open(session.config));
  Deployment& deployment = *opened;
  if (!dry_run) TRY(ReleaseLapsed(session, deployment));
  const std::vector<keep::Pin> pins = TRY(PinsOf(deployment));
  if (dry_run) return DryRun(session, deployment, pins);
  const keep::PurgeResult result =
      TRY(keep::Purge({deployment.box(), deployment.ledger(), deployment.manifest(), deployment.journals(),
                       deployment.subjects(), deployment.vault(), deployment.items(), deployment.retention(),
                       deployment.clock(), deployment.random()},
                      pins));
  TRY(keep::QuarantineShelf(QuarantineOf(deployment)).RemoveExpired());
  PrintPurged(session, result);
  if (result.unreachable.empty()) return Done{};
  std::string folders;
  for (const std::string& folder : result.unreachable) folders += "\n  " + folder;
  return StorageError(
      "purge incomplete: in these folders of the vault keys may still lie that must go, or miss that must "
      "stay; make them reachable and purge again:" +
      folders);
}

}  // namespace

void AddWindow(CLI::App& app, Session& session) {
  CLI::App* window = app.add_subcommand("window", "the sealed windows");
  window->require_subcommand(1);
  CLI::App* list = window->add_subcommand("list", "every segment and its state");
  OnRun(list, session, [&session] { return List(session); });
  CLI::App* verify =
      window->add_subcommand("verify", "hold every sealed block against the ledger, without any key");
  auto options = std::make_shared<VerifyOptions>();
  verify->add_option("--out", options->out,
                     "instead, a request to the custodians: with the keys, down to every commitment");
  verify->add_option("--segment", options->segments, "with --out: which segments");
  OnRun(verify, session, [&session, options] { return Verify(session, *options); });
  CLI::App* close = window->add_subcommand("close", "close what a dead run left open, and say how");
  OnRun(close, session, [&session] { return Close(session); });
  AddWindowReseal(*window, session);
  CLI::App* purge = window->add_subcommand("purge", "destroy what is past its retention and held by nothing");
  auto dry_run = std::make_shared<bool>(false);
  purge->add_flag("--dry-run", *dry_run, "say what would go, and change nothing");
  OnRun(purge, session, [&session, dry_run] { return Purge(session, *dry_run); });
}

}  // namespace probatio::cli
