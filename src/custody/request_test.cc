#include "custody/request.h"

#include <gtest/gtest.h>

#include "custody/test_world.h"

namespace probatio::custody::test {
namespace {

Request ExampleRequest() {
  World world;
  world.Add(PlatformDay());
  CHECK(world.Read({ForMessage()}).ok());
  return RequestFromJson(SentRequestFromJson(world.custodians.last_sent).value().request_json).value();
}

std::string ErrorOf(const std::string& json) {
  const Result<Request> request = RequestFromJson(json);
  return request.ok() ? "accepted" : request.error().what();
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Request, ReadsBackAsItWasWritten) {
  const std::string json = RequestToJson(ExampleRequest());
  EXPECT_EQ(RequestToJson(RequestFromJson(json).value()), json);
}

TEST(RequestFromJson, NamesThePlaceOfWhatItRefuses) {
  const std::string json = RequestToJson(ExampleRequest());
  EXPECT_EQ(ErrorOf(json), "accepted");
  EXPECT_EQ(ErrorOf(Replaced(json, "{\"approvals\"", "{\"also\":1,\"approvals\"")),
            "request: 'also': unknown key");
  EXPECT_EQ(ErrorOf(Replaced(json, "\"crashed\":false", "\"crashed\":0")),
            "request: questions[0].segments[0].crashed: neither true nor false");
  EXPECT_EQ(ErrorOf(Replaced(json, "\"wrapped\":\"", "\"wrapped\":\"*")),
            "request: questions[0].segments[0].wrapped: not Base64");
  EXPECT_EQ(ErrorOf(Replaced(json, "\"stream\":\"activity\"", "\"stream\":\"activities\"")),
            "request: questions[0].segments[0].stream: no such stream");
  EXPECT_EQ(ErrorOf(Replaced(json, "\"crashed\":false", "\"crashed\":false,\"crashed\":true")),
            "request: key 'crashed' stands twice");
  EXPECT_EQ(ErrorOf(Replaced(json, "probatio-custody-request/2", "probatio-custody-request/1")),
            "request: schema: not probatio-custody-request/2");
  EXPECT_EQ(ErrorOf(Replaced(json, "\"selector\":\"05", "\"selector\":\"55")).substr(0, 30),
            "request: questions[0].selector");
}

// A request with as many questions, and segments in the first of them.
std::string Sized(std::size_t questions, std::size_t segments) {
  Request request = ExampleRequest();
  Question& first = request.questions[0];
  first.segments[0].wrapped.clear();
  first.segments.resize(segments, first.segments[0]);
  Question small = first;
  small.segments.clear();
  request.questions.resize(questions, small);
  return RequestToJson(request);
}

TEST(RequestFromJson, KeepsItsLimits) {
  EXPECT_EQ(ErrorOf(Sized(1, kSegmentsPerQuestionMax)), "accepted");
  EXPECT_EQ(ErrorOf(Sized(1, kSegmentsPerQuestionMax + 1)),
            "request: questions[0].segments: more than 20000 entries");
  EXPECT_EQ(ErrorOf(Sized(kQuestionsMax, 1)), "accepted");
  EXPECT_EQ(ErrorOf(Sized(kQuestionsMax + 1, 1)), "request: questions: more than 10000 entries");
  EXPECT_EQ(ErrorOf(Replaced(Sized(1, 1), "\"questions\":[{", "\"questions\":[],\"was\":[{")),
            "request: 'was': unknown key");
  EXPECT_EQ(ErrorOf(std::string(kRequestBytesMax, 'x')), "request: syntax error at offset 0");
  EXPECT_EQ(ErrorOf(std::string(kRequestBytesMax + 1, 'x')), "request: 67108865 bytes, more than 67108864");
}

TEST(RequestFromJson, KeepsItsLimitOnStreams) {
  Request request = ExampleRequest();
  request.questions[0].look_up.streams.assign(kStreamsMax, seal::Stream::kActivity);
  EXPECT_EQ(ErrorOf(RequestToJson(request)), "accepted");
  request.questions[0].look_up.streams.push_back(seal::Stream::kActivity);
  EXPECT_EQ(ErrorOf(RequestToJson(request)), "request: questions[0].streams: more than 6 entries");
}

TEST(SentRequest, KeepsTheExactTextOfTheRequest) {
  SentRequest sent;
  sent.request_json = "{\"text\":\"with \\\" and \\n and é\"}";
  sent.entry.index = 7;
  const SentRequest read = SentRequestFromJson(SentRequestToJson(sent)).value();
  EXPECT_EQ(read.request_json, sent.request_json);
  EXPECT_EQ(read.entry.index, 7U);
  EXPECT_FALSE(SentRequestFromJson("{}").ok());
}

TEST(SentRequest, KeepsItsLimitOnBytes) {
  const auto error = [](std::size_t size) {
    return SentRequestFromJson(std::string(size, 'x')).error().what();
  };
  EXPECT_EQ(error(kSentRequestBytesMax), "sent request: syntax error at offset 0");
  EXPECT_EQ(error(kSentRequestBytesMax + 1), "sent request: 201326593 bytes, more than 201326592");
}

TEST(OpenAnswer, RefusesEveryAlteredByteAndEveryCut) {
  crypto::SeededRandom random(3);
  const crypto::BoxKeyPair reply = crypto::MakeBoxKeyPair(random);
  Request request;
  request.reply_key = reply.public_key;
  std::vector<Opened> opened(2);
  opened[0].question = 4;
  opened[0].segment = SegmentId::Parse("activity-20241021T000000Z-00000001").value();
  opened[0].keys.block = crypto::RandomKey(random);
  opened[1].subject_private = crypto::RandomKey(random);
  const Buffer answer = SealAnswer(request, {}, opened, random);
  const std::vector<Opened> read = OpenAnswer(reply.private_key, {}, answer).value();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].question, 4U);
  EXPECT_EQ(read[0].segment, opened[0].segment);
  EXPECT_TRUE(crypto::Equal(read[0].keys.block.reveal(), opened[0].keys.block.reveal()));
  EXPECT_TRUE(read[1].segment.empty());
  EXPECT_TRUE(crypto::Equal(read[1].subject_private.reveal(), opened[1].subject_private.reveal()));
  for (std::size_t i = 0; i < answer.size(); ++i) {
    Buffer altered = answer;
    altered[i] ^= 0x80;
    EXPECT_FALSE(OpenAnswer(reply.private_key, {}, altered).ok());
    EXPECT_FALSE(OpenAnswer(reply.private_key, {}, Bytes(answer).first(i)).ok());
  }
}

TEST(OpenAnswer, KeepsItsLimitOnBytes) {
  const auto error = [](std::size_t size) { return OpenAnswer(Key(), {}, Buffer(size)).error().what(); };
  EXPECT_EQ(error(kAnswerBytesMax), "custody: answer: is no custodians' answer");
  EXPECT_EQ(error(kAnswerBytesMax + 1), "custody: answer: 67108865 bytes, more than 67108864");
}

}  // namespace
}  // namespace probatio::custody::test
