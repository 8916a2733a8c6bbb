#include "custody/custody_request.h"

#include <fmt/format.h>

namespace probatio::custody {
namespace {

constexpr int kAppendTriesMax = 8;  // against other processes that append at the same time

std::string RandomId(Random& random) {
  std::array<std::uint8_t, 16> id{};
  random.Fill(id);
  return ToHex(id);
}

Request MakeRequest(const SealedReader::Parts& parts, const order::Grant& grant, const ReadPlan& plan,
                    const crypto::BoxPublicKey& reply_key) {
  Request request;
  request.id = RandomId(parts.random);
  request.made_at = parts.clock.Now();
  request.signed_scope = grant.signed_scope();
  request.reply_key = reply_key;
  for (const PlannedQuestion& planned : plan.questions) request.questions.push_back(planned.question);
  return request;
}

ledger::Entry EntryOf(const Request& request, const order::Grant& grant, const crypto::Digest& digest) {
  std::size_t segments = 0;
  for (const Question& question : request.questions) segments += question.segments.size();
  return {"custody_request",
          request.made_at,
          {{"order", grant.scope().order.text()},
           {"request", request.id},
           {"digest", ToHex(digest)},
           {"questions", std::to_string(request.questions.size())},
           {"segments", std::to_string(segments)}}};
}

// The entry stays true whatever others appended meanwhile, so after a refresh it is simply tried again.
Result<std::uint64_t> AppendEntry(ledger::Ledger& ledger, const ledger::Entry& entry) {
  for (int tries = 1;; ++tries) {
    const std::uint64_t size = ledger.size();
    Result<std::uint64_t> index = ledger.Append(entry);
    if (index.ok() || tries == kAppendTriesMax) return index;
    TRY(ledger.Refresh());
    if (ledger.size() == size) return index;
  }
}

}  // namespace

Status CheckGrant(const SealedReader::Parts& parts, const order::Grant& grant) {
  const order::Life life = TRY(parts.life_of(grant.scope().order));
  return order::StillHolds(grant, life, parts.clock.Now());
}

Result<std::vector<Opened>> AskCustodians(const SealedReader::Parts& parts, const order::Grant& grant,
                                          const ReadPlan& plan) {
  if (plan.questions.size() > kQuestionsMax) {
    return Invalid(fmt::format("custody: {} questions, more than {}", plan.questions.size(), kQuestionsMax));
  }
  const crypto::BoxKeyPair reply = crypto::MakeBoxKeyPair(parts.random);
  const Request request = MakeRequest(parts, grant, plan, reply.public_key);
  SentRequest sent;
  sent.request_json = RequestToJson(request);
  if (sent.request_json.size() > kRequestBytesMax) {
    return Invalid(fmt::format("custody: request of {} bytes, more than {}: ask for fewer lines at once",
                               sent.request_json.size(), kRequestBytesMax));
  }
  const crypto::Digest digest = crypto::Sha256(AsBytes(sent.request_json));
  const std::uint64_t index = TRY(AppendEntry(parts.ledger, EntryOf(request, grant, digest)));
  sent.entry = TRY(parts.ledger.Prove(index));
  const Buffer answer = TRY(parts.custodians.Exchange(SentRequestToJson(sent), request.id));
  return OpenAnswer(reply.private_key, digest, answer);
}

}  // namespace probatio::custody
