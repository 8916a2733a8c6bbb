// An order as it was transcribed from the paper (docs/formats/order.md, schema probatio-order/1). Every
// transcribed field cites the page and the words it was read from; a second person confirms it. Values; pure;
// thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/ip_address.h"
#include "crypto/digest.h"
#include "law/evaluate.h"
#include "law/time_limit.h"
#include "order/formalities.h"
#include "order/statements.h"

namespace probatio::order {

inline constexpr std::size_t kOrderBytesMax = 1U << 20;
inline constexpr std::size_t kOrderLinesMax = 1000;
inline constexpr std::size_t kLineItemsMax = 64;
inline constexpr std::size_t kOrderOffencesMax = 64;
inline constexpr std::size_t kOrderRecipientsMax = 16;
inline constexpr std::size_t kOrderPapersMax = 64;

struct Citation {
  int page = 0;
  std::string words;
};

// What a look-up starts from.
enum class SubjectKind : std::uint8_t {
  kMessage,
  kAccount,
  kPhone,
  kEmail,
  kSubscriber,
  kTuple,
  kOtherAccounts,
  kOther
};
std::string_view ToText(SubjectKind kind);  // "message", "account", "phone", "email", "subscriber", "tuple",
                                            // "other_accounts" (open-ended: always a human),
                                            // "other": nothing is filed under it, so no data are held

// (public address, transport, port, instant ± error): what a platform saw of a connection.
struct Tuple {
  IpAddress ip;
  std::uint16_t port = 0;
  std::uint8_t proto = 0;
  Instant at;
  std::int64_t error_ns = 0;
  auto operator<=>(const Tuple&) const = default;
};

struct Subject {
  SubjectKind kind = SubjectKind::kMessage;
  std::string value;           // the id, number or address; empty for kTuple
  std::optional<Tuple> tuple;  // for kTuple
  auto operator<=>(const Subject&) const = default;
};

struct Line {
  std::string id;                  // "L1"
  std::vector<std::string> items;  // item ids of the regime; never empty
  Subject subject;
  std::vector<std::string>
      events;               // for connection items: "account_created", "message_sent", "login"; empty: all
  Period period;            // events asked for; identity and account items: versions that held in it
  bool open_ended = false;  // "any information useful ..." : read as a closed list by reference
  Citation cite;
  law::Answer granted = law::Answer::kYes;     // by the operative part
  law::Answer linked = law::Answer::kUnknown;  // the data to the dispute, as the order says
  std::string protected_profession;            // of the subject, where the order or the transcriber says so
  Answers facts;                               // where they differ from the order's
};

struct Offence {
  std::string article;  // "Code pénal 323-1"
  std::string title;
  int max_prison_years = 0;
  int max_prison_months = 0;  // where the paper counts in months; whole years of it are above
  law::Answer online = law::Answer::kUnknown;  // through an electronic communications network
  law::Answer listed = law::Answer::kUnknown;  // 2023/1543 art. 5(4)
};

// The court's own finding on one of the four conditions of article 145, quoted.
struct Finding {
  law::Answer met = law::Answer::kUnknown;
  std::string quote;
  int page = 0;
};

struct Service {
  std::optional<Instant> at;
  std::string mode;
  bool invented = false;  // an instant that was never published
  std::string proof;      // what proves it: the act, the receipt; empty when nobody said
};

struct Recipient {
  std::string name;
  std::string certificate_pem;  // may be empty in a transcription; needed before a scope is signed
};

struct Paper {
  std::string name;
  std::string sha256;  // hexadecimal
  std::string kind;    // "request", "decision", ...; may be empty
};

struct Order {
  OrderId id;
  std::string instrument;                // as the file spells it
  std::optional<law::Instrument> named;  // the regime's entry for it; absent: it has none
  std::vector<law::Mention> wanted;      // the mentions that the regime wants of it
  std::string court;
  std::string register_number;
  law::CivilDate date;
  std::vector<std::string> applicants;
  std::string respondent;
  std::string addressee;         // the entity addressed
  std::string addressee_number;  // its number in a register, as the paper states it; may be empty
  Service service;
  std::optional<law::TimeLimitRule> time_limit;
  std::optional<Instant> extended_until;  // recorded later, by whom is below; never of the file
  std::string extended_by;
  std::string astreinte;           // in words; empty when none
  std::optional<Penalty> penalty;  // the same in figures
  Formalities formalities;
  std::string purpose;  // "criminal_proceedings", "civil_claim", "mixed", or empty: the paper states none
  std::vector<Offence> offences;
  law::Answer court_found_serious = law::Answer::kUnknown;
  std::optional<law::CivilDate> complaint;
  law::Answer pending_merits = law::Answer::kUnknown;
  Finding no_trial;  // the four conditions, as the court found them
  Finding legitimate_reason;
  Finding evidential_interest;
  Finding admissible;
  Statements said;
  bool provisionally_enforceable = false;
  std::vector<Line> lines;
  std::vector<Recipient> recipients;
  std::vector<Paper> papers;
  std::map<std::string, Citation> cites;  // field name -> where it stands on the paper
  std::string source;                     // the file's exact text
  crypto::Digest digest{};                // SHA-256 of `source`
};

// kInvalid names the JSON place and the reason: "order: lines[2].period: ends before it begins". Unknown keys
// are refused by name. Items are checked against the regime: "lines[0].items[1]: unknown item 'phon'".
Result<Order> ParseOrder(std::string_view json, const law::Regime& regime);

law::Facts FactsOf(const Order& order, const std::string& provider_profile);

}  // namespace probatio::order
