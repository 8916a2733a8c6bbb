// Makes one regime of two: a law of the Union on top of the law of a State, whose providers keep the data.
#include <fmt/format.h>

#include <algorithm>

#include "law/regime.h"

namespace probatio::law {
namespace {

bool Names(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The category that the mappings give an item of the base; a mapping that names items goes before one that
// names the category only.
std::string MappedTo(const Regime& regime, const Item& item) {
  std::string by_category;
  for (const Mapping& mapping : regime.mappings) {
    if (mapping.category != item.category) continue;
    if (Names(mapping.items, item.id)) return mapping.to;
    if (mapping.items.empty()) by_category = mapping.to;
  }
  return by_category;
}

Status AddItems(const Regime& regime, Regime& both) {
  for (const auto& [id, item] : regime.items) {
    const auto known = both.items.find(id);
    if (known == both.items.end()) {
      both.items.emplace(id, item);
      continue;
    }
    const std::string mapped = MappedTo(regime, known->second);
    if (mapped != item.category) {
      return Invalid(fmt::format("regime {}: item '{}' has the category '{}', the mapping of '{}' says '{}'",
                                 regime.id, id, item.category, known->second.category, mapped));
    }
    if (item.category != known->second.category) known->second.also.push_back(item.category);
    known->second.express_only = known->second.express_only || item.express_only;
  }
  return Done{};
}

// One kind of issuer may have names in both.
void AddIssuers(const Regime& regime, Regime& both) {
  for (const Issuer& issuer : regime.issuers) {
    const auto known = std::find_if(both.issuers.begin(), both.issuers.end(),
                                    [&](const Issuer& other) { return other.id == issuer.id; });
    if (known == both.issuers.end()) {
      both.issuers.push_back(issuer);
      continue;
    }
    for (const std::string& name : issuer.names) {
      if (!Names(known->names, name)) known->names.push_back(name);
    }
  }
}

template <class Entry>
void Append(const std::vector<Entry>& from, std::vector<Entry>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

Status CheckNoClash(const Regime& base, const Regime& regime) {
  const auto clash = [&](std::string_view what, const std::string& id) {
    return Invalid(fmt::format("regime {}: {} '{}' stands in {} already", regime.id, what, id, base.id));
  };
  for (const Instrument& instrument : regime.instruments) {
    if (base.FindInstrument(instrument.id) != nullptr) return clash("instrument", instrument.id);
    for (const std::string& alias : instrument.aliases) {
      if (base.FindInstrument(alias) != nullptr) return clash("alias", alias);
    }
  }
  for (const auto& [id, gate] : regime.gates) {
    if (base.gates.count(id) != 0) return clash("gate", id);
  }
  return Done{};
}

}  // namespace

Result<Regime> BuildOn(const Regime& base, const Regime& regime) {
  if (regime.builds_on != base.id) {
    return Invalid(
        fmt::format("regime {}: builds on '{}', not on '{}'", regime.id, regime.builds_on, base.id));
  }
  TRY(CheckNoClash(base, regime));
  Regime both = base;
  both.id = base.id + "+" + regime.id;
  both.title = base.title + "; " + regime.title;
  both.as_of = std::min(base.as_of, regime.as_of);
  both.builds_on.clear();
  TRY(AddItems(regime, both));
  AddIssuers(regime, both);
  Append(regime.instruments, both.instruments);
  Append(regime.mentions, both.mentions);
  Append(regime.grounds, both.grounds);
  for (const Privilege& privilege : regime.privileges) {
    const bool known = std::any_of(both.privileges.begin(), both.privileges.end(),
                                   [&](const Privilege& other) { return other.id == privilege.id; });
    if (!known) both.privileges.push_back(privilege);
  }
  Append(regime.rules, both.rules);
  both.gates.insert(regime.gates.begin(), regime.gates.end());
  return both;
}

}  // namespace probatio::law
