#include "evidence/proof_json.h"

#include <gtest/gtest.h>

#include "crypto/system_random.h"
#include "evidence/strict_json.h"
#include "ledger/memory_storage.h"
#include "record/example_records.h"
#include "seal/test_rows.h"

namespace probatio::evidence {
namespace {

using record::Face;

std::set<Face> AllFaces(const record::Record& record) {
  const std::vector<Face>& faces = record::FacesOf(record::KindOf(record));
  return {faces.begin(), faces.end()};
}

// One activity among others of its account, sealed, opened again and proved.
seal::ProvenRow ProvenActivity() {
  record::Activity activity;
  activity.origin.at.at = Instant::ParseRfc3339("2024-10-21T08:14:03.250Z").value();
  activity.origin.exporter = "front-1.example";
  activity.event = record::ActivityKind::kMessageSent;
  activity.source_ip = IpAddress::Parse("203.0.113.7").value();
  activity.source_port = 51234;
  activity.account = "u-77";
  activity.message = "m-900";

  crypto::SeededRandom random(1);
  const seal::Window window = seal::WindowOf(seal::Stream::kActivity, activity.origin.at.at);
  const SegmentId id = seal::MakeSegmentId(window, "00000001");
  seal::SegmentBuilder builder(id, window, crypto::RandomKey(random));
  EXPECT_TRUE(builder.Add(activity).ok());
  for (std::int64_t i = 1; i <= 40; ++i) {
    record::Activity other = activity;
    other.origin.at.at = activity.origin.at.at + i * kNsPerMinute;
    other.message.reset();
    EXPECT_TRUE(builder.Add(other).ok());
  }
  const seal::Token token = builder.keys().TokenOf(seal::ForAccount("u-77"));
  const seal::TokenKeys keys = builder.keys().KeysOf(token);
  const seal::SegmentImage image = builder.Build(random);
  const seal::LeafRange range = seal::FindToken(image.leaves, token);
  const seal::OpenedBlock block =
      seal::OpenBlock(id, image.leaves[range.first], keys, image.blocks[range.first - 1]).value();
  return {
      block.rows[0], id, window, seal::ProveRow(block, 0, seal::ProveLeaf(image.leaves, range.first)), {}};
}

std::string ErrorOf(const std::string& json) {
  const Result<seal::ProvenRow> row = ProvenRowFromJson(json);
  return row.ok() ? "accepted" : row.error().what();
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(ProvenRowJson, OfAWholeRowReadsBackAndEveryFaceStillVerifies) {
  const seal::ProvenRow row = ProvenActivity();
  const Result<seal::ProvenRow> read = ProvenRowFromJson(ProvenRowToJson(row, AllFaces(row.record)));
  ASSERT_TRUE(read.ok()) << read.error().what();
  EXPECT_EQ(read.value().record, row.record);
  EXPECT_EQ(read.value().segment, row.segment);
  EXPECT_EQ(read.value().window, row.window);
  ASSERT_EQ(read.value().proof->faces.size(), 3U);
  for (const seal::FaceOpening& face : read.value().proof->faces) {
    EXPECT_TRUE(seal::VerifyFace(read.value().record, face, *read.value().proof).ok());
  }
}

TEST(ProvenRowJson, HoldsNothingOfAHiddenFaceAndTheShownOneStillVerifies) {
  const seal::ProvenRow row = ProvenActivity();
  const std::string json = ProvenRowToJson(row, {Face::kWhat});
  for (const std::string hidden : {"u-77", "m-900", "front-1", "account"}) {
    EXPECT_EQ(json.find(hidden), std::string::npos) << hidden;
  }
  for (const seal::FaceOpening& face : row.proof->faces) {
    EXPECT_EQ(json.find(ToHex(face.salt)) != std::string::npos, face.face == Face::kWhat);
  }
  const seal::ProvenRow read = ProvenRowFromJson(json).value();
  ASSERT_EQ(read.proof->faces.size(), 1U);
  EXPECT_TRUE(seal::VerifyFace(read.record, read.proof->faces[0], *read.proof).ok());
}

TEST(ProvenRowJson, OfEveryKindAndFaceReadsBack) {
  for (const record::Record& record : record::ExampleRecords()) {
    seal::ProvenRow row = ProvenActivity();
    row.record = record;
    row.proof.reset();
    for (const Face face : record::FacesOf(record::KindOf(record))) {
      const Result<seal::ProvenRow> read = ProvenRowFromJson(ProvenRowToJson(row, {face}));
      ASSERT_TRUE(read.ok()) << read.error().what();
      EXPECT_EQ(record::KindOf(read.value().record), record::KindOf(record));
      EXPECT_EQ(record::FaceBytes(read.value().record, face), record::FaceBytes(record, face));
    }
  }
}

TEST(ProvenRowJson, OfAJournalRowCarriesItsBatchOnlyWithTheWholeRow) {
  seal::ProvenRow row = ProvenActivity();
  row.proof.reset();
  row.journal_batch = {1, 2, 3};
  EXPECT_EQ(ProvenRowFromJson(ProvenRowToJson(row, AllFaces(row.record))).value().journal_batch,
            row.journal_batch);
  EXPECT_TRUE(ProvenRowFromJson(ProvenRowToJson(row, {Face::kWho})).value().journal_batch.empty());
}

TEST(ProvenRowFromJson, NamesThePlaceOfWhatItRefuses) {
  const std::string json = ProvenRowToJson(ProvenActivity(), {Face::kWhat});
  EXPECT_EQ(ErrorOf(json), "accepted");
  EXPECT_EQ(ErrorOf(Replaced(json, R"({"kind")", R"({"hint":1,"kind")")), "proven row: 'hint': unknown key");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("last":)", R"("last":true,"last":)")),
            "proven row: key 'last' stands twice");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("row":0)", R"("row":4096)")), "proven row: proof.row: above 4095");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("row":0)", R"("row":-1)")),
            "proven row: proof.row: not a whole number");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("salt":")", R"("salt":"00)")),
            "proven row: proof.faces[0].salt: not 32 lower-case hexadecimal digits");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("revealed":["what"])", R"("revealed":["who"])")),
            "proven row: record: key \"at\": unknown");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("revealed":["what"])", R"("revealed":["what","what"])")),
            "proven row: revealed: not faces of the kind, in their order");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("kind":"activity")", R"("kind":"login")")),
            "proven row: kind: no such kind");
  EXPECT_EQ(ErrorOf(Replaced(json, R"("begin":"2024-10-21T00:)", R"("begin":"2024-10-21T01:)")),
            "proven row: window.begin: no window of the stream");
  EXPECT_EQ(ErrorOf(json + " x"), "proven row: syntax error at offset " + std::to_string(json.size() + 1));
  EXPECT_EQ(ErrorOf("[]"), "proven row: not an object");
}

TEST(ProvenRowFromJson, CutAnywhereOrWithAnyByteChangedIsRefusedOrSaysTheSame) {
  const seal::ProvenRow row = ProvenActivity();
  const std::string json = ProvenRowToJson(row, {Face::kWhat});
  for (std::size_t size = 0; size < json.size(); size += 7)
    EXPECT_NE(ErrorOf(json.substr(0, size)), "accepted");
  for (std::size_t i = 0; i < json.size(); ++i) {
    std::string altered = json;
    altered[i] = altered[i] == '0' ? '1' : '0';
    const Result<seal::ProvenRow> read = ProvenRowFromJson(altered);
    if (!read.ok() || !read.value().proof.has_value()) continue;
    // What is read is either as written, or fails to verify; or the change is in a name that no face covers.
    const seal::ProvenRow& got = read.value();
    const bool verifies = seal::VerifyFace(got.record, got.proof->faces[0], *got.proof).ok();
    const bool same = ProvenRowToJson(got, {Face::kWhat}) == json;
    const bool elsewhere = got.segment != row.segment || got.window != row.window ||
                           got.proof->segment_root != row.proof->segment_root;
    EXPECT_TRUE(!verifies || same || elsewhere) << "offset " << i;
  }
}

TEST(EntryProofJson, ReadsBackAndStillVerifies) {
  ledger::MemoryStorage storage;
  ledger::Ledger ledger =
      ledger::Ledger::Open(storage, "probatio.example/test", crypto::PrivateKey::GenerateEd25519()).value();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(
        ledger.Append({"order_received", Instant::FromUnixSeconds(i), {{"order", "O-" + std::to_string(i)}}})
            .ok());
  }
  const ledger::EntryProof proof = ledger.Prove(3).value();
  const std::string json = EntryProofToJson(proof);
  const Result<ledger::EntryProof> read = EntryProofFromJson(json);
  ASSERT_TRUE(read.ok()) << read.error().what();
  EXPECT_EQ(ledger::VerifyEntry(read.value(), ledger.verifier_key()).value().entry.fields.at("order"), "O-3");
  EXPECT_EQ(EntryProofFromJson(Replaced(json, "{", R"({"extra":0,)")).error().what(),
            "entry proof: 'extra': unknown key");
  EXPECT_EQ(EntryProofFromJson(Replaced(json, R"("index":3)", R"("index":"3")")).error().what(),
            "entry proof: index: not a whole number");
}

TEST(EntryProofFromJson, KeepsItsLimitOnThePath) {
  const auto json = [](std::size_t steps) {
    std::string path;
    for (std::size_t i = 0; i < steps; ++i) path += (i > 0 ? ",\"" : "\"") + std::string(64, 'a') + "\"";
    return R"({"checkpoint":"","entry":"","index":0,"path":[)" + path + "]}";
  };
  EXPECT_TRUE(EntryProofFromJson(json(kTreePathMax)).ok());
  EXPECT_EQ(EntryProofFromJson(json(kTreePathMax + 1)).error().what(),
            "entry proof: path: more than 64 entries");
}

TEST(ProvenRowFromJson, KeepsItsLimits) {
  const auto shape = [](std::size_t size) { return ErrorOf(std::string(size, 'x')); };
  EXPECT_EQ(shape(kProvenRowJsonBytesMax), "proven row: syntax error at offset 0");
  EXPECT_EQ(shape(kProvenRowJsonBytesMax + 1), "proven row: 100663297 bytes, more than 100663296");
  const auto with_levels = [](std::size_t levels) {
    seal::ProvenRow row = ProvenActivity();
    row.proof->faces[0].path.resize(levels);
    return ErrorOf(ProvenRowToJson(row, {Face::kWhat}));
  };
  EXPECT_EQ(with_levels(kWidePathMax), "accepted");
  EXPECT_EQ(with_levels(kWidePathMax + 1), "proven row: proof.faces[0].path: more than 13 entries");
  const auto with_children = [](std::size_t children) {
    seal::ProvenRow row = ProvenActivity();
    row.proof->faces[0].path = {std::vector<crypto::Digest>(children)};
    return ErrorOf(ProvenRowToJson(row, {Face::kWhat}));
  };
  EXPECT_EQ(with_children(seal::kWideTreeWidth - 1), "accepted");
  EXPECT_EQ(with_children(seal::kWideTreeWidth), "proven row: proof.faces[0].path[0]: more than 31 digests");
}

TEST(EntryProofFromJson, KeepsItsLimitOnBytes) {
  const auto error = [](std::size_t size) {
    return EntryProofFromJson(std::string(size, 'x')).error().what();
  };
  EXPECT_EQ(error(kEntryProofJsonBytesMax), "entry proof: syntax error at offset 0");
  EXPECT_EQ(error(kEntryProofJsonBytesMax + 1), "entry proof: 524289 bytes, more than 524288");
}

TEST(JsonObject, KeepsItsLimits) {
  const auto nested = [](std::size_t depth) {
    return R"({"x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_TRUE(JsonObject::Parse(nested(kStrictJsonDepthMax), "text", 1000).ok());
  EXPECT_EQ(JsonObject::Parse(nested(kStrictJsonDepthMax + 1), "text", 1000).error().what(),
            "text: nested deeper than 16");
  EXPECT_TRUE(JsonObject::Parse("{ }", "text", 3).ok());
  EXPECT_EQ(JsonObject::Parse("{  }", "text", 3).error().what(), "text: 4 bytes, more than 3");
  EXPECT_TRUE(DigestsFromHex(std::string(128, '0'), 2).ok());
  EXPECT_FALSE(DigestsFromHex(std::string(192, '0'), 2).ok());
  EXPECT_FALSE(DigestsFromHex(std::string(64, 'A'), 2).ok());
}

TEST(JsonObject, AllowsOneKeyInTwoObjectsButNotTwiceInOne) {
  EXPECT_TRUE(JsonObject::Parse(R"({"a":{"k":1},"b":{"k":1},"c":[{"k":1},{"k":2}]})", "text", 100).ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":{"k":1},"b":{"k":1,"k":1}})", "text", 100).ok());
  EXPECT_FALSE(JsonObject::Parse(R"({"a":1,"b":[{"a":1}],"a":1})", "text", 100).ok());
}

}  // namespace
}  // namespace probatio::evidence
