// What an order says of itself beyond its lines, as far as rules ask: who issued it, what it states as facts,
// which mentions it bears; and the facts that come of it for one line. Values; pure; thread-safe.
#pragma once

#include <map>
#include <string>

#include "law/evaluate.h"

namespace probatio::order {

class JsonView;
struct Line;
struct Offence;
struct Order;
struct Paper;

inline constexpr int kPrisonYearsMax = 100;
inline constexpr std::size_t kStatedFactsMax = 64;
inline constexpr std::size_t kStatedMentionsMax = 64;

using Answers = std::map<std::string, law::Answer>;

struct Statements {
  std::string issuer_kind;       // of the regime; empty: told by the court's name
  std::string validated_by;      // kind of issuer; empty: not validated
  std::string provider_profile;  // as the order sees it; empty: it does not say
  std::string complaint_to;
  Answers facts;     // words of law/needs.h
  Answers mentions;  // ids of the regime's mentions
  std::string seriousness_quote;
  int seriousness_page = 0;
};

// Keys `issuer`, `provider_profile`, `complaint_to`, `facts`, `mentions`, `seriousness` of an order.
Status ReadStatements(const JsonView& root, const law::Regime& regime, Order& order);
// Keys `granted`, `linked`, `protected`, `facts` of a line.
Status ReadLineStatements(const JsonView& view, Line& line);
Status ReadOffence(const JsonView& view, Offence& offence);

// Whether a copy of the request that an order was made on is among its papers.
bool HasRequest(const Order& order);

// The facts by which the rules judge one line of the order.
law::Facts FactsFor(const Order& order, const law::Regime& regime, const std::string& provider_profile,
                    const Line& line);

}  // namespace probatio::order
