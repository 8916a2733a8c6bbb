#include "questions.h"

#include <algorithm>
#include <map>

#include "random.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kBatch = 65'536;

template <class Visit>
void ForEachRow(const Trace& trace, Visit visit) {
  const std::unique_ptr<SessionStream> rows = trace.Sessions();
  std::vector<Session> batch;
  while (rows->Next(kBatch, &batch)) {
    for (const Session& row : batch) visit(row);
  }
}

// Any row with the same chance (Vitter's algorithm R).
std::vector<Session> Sample(const Trace& trace, std::size_t count, Dice& dice) {
  std::vector<Session> sample;
  std::uint64_t seen = 0;
  ForEachRow(trace, [&](const Session& row) {
    ++seen;
    if (sample.size() < count) {
      sample.push_back(row);
    } else if (const std::uint64_t place = dice.Below64(seen); place < count) {
      sample[place] = row;
    }
  });
  return sample;
}

Question HitOf(const Session& row, const Trace& trace, Dice& dice) {
  const auto length = static_cast<std::uint64_t>(row.end_ms - row.start_ms);
  const std::int64_t at_ms = row.start_ms + static_cast<std::int64_t>(dice.Below64(length));
  // An order names a port, not a block.
  const std::uint32_t in_block = trace.options().mode == Mode::kBlock ? dice.Below(kPortsPerBlock) : 0;
  return {0,         row.public_ip, static_cast<std::uint16_t>(row.port + in_block),
          row.proto, at_ms,         row.subscriber};
}

Question AnyMoment(const Trace& trace, Dice& dice) {
  const bool session = trace.options().mode == Mode::kSession;
  const Period period = trace.period();
  const auto length_ms = static_cast<std::uint64_t>((period.end - period.begin) / kNsPerMs);
  Question question;
  question.public_ip = kPublicBase + dice.Below(trace.addresses());
  question.port = static_cast<std::uint16_t>(kPortFirst + dice.Below(kPortsPerAddress));
  question.proto = session ? (dice.Below(2) == 0 ? 6 : 17) : 0;
  question.at_ms = period.begin.unix_ns() / kNsPerMs + static_cast<std::int64_t>(dice.Below64(length_ms));
  return question;
}

// Keeps, of random moments, those at which no row held the port.
std::vector<Question> DrawMisses(const Trace& trace, std::size_t count, Dice& dice) {
  const std::uint32_t ports_each = trace.options().mode == Mode::kBlock ? kPortsPerBlock : 1;
  const auto place_of = [&](std::uint32_t ip, std::uint32_t port, std::uint8_t proto) {
    return std::tuple(ip, (port - kPortFirst) / ports_each, proto);
  };
  std::multimap<std::tuple<std::uint32_t, std::uint32_t, std::uint8_t>, Question> moments;
  for (std::size_t i = 0; i < 4 * count; ++i) {
    const Question moment = AnyMoment(trace, dice);
    moments.emplace(place_of(moment.public_ip, moment.port, moment.proto), moment);
  }
  ForEachRow(trace, [&](const Session& row) {
    auto [moment, end] = moments.equal_range(place_of(row.public_ip, row.port, row.proto));
    while (moment != end) {
      const bool held = row.start_ms <= moment->second.at_ms && moment->second.at_ms <= row.end_ms;
      moment = held ? moments.erase(moment) : std::next(moment);
    }
  });
  std::vector<Question> misses;
  for (const auto& [place, moment] : moments) misses.push_back(moment);
  for (std::size_t i = misses.size(); i > 1; --i) {
    std::swap(misses[i - 1], misses[dice.Below(static_cast<std::uint32_t>(i))]);
  }
  misses.resize(std::min(count, misses.size()));
  return misses;
}

}  // namespace

Questions DrawQuestions(const Trace& trace, std::size_t hits, std::size_t misses) {
  Dice dice(trace.options().seed ^ 0x5EED);
  Questions questions;
  for (const Session& row : Sample(trace, hits, dice)) questions.hits.push_back(HitOf(row, trace, dice));
  questions.misses = DrawMisses(trace, misses, dice);
  std::size_t number = 0;
  for (Question& question : questions.hits) question.number = number++;
  for (Question& question : questions.misses) question.number = number++;
  return questions;
}

}  // namespace probatio::bench
