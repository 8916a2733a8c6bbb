// ReadTextFlow: "[1795482196.218910] [NEW] ipv4 2 tcp 6 120 SYN_SENT src=... dst=... sport=... [UNREPLIED]
// src=... dst=... sport=... dport=... id=...". What stands before the first pair goes by its place, the rest
// by its key; the second src begins the reply direction.
#include <array>

#include "decode/conntrack/flow.h"
#include "decode/conntrack/flow_value.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kLeadingWords = 4;  // ipv4 2 tcp 6; without -o extended: tcp 6

std::string_view TakeWord(std::string_view* text) {
  const std::size_t begin = text->find_first_not_of(" \t");
  if (begin == std::string_view::npos) return *text = {};
  text->remove_prefix(begin);
  const std::string_view word = text->substr(0, text->find_first_of(" \t"));
  text->remove_prefix(word.size());
  return word;
}

Result<ConntrackFlow::Event> EventOf(std::string_view tag) {
  if (tag == "[NEW]") return ConntrackFlow::Event::kNew;
  if (tag == "[UPDATE]") return ConntrackFlow::Event::kUpdate;
  if (tag == "[DESTROY]") return ConntrackFlow::Event::kDestroy;
  return Invalid("event: none of NEW, UPDATE, DESTROY");
}

class TextFlow {
 public:
  Result<ConntrackFlow> Read(std::string_view line) {
    std::string_view word = TakeWord(&line);
    if (word.size() > 2 && word[0] == '[' && word[1] >= '0' && word[1] <= '9') {
      flow_.stamped = TRY(ParseEpochTime(word.substr(1, word.find(']') - 1)));
      word = TakeWord(&line);
    }
    if (word.starts_with('[')) {
      flow_.event = TRY(EventOf(word));
      word = TakeWord(&line);
    }
    for (; !word.empty(); word = TakeWord(&line)) TRY(TakeOne(word));
    TRY(ReadProtocol());
    return Finish();
  }

 private:
  struct Tuple {
    std::optional<IpAddress> src;
    std::optional<IpAddress> dst;
    std::optional<std::uint16_t> sport;
    std::optional<std::uint16_t> dport;
    std::optional<std::uint16_t> id;
  };

  Status TakeOne(std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos) {
      const std::string_view key = word.substr(0, equals);
      TRY(TakePair(key, word.substr(equals + 1)));
      key_before_ = key;
    } else if (directions_ == 0 && leading_ < kLeadingWords) {
      words_[leading_++] = word;
    }
    return Done{};
  }

  Status TakePair(std::string_view key, std::string_view value) {
    if (key == "src") {
      if (directions_ == tuples_.size()) return Invalid("more than two directions");
      ++directions_;
    }
    if (key == "delta-time") {
      flow_.age_s = TRY(FlowNumber<std::uint32_t>(value, "delta-time"));
    } else if (key == "zone" || key == "zone-orig") {
      flow_.zone = TRY(FlowNumber<std::uint16_t>(value, "zone"));
    } else if (directions_ > 0) {
      TRY(TakeTuple(key, value, &tuples_[directions_ - 1]));
    }
    return Done{};
  }

  Status TakeTuple(std::string_view key, std::string_view value, Tuple* tuple) {
    if (key == "src") tuple->src = TRY(FlowAddress(value, "src"));
    if (key == "dst") tuple->dst = TRY(FlowAddress(value, "dst"));
    if (key == "sport") tuple->sport = TRY(FlowNumber<std::uint16_t>(value, "sport"));
    if (key == "dport") tuple->dport = TRY(FlowNumber<std::uint16_t>(value, "dport"));
    // The entry's own id, at the end of the line, has the same key.
    if (key == "id" && key_before_ == "code") tuple->id = TRY(FlowNumber<std::uint16_t>(value, "id"));
    return Done{};
  }

  Status ReadProtocol() {
    const bool extended = words_[0] == "ipv4" || words_[0] == "ipv6";
    flow_.proto = TRY(FlowNumber<std::uint8_t>(words_[extended ? 3 : 1], "protocol"));
    return Done{};
  }

  Result<ConntrackFlow> Finish() {
    const Tuple& original = tuples_[0];
    const Tuple& reply = tuples_[1];
    if (!original.src.has_value()) return Invalid("original direction: no src");
    if (!reply.dst.has_value()) return Invalid("reply direction: no dst");
    flow_.inside_ip = *original.src;
    flow_.inside_port = original.sport.has_value() ? original.sport : original.id;
    flow_.public_ip = *reply.dst;
    flow_.public_port = reply.dport.has_value() ? reply.dport : reply.id;
    return flow_;
  }

  ConntrackFlow flow_;
  std::array<std::string_view, kLeadingWords> words_{};
  std::size_t leading_ = 0;
  std::array<Tuple, 2> tuples_{};
  std::size_t directions_ = 0;
  std::string_view key_before_;
};

}  // namespace

Result<ConntrackFlow> ReadTextFlow(std::string_view line) {
  return TextFlow().Read(line);
}

}  // namespace probatio::decode
