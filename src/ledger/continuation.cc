#include "ledger/continuation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "crypto/merkle.h"

namespace probatio::ledger {
namespace {

// The next line; nothing when the text ends before its newline.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<std::uint64_t> OldSize(std::optional<std::string_view> line) {
  constexpr std::string_view kOld = "old ";
  if (!line.has_value() || !line->starts_with(kOld)) return Invalid("continuation: line 1: not \"old SIZE\"");
  const std::string_view digits = line->substr(kOld.size());
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc() || end != digits.data() + digits.size() || leading_zero)
    return Invalid("continuation: line 1: not a tree size");
  return size;
}

}  // namespace

std::string WriteContinuation(const Continuation& continuation) {
  std::string text = fmt::format("old {}\n", continuation.old_size);
  for (const crypto::Digest& digest : continuation.proof) text += ToBase64(digest) + "\n";
  return text + "\n" + continuation.checkpoint;
}

Result<Continuation> ParseContinuation(std::string_view text) {
  if (text.size() > kContinuationBytesMax)
    return Invalid(fmt::format("continuation: longer than {} octets", kContinuationBytesMax));
  Continuation continuation;
  continuation.old_size = TRY(OldSize(TakeLine(text)));
  for (std::size_t number = 2;; ++number) {
    const std::optional<std::string_view> line = TakeLine(text);
    if (!line.has_value()) return Invalid("continuation: no blank line after the proof");
    if (line->empty()) break;
    const Result<Buffer> bytes = FromBase64(*line);
    crypto::Digest digest{};
    if (!bytes.ok() || bytes.value().size() != digest.size())
      return Invalid(fmt::format("continuation: line {}: not a digest in Base64", number));
    if (continuation.proof.size() == kConsistencyPathMax)
      return Invalid(fmt::format("continuation: more than {} digests", kConsistencyPathMax));
    std::copy(bytes.value().begin(), bytes.value().end(), digest.begin());
    continuation.proof.push_back(digest);
  }
  continuation.checkpoint = std::string(text);
  return continuation;
}

Result<Checkpoint> VerifyContinuation(const Continuation& continuation, const Checkpoint& old,
                                      const std::string& verifier_key) {
  const Checkpoint now = TRY(OpenCheckpoint(continuation.checkpoint, verifier_key));
  if (continuation.old_size != old.size)
    return Invalid(fmt::format("continuation: begins at {} entries, the tree seen before has {}",
                               continuation.old_size, old.size));
  if (now.origin != old.origin) return CryptoError("continuation: of another ledger: " + now.origin);
  if (now.size < old.size)
    return CryptoError(fmt::format(
        "the ledger does not continue the tree seen before: {} entries now, {} then", now.size, old.size));
  if (old.size == 0) {
    if (!continuation.proof.empty()) return Invalid("continuation: a proof from an empty tree");
    return now;
  }
  const Status consistent =
      crypto::VerifyConsistency(old.size, now.size, continuation.proof, old.root, now.root);
  if (!consistent.ok())
    return CryptoError("the ledger does not continue the tree seen before: " + consistent.error().what());
  return now;
}

}  // namespace probatio::ledger
