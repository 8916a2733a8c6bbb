// probatio custody drill: the monthly proof that enough custodians still can open what is sealed.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <set>

#include "cli/custody_commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/station_folder.h"
#include "crypto/system_random.h"
#include "custody/answer_frame.h"
#include "custody/drill.h"
#include "seal/box_key.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string out;
  std::string drill;
  std::string station;
  std::string passphrase_file;
  std::string answer;
  std::size_t segments = 3;
};

// Follows from the deployment key and the drill's id, so that nothing secret waits on disk for the answer.
Key ReplyKey(const Key& deployment, const std::string& drill_id) {
  return crypto::Hkdf(deployment, {AsBytes("probatio custody drill/1"), AsBytes(drill_id)});
}

Result<custody::DrillSegment> SegmentOf(Deployment& deployment, const seal::SegmentInfo& info) {
  const std::optional<Buffer> wrapped = TRY(deployment.box().Read(seal::WrappedKeyOf(info)));
  if (!wrapped) return StorageError("store incomplete: the wrapped key of " + info.id.text() + " is missing");
  if (crypto::Sha256(*wrapped) != info.wrapped_digest) {
    return StorageError("store: the wrapped key of " + info.id.text() + " is not the one in the ledger");
  }
  Buffer inner = TRY(deployment.erasure().OpenSegment(info, *wrapped));
  return custody::DrillSegment{info.id, std::move(inner)};
}

Result<custody::Drill> MakeDrill(Deployment& deployment, std::size_t segments) {
  custody::Drill drill;
  std::array<std::uint8_t, 16> id{};
  deployment.random().Fill(id);
  drill.id = ToHex(id);
  drill.made_at = deployment.clock().Now();
  drill.provider = deployment.config().provider;
  drill.reply_key = crypto::BoxPublicOf(ReplyKey(deployment.keys().deployment, drill.id));
  for (const seal::SegmentInfo& info :
       custody::PickForDrill(deployment.manifest().All(), segments, deployment.random())) {
    custody::DrillSegment segment = TRY(SegmentOf(deployment, info));
    drill.segments.push_back(std::move(segment));
  }
  if (drill.segments.empty()) return NotFound("drill: no segment is closed yet");
  return drill;
}

std::string ListOf(const custody::Drill& drill) {
  std::string list;
  for (const custody::DrillSegment& segment : drill.segments) {
    list += (list.empty() ? "" : ",") + segment.segment.text();
  }
  return list;
}

Status Make(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const custody::Drill drill = TRY(MakeDrill(*deployment, options.segments));
  custody::SentDrill sent;
  sent.drill_json = custody::DrillToJson(drill);
  const std::uint64_t index =
      TRY(deployment->ledger().Append({"custody_drill",
                                       drill.made_at,
                                       {{"drill", drill.id},
                                        {"digest", ToHex(crypto::Sha256(AsBytes(sent.drill_json)))},
                                        {"segments", ListOf(drill)}}}));
  sent.entry = TRY(deployment->ledger().Prove(index));
  const std::string text = custody::SentDrillToJson(sent);
  TRY(WriteFile(options.out, AsBytes(text)));
  session.out
      << "wrote " << options.out << ": " << drill.segments.size()
      << " segment(s) drawn; carry it to the station, and bring back what `custody drill answer` writes\n";
  return Done{};
}

Status Answer(Session& session, const Options& options) {
  const std::string text = TRY(ReadText(options.drill, custody::kSentDrillBytesMax));
  const Station station = TRY(ReadStation(options.station, options.passphrase_file));
  crypto::SystemRandom random;
  const Buffer answer =
      TRY_IN(options.drill, custody::AnswerDrill(text, station.anchors, station.present, random));
  TRY(WriteFile(options.out, answer));
  session.out << "answered: " << options.out << " says which shares opened, and holds no key\n";
  return Done{};
}

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto found = entry.fields.find(name);
  return found == entry.fields.end() ? std::string() : found->second;
}

Result<ledger::Entry> DrillEntry(const ledger::Ledger& ledger, const crypto::Digest& digest) {
  const ledger::Entry* found = nullptr;
  for (const ledger::Entry& entry : ledger.entries()) {
    if (entry.type == "custody_drill" && FieldOf(entry, "digest") == ToHex(digest)) found = &entry;
    if (entry.type == "custody_drill_result" && found != nullptr &&
        FieldOf(entry, "drill") == FieldOf(*found, "drill")) {
      return Denied("the result of this drill is in the ledger already");
    }
  }
  if (found == nullptr) return NotFound("answers no drill of this deployment");
  return *found;
}

struct Summary {
  std::size_t opened = 0;
  std::set<std::string> failed;
  std::string segments;
};

std::string Joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

Summary Summarise(Session& session, const custody::Roster& roster,
                  const std::vector<custody::DrillVerdict>& verdicts) {
  Summary summary;
  for (const custody::DrillVerdict& verdict : verdicts) {
    std::set<std::string> failed;
    std::set<std::string> absent;
    for (const crypto::Digest& one : verdict.failed) failed.insert(roster.NameOf(one));
    for (const crypto::Digest& one : verdict.absent) absent.insert(roster.NameOf(one));
    summary.opened += verdict.opened ? 1 : 0;
    summary.failed.insert(failed.begin(), failed.end());
    summary.segments += (summary.segments.empty() ? "" : ",") + verdict.segment.text();
    session.out << fmt::format("{:48} {}{}{}\n", verdict.segment.text(),
                               verdict.opened ? "opened" : "NOT OPENED",
                               failed.empty() ? "" : "  share failed: " + Joined(failed),
                               absent.empty() ? "" : "  not at the station: " + Joined(absent));
  }
  return summary;
}

Status Enter(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const Buffer answer = TRY(ReadFile(options.answer, custody::kAnswerBytesMax));
  const custody::FramedAnswer framed =
      TRY_IN(options.answer, custody::ReadAnswerFrame(custody::AnswerKind::kDrill, answer));
  const ledger::Entry entry = TRY_IN(options.answer, DrillEntry(deployment->ledger(), framed.asked));
  const std::string id = FieldOf(entry, "drill");
  const std::vector<custody::DrillVerdict> verdicts =
      TRY_IN(options.answer,
             custody::OpenDrillAnswer(ReplyKey(deployment->keys().deployment, id), framed.asked, answer));
  const Summary summary = Summarise(session, deployment->roster(), verdicts);
  if (summary.segments != FieldOf(entry, "segments")) {
    return CryptoError(options.answer + ": judges other segments than were drawn");
  }
  TRY(deployment->ledger().Append({"custody_drill_result",
                                   deployment->clock().Now(),
                                   {{"drill", id},
                                    {"opened", std::to_string(summary.opened)},
                                    {"not_opened", std::to_string(verdicts.size() - summary.opened)},
                                    {"failed", Joined(summary.failed)}}}));
  session.out << fmt::format("{} of {} segments opened; entered in the ledger\n", summary.opened,
                             verdicts.size());
  if (summary.opened == verdicts.size() && summary.failed.empty()) return Done{};
  return Error(ErrorCode::kRefused,
               "drill: not every share opened; see docs/operate/keys.md, \"when a key is lost\", today");
}

}  // namespace

void AddCustodyDrill(CLI::App& custody, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* drill =
      custody.add_subcommand("drill", "prove that the custodians can still open what is sealed");
  drill->require_subcommand(1);

  CLI::App* make = drill->add_subcommand("make", "on the server: draw segments");
  make->add_option("--out", options->out, "the drill file")->required();
  make->add_option("--segments", options->segments, "how many")
      ->check(CLI::Range(std::size_t{1}, custody::kDrillSegmentsMax))
      ->capture_default_str();
  OnRun(make, session, [&session, options] { return Make(session, *options); });

  CLI::App* answer =
      drill->add_subcommand("answer", "on the station: open the shares, say only whether they did");
  answer->add_option("--drill", options->drill, "the drill file")->required();
  answer->add_option("--station", options->station, "the station's folder")->required();
  answer->add_option("--passphrase-file", options->passphrase_file, "for keys without a .passphrase file");
  answer->add_option("--out", options->out, "the answer file")->required();
  OnRun(answer, session, [&session, options] { return Answer(session, *options); });

  CLI::App* enter = drill->add_subcommand("enter", "on the server: the result into the ledger");
  enter->add_option("ANSWER", options->answer, "the answer file")->required();
  OnRun(enter, session, [&session, options] { return Enter(session, *options); });
}

}  // namespace probatio::cli
