// What the server asks of the custodians, and what they answer (docs/formats/custody.md). A request is a
// ledger entry before a share is opened; it carries the signed scope, a one-time key, the windows, and for
// every later step the proven rows of the step before. Values; thread-safe.
#pragma once

#include "crypto/sealed_box.h"
#include "ledger/ledger.h"
#include "resolve/reader.h"

namespace probatio::custody {

inline constexpr std::size_t kRequestBytesMax = 64U << 20;
inline constexpr std::size_t kQuestionsMax = 10'000;
inline constexpr std::size_t kSegmentsPerQuestionMax = 20'000;
inline constexpr std::size_t kStreamsMax = 6;                              // of one look-up
inline constexpr std::size_t kSentRequestBytesMax = 3 * kRequestBytesMax;  // the request as a text in JSON
inline constexpr std::size_t kAnswerBytesMax = 64U << 20;

inline constexpr char kRequestSchema[] = "probatio-custody-request/2";
inline constexpr char kSentRequestSchema[] = "probatio-custody-sent-request/1";

struct SegmentAsked {
  SegmentId segment;
  seal::Window window;
  bool crashed = false;  // closed by a crash: the journal's index key is asked for too
  Buffer wrapped;        // the wrapped window key, from the box
};

// A section of the order's own hold (docs/formats/hold.md): which class, and its wrapped key. Only a grant to
// disclose asks for one, when the windows no longer give what the order's hold kept.
struct HeldAsked {
  record::RecordClass record_class = record::RecordClass::kActivity;
  Buffer wrapped;
};

// One look-up. Window streams may stand together; a subject stream has a question of its own, because its
// rows open with the subject's key: of its segments only those closed by a crash are asked for, and only
// their index key.
struct Question {
  resolve::LookUp look_up;
  std::vector<SegmentAsked> segments;  // to be opened for the look-up's selector
  std::optional<ledger::EntryProof>
      because_closed;                            // the ledger's entry of how look_up.because's segment ended
  std::optional<SegmentAsked> because_segment;   // dead segment of a journal row: the station opens the batch
  std::optional<seal::SubjectHandle> subject;    // subject streams: whose key,
  Buffer subject_wrapped;                        // and its wrapped private half
  std::optional<HeldAsked> held = std::nullopt;  // then neither segments nor a subject
};

struct Request {
  std::string id;  // 32 hexadecimal digits
  Instant made_at;
  order::SignedScope signed_scope;
  crypto::BoxPublicKey reply_key{};  // one-time; its private half never leaves the server's memory
  std::vector<Question> questions;
};

std::string RequestToJson(const Request& request);
Result<Request> RequestFromJson(std::string_view json);  // kInvalid names the place

// The request as it travels: its JSON with the proof that the ledger holds its digest.
struct SentRequest {
  std::string request_json;
  ledger::EntryProof entry;  // type "custody_request", field "digest" = SHA-256 of request_json
};
std::string SentRequestToJson(const SentRequest& sent);
Result<SentRequest> SentRequestFromJson(std::string_view json);

// One opened (question, segment); of a subject stream also one without a segment, with the subject's key, and
// of a hold's section one alone.
struct Opened {
  std::uint32_t question = 0;
  SegmentId segment;
  seal::Token token{};
  seal::TokenKeys keys;  // window streams
  Key journal_index;     // only for segments closed by a crash; else zero
  Key subject_private;   // subject streams; else zero
  Key held_section;      // only for a hold's section, which stands under no segment; else zero
};

// The answer: the opened keys sealed to the request's one-time key, bound to the request's digest.
Buffer SealAnswer(const Request& request, const crypto::Digest& request_digest,
                  std::span<const Opened> opened, Random& random);
// kCrypto when the answer is not for this key and request, or was altered.
Result<std::vector<Opened>> OpenAnswer(const Key& reply_private, const crypto::Digest& request_digest,
                                       Bytes answer);

}  // namespace probatio::custody
