// The station's side of a drill, and its answer's bytes. Keys are put together, held against their check
// values and wiped; only verdicts are written. Thread-safe.
#include <fmt/format.h>

#include "custody/answer_frame.h"
#include "custody/drill.h"
#include "custody/wrapped_key.h"

namespace probatio::custody {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kLabel = "probatio/custody-drill-answer/1";
constexpr std::size_t kDrillAnswerBytesMax = 1U << 20;

Buffer AssociatedData(const crypto::Digest& drill_digest) {
  ByteWriter data;
  data.Field(AsBytes(kLabel));
  data.Raw(drill_digest);
  return data.Take();
}

Status CheckLedger(const SentDrill& sent, const crypto::Digest& digest, const Anchors& anchors) {
  const Result<ledger::ProvedEntry> proved = ledger::VerifyEntry(sent.entry, anchors.ledger_key);
  if (!proved.ok()) return Denied("station: the drill is not in the ledger: " + proved.error().what());
  const ledger::Entry& entry = proved.value().entry;
  const auto field = entry.fields.find("digest");
  if (entry.type != "custody_drill" || field == entry.fields.end() || field->second != ToHex(digest)) {
    return Denied("station: the ledger entry is not of this drill");
  }
  return Done{};
}

struct OpenedShare {
  Share share;
  crypto::Digest fingerprint{};
};

bool Fits(const std::vector<Share>& shares, const crypto::Digest& check) {
  const Key key = Combine(shares);
  return crypto::Equal(seal::WindowKeys::CheckValue(key), check);
}

// Every share is tried, not only the first m: what is never opened is never known to work.
void JudgeTogether(const Wrapped& wrapped, const std::vector<OpenedShare>& opened, DrillVerdict* verdict) {
  if (opened.size() < wrapped.needed) return;
  std::vector<Share> base;
  for (std::size_t i = 0; i < wrapped.needed; ++i) {
    base.push_back({opened[i].share.number, opened[i].share.value.Clone()});
  }
  verdict->opened = Fits(base, wrapped.check);
  // When the first m do not fit, which of them is wrong cannot be told: all are named.
  for (std::size_t i = 0; i < opened.size(); ++i) {
    if (verdict->opened && i >= wrapped.needed) {
      base.back() = {opened[i].share.number, opened[i].share.value.Clone()};
    }
    if (!Fits(base, wrapped.check)) verdict->failed.push_back(opened[i].fingerprint);
  }
}

Result<DrillVerdict> Judge(const DrillSegment& asked, std::span<const CustodianKey> present) {
  const Wrapped wrapped = TRY(ParseWrapped(asked.wrapped));
  const crypto::Digest context = crypto::Sha256(SegmentContext(asked.segment));
  DrillVerdict verdict;
  verdict.segment = asked.segment;
  std::vector<OpenedShare> opened;
  for (std::size_t i = 0; i < wrapped.shares.size(); ++i) {
    const crypto::Digest& fingerprint = wrapped.shares[i].fingerprint;
    const CustodianKey* const custodian = FindPresent(present, fingerprint);
    if (custodian == nullptr) {
      verdict.absent.push_back(fingerprint);
      continue;
    }
    Result<Share> share =
        OpenShare(*custodian, wrapped.shares[i].envelope, static_cast<std::uint8_t>(i + 1), context);
    if (share.ok()) {
      opened.push_back({std::move(share).value(), fingerprint});
    } else {
      verdict.failed.push_back(fingerprint);
    }
  }
  JudgeTogether(wrapped, opened, &verdict);
  return verdict;
}

void Put(ByteWriter* out, const std::vector<crypto::Digest>& fingerprints) {
  out->U8(static_cast<std::uint8_t>(fingerprints.size()));
  for (const crypto::Digest& fingerprint : fingerprints) out->Raw(fingerprint);
}

Result<std::vector<crypto::Digest>> ReadFingerprints(ByteReader* in) {
  const std::uint8_t count = TRY(in->U8());
  if (count > kCustodiansMax) return Invalid("more custodians than there can be");
  std::vector<crypto::Digest> fingerprints(count);
  for (crypto::Digest& fingerprint : fingerprints) {
    const Bytes bytes = TRY(in->Raw(fingerprint.size()));
    std::copy(bytes.begin(), bytes.end(), fingerprint.begin());
  }
  return fingerprints;
}

Result<DrillVerdict> ReadVerdict(ByteReader* in) {
  DrillVerdict verdict;
  const Bytes segment = TRY(in->Field());
  verdict.segment = TRY(SegmentId::Parse(AsText(segment)));
  const std::uint8_t opened = TRY(in->U8());
  if (opened > 1) return Invalid("a verdict that is neither yes nor no");
  verdict.opened = opened == 1;
  verdict.failed = TRY(ReadFingerprints(in));
  verdict.absent = TRY(ReadFingerprints(in));
  return verdict;
}

Result<std::vector<DrillVerdict>> ReadVerdicts(Bytes plain) {
  ByteReader in(plain);
  const std::uint8_t version = TRY(in.U8());
  if (version != kVersion) return Invalid(fmt::format("version {}: unknown", version));
  const std::uint32_t count = TRY(in.U32());
  if (count > kDrillSegmentsMax) return Invalid("more verdicts than a drill can ask for");
  std::vector<DrillVerdict> verdicts;
  for (std::uint32_t i = 0; i < count; ++i) {
    DrillVerdict verdict = TRY(ReadVerdict(&in));
    verdicts.push_back(std::move(verdict));
  }
  TRY(in.End());
  return verdicts;
}

}  // namespace

Result<Buffer> AnswerDrill(std::string_view sent_drill_json, const Anchors& anchors,
                           std::span<const CustodianKey> present, Random& random) {
  const SentDrill sent = TRY(SentDrillFromJson(sent_drill_json));
  const Drill drill = TRY(DrillFromJson(sent.drill_json));
  const crypto::Digest digest = crypto::Sha256(AsBytes(sent.drill_json));
  TRY(CheckLedger(sent, digest, anchors));
  if (drill.provider != anchors.provider) return Denied("station: the drill is of another provider");
  ByteWriter plain;
  plain.U8(kVersion);
  plain.U32(static_cast<std::uint32_t>(drill.segments.size()));
  for (const DrillSegment& asked : drill.segments) {
    const DrillVerdict verdict = TRY_IN("station: segment " + asked.segment.text(), Judge(asked, present));
    plain.Field(AsBytes(verdict.segment.text()));
    plain.U8(verdict.opened ? 1 : 0);
    Put(&plain, verdict.failed);
    Put(&plain, verdict.absent);
  }
  const Buffer box = crypto::SealTo(drill.reply_key, plain.bytes(), AssociatedData(digest), random);
  return FrameAnswer(AnswerKind::kDrill, digest, box);
}

Result<std::vector<DrillVerdict>> OpenDrillAnswer(const Key& reply_private,
                                                  const crypto::Digest& drill_digest, Bytes answer) {
  if (answer.size() > kDrillAnswerBytesMax) return Invalid("drill answer: longer than 1 MiB");
  const FramedAnswer framed = TRY_IN("drill answer", ReadAnswerFrame(AnswerKind::kDrill, answer));
  if (framed.asked != drill_digest) return CryptoError("drill answer: is for another drill");
  const Secret plain =
      TRY_IN("drill answer", crypto::OpenWith(reply_private, framed.box, AssociatedData(drill_digest)));
  return TRY_IN("drill answer", ReadVerdicts(plain.reveal()));
}

}  // namespace probatio::custody
