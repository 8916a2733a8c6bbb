// probatio window: the sealed windows. `verify` needs no key: it holds every sealed block against its
// segment's root.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "seal/box_key.h"
#include "seal/segment_leaves.h"

namespace probatio::cli {
namespace {

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  nlohmann::json list = nlohmann::json::array();
  for (const seal::SegmentInfo& info : deployment->manifest().All()) {
    if (session.json) {
      list.push_back({{"segment", info.id.text()},
                      {"stream", seal::ToText(info.window.stream)},
                      {"begin", info.window.period.begin.ToRfc3339()},
                      {"end", info.window.period.end.ToRfc3339()},
                      {"state", seal::ToText(info.state)},
                      {"late", info.late},
                      {"rows", info.rows},
                      {"lost_before", info.lost_before}});
      continue;
    }
    session.out << fmt::format(
        "{:48} {:16} {:8} rows{}{}\n", info.id.text(), seal::ToText(info.state), info.rows,
        info.late ? "  late" : "",
        info.lost_before != 0 ? fmt::format("  {} lost on the way", info.lost_before) : "");
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
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

Status Verify(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
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

}  // namespace

void AddWindow(CLI::App& app, Session& session) {
  CLI::App* window = app.add_subcommand("window", "the sealed windows");
  window->require_subcommand(1);
  CLI::App* list = window->add_subcommand("list", "every segment and its state");
  OnRun(list, session, [&session] { return List(session); });
  CLI::App* verify =
      window->add_subcommand("verify", "hold every sealed block against the ledger, without any key");
  OnRun(verify, session, [&session] { return Verify(session); });
}

}  // namespace probatio::cli
