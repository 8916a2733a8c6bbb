// probatio window rebuild, merge, take: segments are sealed anew on the custodians' station
// (docs/operate/after-a-crash.md). The server lays what it has in a file, and takes in what comes back.
#include "cli/window_commands.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/deployment.h"
#include "cli/files.h"
#include "custody/reseal.h"
#include "keep/reseal_take.h"
#include "seal/box_key.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string out;
  std::string run;
  std::string answer;
  std::size_t over = keep::kSegmentsPerWindowMax;
};

// What the custodians wrapped: the wrapped key without its outer layer.
Result<Buffer> InnerKeyOf(Deployment& deployment, const seal::SegmentInfo& info) {
  const std::optional<Buffer> wrapped = TRY(deployment.box().Read(seal::WrappedKeyOf(info)));
  if (!wrapped || crypto::Sha256(*wrapped) != info.wrapped_digest) {
    return StorageError("store: the wrapped key of " + info.id.text() +
                        " is missing or not the one in the ledger");
  }
  return deployment.erasure().OpenSegment(info, *wrapped);
}

Result<std::string> MakeRequest(Deployment& deployment, custody::ResealKind kind,
                                const std::vector<seal::SegmentInfo>& segments) {
  custody::Reseal reseal;
  std::array<std::uint8_t, 16> id{};
  deployment.random().Fill(id);
  reseal.id = ToHex(id);
  reseal.made_at = deployment.clock().Now();
  reseal.provider = deployment.config().provider;
  reseal.kind = kind;
  reseal.run = TRY(keep::FreshRunName(deployment.ledger(), deployment.random()));
  reseal.padded = deployment.config().pad_network_blocks;
  for (const seal::SegmentInfo& info : segments) {
    custody::ResealSource source;
    source.segment = info.id;
    source.wrapped = TRY(InnerKeyOf(deployment, info));
    source.closed = TRY(deployment.ledger().Prove(info.closed_index));
    reseal.sources.push_back(std::move(source));
  }
  custody::SentReseal sent;
  sent.reseal_json = custody::ResealToJson(reseal);
  const keep::ResealAsked asked{reseal.id, std::string(custody::ToText(kind)), reseal.run, segments, false};
  const crypto::Digest digest = crypto::Sha256(AsBytes(sent.reseal_json));
  const std::uint64_t index =
      TRY(deployment.ledger().Append(keep::ResealAskedEntry(asked, digest, reseal.made_at)));
  sent.entry = TRY(deployment.ledger().Prove(index));
  return custody::SentResealToJson(sent);
}

Status Ask(Session& session, Deployment& deployment, custody::ResealKind kind, const keep::ResealPick& pick,
           const std::string& out) {
  for (const std::string& why : pick.passed_over) session.err << "passed over: " << why << "\n";
  if (pick.segments.empty()) return StorageError("reseal: none of these segments can be read whole");
  const std::string request = TRY(MakeRequest(deployment, kind, pick.segments));
  const Buffer file = TRY(seal::ResealFileBytes(request, pick.parts));
  TRY(WriteFile(out, file, Mode::kPrivate));
  if (session.json) {
    nlohmann::json segments = nlohmann::json::array();
    for (const seal::SegmentInfo& info : pick.segments) segments.push_back(info.id.text());
    const nlohmann::json result{{"request", out},
                                {"kind", custody::ToText(kind)},
                                {"segments", std::move(segments)},
                                {"passed_over", pick.passed_over.size()},
                                {"left", pick.left}};
    session.out << result.dump(2) << "\n";
    return Done{};
  }
  session.out << fmt::format(
      "wrote {}: {} segment(s) to {}, {} bytes, all sealed; entered in the ledger\n"
      "carry it to the custodians' station: probatio custody reseal --request FILE --station DIR --out "
      "ANSWER\n"
      "bring the answer back: probatio window take ANSWER; until then look-ups read the old segments\n",
      out, pick.segments.size(), custody::ToText(kind), file.size());
  if (pick.left != 0) session.out << pick.left << " more segment(s) need another request after this one\n";
  return Done{};
}

Status Rebuild(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  for (const keep::ResealGroup& group :
       keep::DeadRuns(deployment->manifest(), deployment->retention(), deployment->clock().Now())) {
    if (!options.run.empty() && keep::RunOf(group.front().id) != options.run) continue;
    const keep::ResealPick pick = TRY(keep::PickDead(group, deployment->journals()));
    if (pick.segments.empty()) {
      for (const std::string& why : pick.passed_over) session.err << "passed over: " << why << "\n";
      continue;
    }
    return Ask(session, *deployment, custody::ResealKind::kRebuild, pick, options.out);
  }
  return NotFound("no dead segment can be rebuilt; `probatio window list` shows which there are");
}

Status Merge(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<keep::ResealGroup> crowded =
      keep::CrowdedWindows(deployment->manifest(), deployment->retention(), deployment->clock().Now(),
                           std::max<std::size_t>(options.over, 1));
  if (crowded.empty())
    return NotFound(fmt::format("no window has more than {} closed segments", options.over));
  const keep::ResealPick pick = TRY(keep::PickClosed(crowded.front(), deployment->box()));
  return Ask(session, *deployment, custody::ResealKind::kMerge, pick, options.out);
}

Result<std::vector<Buffer>> KeysOfSources(Deployment& deployment, const keep::ResealAsked& asked) {
  std::vector<Buffer> keys;
  for (const seal::SegmentInfo& source : asked.sources) {
    Buffer key = TRY(InnerKeyOf(deployment, source));
    keys.push_back(std::move(key));
  }
  return keys;
}

void PrintTaken(Session& session, const keep::ResealAsked& asked,
                const std::vector<seal::SegmentInfo>& taken) {
  if (session.json) {
    nlohmann::json segments = nlohmann::json::array();
    for (const seal::SegmentInfo& info : taken) {
      segments.push_back({{"segment", info.id.text()}, {"root", ToHex(info.root)}, {"rows", info.rows}});
    }
    const nlohmann::json result{
        {"kind", asked.kind}, {"already", asked.taken}, {"segments", std::move(segments)}};
    session.out << result.dump(2) << "\n";
    return;
  }
  if (asked.taken) {
    session.out << "was taken in before; nothing is left to do\n";
    return;
  }
  if (asked.kind == "verify") {
    session.out << "the custodians opened " << asked.sources.size()
                << " segment(s): every commitment and root is as in the ledger; entered\n";
    return;
  }
  for (const seal::SegmentInfo& info : taken) {
    session.out << fmt::format("{:48} {:8} rows  root {}\n", info.id.text(), info.rows, ToHex(info.root));
  }
  session.out << taken.size() << " segment(s) hold the rows of " << asked.sources.size()
              << " old one(s), which are replaced and gone\n";
}

Status Take(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> opened = TRY(Deployment::Open(session.config));
  Deployment& deployment = *opened;
  const Buffer file = TRY(ReadFile(options.answer));
  seal::Resealed resealed = TRY_IN(options.answer, seal::ParseResealed(file));
  const keep::ResealAsked asked =
      TRY_IN(options.answer, keep::FindReseal(deployment.ledger(), deployment.manifest(), resealed.request));
  if (!asked.taken) {
    for (const seal::SegmentInfo& source : asked.sources) {
      if (source.state != seal::SegmentState::kReplaced && source.state != seal::SegmentState::kPurged)
        continue;
      return Denied(fmt::format("{}: segment {} is {} since the custodians were asked: ask again",
                                options.answer, source.id.text(), seal::ToText(source.state)));
    }
    const std::vector<Buffer> keys = TRY(KeysOfSources(deployment, asked));
    TRY_IN(options.answer, custody::CheckResealed(resealed, keys));
  }
  const std::vector<seal::SegmentInfo> taken =
      TRY_IN(options.answer, keep::TakeResealed({deployment.box(), deployment.ledger(), deployment.manifest(),
                                                 deployment.journals(), deployment.clock(),
                                                 [&](const SegmentId& segment, Bytes inner) {
                                                   return deployment.SealOuter(segment, inner);
                                                 }},
                                                asked, std::move(resealed)));
  PrintTaken(session, asked, taken);
  return Done{};
}

}  // namespace

Status AskToVerify(Session& session, Deployment& deployment, const std::vector<std::string>& segments,
                   const std::string& out) {
  keep::ResealGroup group;
  for (const std::string& text : segments) {
    const SegmentId id = TRY_IN("--segment", SegmentId::Parse(text));
    const std::optional<seal::SegmentInfo> info = deployment.manifest().Get(id);
    if (!info) return NotFound("segment " + text + ": not in the ledger");
    if (info->state != seal::SegmentState::kClosed || seal::IsSubjectStream(info->window.stream))
      return Invalid("segment " + text + ": only closed segments of window streams open with their own key");
    if (!group.empty() && group.front().window.stream != info->window.stream)
      return Invalid("segment " + text + ": of another stream; ask for one stream at a time");
    group.push_back(*info);
  }
  if (group.empty()) return Invalid("--out: name the segments with --segment");
  const keep::ResealPick pick = TRY(keep::PickClosed(group, deployment.box()));
  return Ask(session, deployment, custody::ResealKind::kVerify, pick, out);
}

std::vector<std::string> ResealAdvice(Deployment& deployment) {
  std::vector<std::string> advice;
  const Instant now = deployment.clock().Now();
  std::size_t dead = 0;
  for (const keep::ResealGroup& group : keep::DeadRuns(deployment.manifest(), deployment.retention(), now)) {
    dead += group.size();
  }
  if (dead != 0) {
    advice.push_back(fmt::format(
        "{} segment(s) of dead runs lie in journals, which every question reads: probatio window rebuild",
        dead));
  }
  const std::size_t crowded =
      keep::CrowdedWindows(deployment.manifest(), deployment.retention(), now, keep::kSegmentsPerWindowMax)
          .size();
  if (crowded != 0) {
    advice.push_back(fmt::format(
        "{} window(s) have more than {} segments, which slows their questions down: probatio window merge",
        crowded, keep::kSegmentsPerWindowMax));
  }
  return advice;
}

void AddWindowReseal(CLI::App& window, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* rebuild = window.add_subcommand(
      "rebuild", "ask the custodians to make blocks of a dead run's journal, under a new key");
  rebuild->add_option("--out", options->out, "the request file")->required();
  rebuild->add_option("--run", options->run, "of this run; else the earliest");
  OnRun(rebuild, session, [&session, options] { return Rebuild(session, *options); });

  CLI::App* merge =
      window.add_subcommand("merge", "ask the custodians to make one segment of the fullest window's many");
  merge->add_option("--out", options->out, "the request file")->required();
  merge->add_option("--over", options->over, "windows with more closed segments than this")
      ->capture_default_str();
  OnRun(merge, session, [&session, options] { return Merge(session, *options); });

  CLI::App* take = window.add_subcommand("take", "take in what the custodians sealed anew");
  take->add_option("ANSWER", options->answer, "the answer file")->required();
  OnRun(take, session, [&session, options] { return Take(session, *options); });
}

}  // namespace probatio::cli
