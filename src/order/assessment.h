// The order checked against the law, line by line and item by item, never as a whole. Pure; thread-safe.
#pragma once

#include <map>

#include "order/order.h"
#include "record/record.h"

namespace probatio::order {

enum class Holding : std::uint8_t {
  kRetained,
  kPartly,
  kOutside,
  kNotDescribed,  // the regime does not know what was kept in those days
  kNoData         // nothing is filed under such a selector: a statement that no data are held
};                // is the period within what may still be kept
std::string_view ToText(Holding holding);  // "retained", "partly", "outside", "not_described", "no_data_held"

// What the order's own hold keeps for it past the days of the rules, and for no other order: for a line and a
// class of records the instant since which they are held. Whatever could be used then can still be.
using OwnHold = std::map<std::pair<std::string, record::RecordClass>, Instant>;

struct ItemAssessment {
  std::string line;  // "L2"
  std::string item;
  law::LineVerdict law;
  Holding holding = Holding::kRetained;
  std::optional<Period> kept;  // the part of the line's period that may still be used; absent when kOutside
  std::optional<Instant> held_since;  // when `kept` goes beyond the rules of today: by the order's own hold
  std::string retention_reference;    // empty when no rule lets the category be kept
  law::Verdict by_rule = law::Verdict::kHuman;  // what the rules alone say, before the decision is obeyed
  law::Effect effect =
      law::Effect::kDisclose;               // kPreserve: `law` refuses disclosure, `by_rule` judges the hold
  law::Answer granted = law::Answer::kYes;  // by the operative part
  std::optional<Instant> not_before;        // release waits for the end of a notification period
  std::vector<std::string> choices;         // for kHuman: what the person may choose
  std::vector<std::string> notes;           // readings that counsel should know of
};

struct ConditionAssessment {
  std::string condition;  // "no_trial", "legitimate_reason", "evidential_interest", "admissible"
  law::Answer court = law::Answer::kUnknown;
  std::string quote;
  int page = 0;
  law::Answer our_check = law::Answer::kUnknown;  // our own consistency check; never overrides the court
  std::string note;
  std::string_view Verdict() const;  // "met", "not_met", "human"
};

// What the regime wants a paper of the instrument to say, and whether this one does.
struct MentionAssessment {
  std::string id;
  law::Answer stated = law::Answer::kUnknown;
  bool blocks = false;
  std::string title_en;
  std::string reference;
};

// How long an instrument that only preserves does so.
struct Preservation {
  Instant from;
  std::optional<Instant> until;           // absent: the text sets no duration, or production was confirmed
  std::optional<Instant> extended_until;  // absent: no extension is foreseen
};

struct Assessment {
  std::string instrument;  // its id in the regime; as written where the regime does not know it
  std::string profile;
  std::string issuer;  // kind, stated or told by the court's name; may be empty
  Instant at;
  std::vector<ConditionAssessment> conditions;
  std::vector<ItemAssessment> items;         // in the order of lines and items
  std::optional<law::TimeLimit> time_limit;  // absent while the order is not served
  std::vector<std::string> defects;          // what keeps the order from being enforceable, in words
  std::vector<std::string> warnings;         // what a person should look at, in words
  std::vector<MentionAssessment> mentions;
  std::optional<Preservation> preservation;
};

// An enforceable decision is not edited: where a rule would refuse what the operative part grants, the item
// becomes kHuman with the divergence stated; content stays refused, for it is never among retained data. An
// open-ended line is a closed list by reference: each of its items has its own verdict, and express-only
// items never come in through it. "Other accounts" are kHuman. What is found behind a tuple also needs the
// gate of the address, else kHuman. An instrument that only preserves discloses nothing.
Assessment Assess(const Order& order, const law::Regime& regime, const std::string& provider_profile,
                  Instant now, const OwnHold& hold = {});

std::string ToJson(const Assessment& assessment);  // stable, docs/formats/order.md

}  // namespace probatio::order
