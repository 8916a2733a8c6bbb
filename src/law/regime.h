// A regime: the law as dated, readable rules (regimes/*.toml, docs/formats/regime.md). Code evaluates; it
// holds no article. Immutable once loaded; pure; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "law/civil_date.h"

namespace probatio::law {

inline constexpr std::size_t kRegimeBytesMax = 1U << 20;
inline constexpr std::size_t kRegimeTextBytesMax = 1000;
inline constexpr std::size_t kRegimeEntriesMax = 1000;  // of each kind: items, retention rules, rules, gates
inline constexpr std::size_t kRegimeListMax = 200;      // entries of one list

enum class Verdict : std::uint8_t { kRelease, kRefuse, kHuman };
std::string_view ToText(Verdict verdict);  // "release", "refuse", "human"
Result<Verdict> ParseVerdict(std::string_view text);

// How the text behind an entry was read: in the statute itself, in a source that cites it, from knowledge, or
// from knowledge that must be verified first. Never stated by an entry that does not say.
enum class Confidence : std::uint8_t { kUnstated, kText, kSource, kKnowledge, kWeak };
std::string_view ToText(Confidence confidence);  // "", "text", "source", "knowledge", "weak"
Result<Confidence> ParseConfidence(std::string_view text);

// Where the law is open: a person decides, and both readings are named.
struct OpenPoint {
  std::string id;                     // "A1"; empty: not open
  std::vector<std::string> readings;  // two at least when `id` is not empty
};

// What starts a retention clock.
enum class RetentionStart : std::uint8_t { kEvent, kContractEnd, kAccountClosed };

struct Item {
  std::string id;        // "phone", "source_ip", ...: the words of docs/formats/order.md
  std::string category;  // "ID", "ACC", "PAY", "CON", "TRA", "LOC", "CNT"
  std::string title_fr;
  std::string title_en;
  bool express_only = false;   // never released under an open-ended line (passwords)
  std::string reference = {};  // where the item is listed
  Confidence confidence = Confidence::kUnstated;
  OpenPoint open = {};                 // said beside the verdict; it is the rules that decide
  std::vector<std::string> also = {};  // categories under the regimes that build on this one
};

// Whose signature an instrument may carry. A court is recognised by its name.
struct Issuer {
  std::string id;    // "civil_court", "prosecutor"
  std::string is_a;  // a wider kind that it belongs to; may be empty
  std::string title_fr;
  std::string title_en;
  std::vector<std::string> names;  // whole words, without accents, in lower case: any of them names this kind
  std::string reference;
};

// What an instrument may do: give data out, or only keep them from deletion.
enum class Effect : std::uint8_t { kDisclose, kPreserve };
std::string_view ToText(Effect effect);  // "disclose", "preserve"

// Who tells the person concerned that data were given out.
enum class UserNotice : std::uint8_t {
  kHuman,      // the text does not say: a person decides
  kAddressee,  // the addressee, when effect is given at the latest
  kLeave,      // the addressee, with the authority's leave only
  kNever,      // the authority itself, never the addressee
};
std::string_view ToText(UserNotice notice);  // "human", "addressee", "leave", "never"

// What lets a decision be enforced before it has final force.
enum class Force : std::uint8_t {
  kStated,    // its own words, or nothing
  kByLaw,     // the law, whatever it says (référé)
  kOnMinute,  // production of the minute: neither service nor executory formula is waited for (requête)
};
std::string_view ToText(Force force);  // "stated", "by_law", "on_minute"

struct Instrument {
  std::string id;                    // "fr.cpc145.refere"
  std::string family;                // rules may name it instead of its members; may be empty
  std::vector<std::string> aliases;  // other spellings in order files
  std::string title_fr;
  std::string title_en;
  Effect effect = Effect::kDisclose;
  bool decision = false;         // a decision that its addressee may obey or attack, never edit
  bool needs_service = false;    // binds from its service; else from its receipt
  Force force = Force::kStated;  // only with needs_service
  bool four_conditions = false;  // CPC 145
  std::string implied_purpose;   // where the paper states none
  int preserve_days = 0;         // for kPreserve: how long at first; 0: the text sets none
  int extension_days = 0;        // once more, when the issuer asks
  UserNotice user_notice = UserNotice::kHuman;
  std::string user_notice_reference;  // of what is not kHuman
  bool urgent =
      false;  // one person may authenticate it where it states an emergency; a second confirms after
  int urgent_hours = 0;        // then the time limit; 0: the text sets no other
  int release_after_days = 0;  // what is notified to another authority waits for the end of so many days
  std::vector<std::string> issuers;  // kinds of issuer
  std::string reference;
  Confidence confidence = Confidence::kUnstated;
  CivilDate in_force_from;
  std::optional<CivilDate> in_force_to;
};

// What a paper of an instrument must say.
struct Mention {
  std::string id;
  std::vector<std::string> instruments;
  std::string title_fr;
  std::string title_en;
  bool blocks = false;  // a paper without it is answered by a person only
  std::string reference;
  Confidence confidence = Confidence::kUnstated;
};

// Whose reason it is that an instrument goes without effect. An addressee that has no ground of its own only
// says that another authority raised one.
enum class GroundOf : std::uint8_t { kAddressee, kEnforcingAuthority };
std::string_view ToText(GroundOf whose);  // "addressee", "enforcing_authority"

// Why an instrument may go without effect, as its text or its form lists it. A refusal names one; where a
// regime lists none, the reason in words is enough.
struct Ground {
  std::string id;  // "incomplete", "not_held"
  GroundOf whose = GroundOf::kAddressee;
  std::vector<std::string> instruments;
  std::string title_fr;
  std::string title_en;
  std::string reference;
  Confidence confidence = Confidence::kUnstated;
};

// A profession whose secrets the law protects, and the words by which an order betrays that it touches one.
struct Privilege {
  std::string id;  // "lawyer"
  std::string title_fr;
  std::string title_en;
  std::vector<std::string> names;
  std::string reference;
};

// A category of the regime that this one builds on, as this one calls it.
struct Mapping {
  std::string category;            // "CON", of the base
  std::vector<std::string> items;  // of the base; empty: every item of the category
  std::string to;                  // "IDENT_ONLY", of this one
  std::string reference;
};

struct RetentionRule {
  std::string id;
  std::string category;
  std::vector<std::string> profiles;  // empty: every profile
  RetentionStart start = RetentionStart::kEvent;
  int years = 0;
  int months = 0;
  bool needs_injunction = false;  // keeps only what happened while an injunction of its category was in force
  std::string reference;
  CivilDate in_force_from;
  std::optional<CivilDate> in_force_to;
  std::string title_fr = {};
  std::string title_en = {};
  Confidence confidence = Confidence::kUnstated;
  std::vector<std::string> kept_for = {};  // what the data are kept for, in words; no rule reads them
};

// A dated order to keep a category that may not be kept otherwise (CPCE L34-1 III: a decree of the Prime
// Minister, for a year at most). One marked weak keeps nothing. That it lapses does not shorten the life of
// what was recorded under it.
inline constexpr int kInjunctionMonthsMax = 12;
struct Injunction {
  std::string id;
  std::vector<std::string> categories;
  std::string reference;
  CivilDate in_force_from;
  CivilDate in_force_to;  // inclusive, and always stated: there is none without end
  std::string title_fr = {};
  std::string title_en = {};
  Confidence confidence = Confidence::kUnstated;
};

struct DisclosureRule {
  std::string id;
  std::vector<std::string> instruments;  // of the file, families written out
  std::vector<std::string> categories;   // or items, one of the two
  std::vector<std::string> items;
  std::vector<std::string> profiles;  // empty: every profile
  std::vector<std::string> purposes;  // empty: every purpose
  std::optional<std::string> gate;    // a gate decides; else `verdict`
  Verdict verdict = Verdict::kHuman;
  std::string reference;
  CivilDate in_force_from;
  std::optional<CivilDate> in_force_to;
  bool absolute = false;  // a refusal that no decision lifts: there is nothing to obey with
  OpenPoint open = {};
  std::string title_fr = {};
  std::string title_en = {};
  Confidence confidence = Confidence::kUnstated;
};

// A gate opens when every need holds and, if it names other gates, one of them opens. A need that fails ends
// at `otherwise`; a need of which nothing is known ends at a person.
struct Gate {
  std::string id;
  std::vector<std::string>
      needs;                     // words of needs.cc: "criminal_purpose", "an_offence", "serious_crime", ...
  int max_prison_years_min = 0;  // for "serious_crime" and "prison_years"
  Verdict otherwise = Verdict::kRefuse;
  std::string reference;
  std::vector<std::string> any_gate = {};  // gates that stand before this one in the file
  std::vector<std::string> issuers = {};   // for "issuer"
  OpenPoint open = {};
  std::string title_fr = {};
  std::string title_en = {};
  Confidence confidence = Confidence::kUnstated;
};

struct Regime {
  std::string id;  // "fr"
  std::string title;
  std::string as_of;   // state of the law, a date
  std::string digest;  // SHA-256 of the file, set by whoever loads it (law does no hashing); may be empty
  std::string builds_on = {};                    // id of the regime whose items and retention it shares
  std::optional<CivilDate> described_from = {};  // a decision of an earlier day is judged by no rule here
  std::map<std::string, Item> items;
  std::vector<RetentionRule> retention;
  std::vector<Injunction> injunctions;
  std::vector<DisclosureRule> rules;
  std::map<std::string, Gate> gates;
  std::vector<Issuer> issuers = {};  // the order is that of recognition: the first that matches
  std::vector<Instrument> instruments = {};
  std::vector<Mention> mentions = {};
  std::vector<Ground> grounds = {};
  std::vector<Privilege> privileges = {};
  std::vector<Mapping> mappings = {};

  // By id or by alias; null when the regime does not know it.
  const Instrument* FindInstrument(std::string_view name) const;
  const Issuer* FindIssuer(std::string_view kind) const;
  std::vector<Mention> MentionsOf(std::string_view instrument) const;  // by id
};

// kInvalid names line, key and reason: unknown instrument, item, gate or need, missing reference, overlapping
// or inverted dates, rules that contradict each other, unknown key.
Result<Regime> ParseRegime(std::string_view toml, const std::string& file_name);

// One regime of two: `regime` builds on `base`, whose retention and injunctions it takes over. Items of both
// are one, with the category of each. kInvalid when a mapping says otherwise than the two files.
Result<Regime> BuildOn(const Regime& base, const Regime& regime);

}  // namespace probatio::law
