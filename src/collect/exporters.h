// Who may send: the allow-list, and what is configured about each exporter. Immutable; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip_prefix.h"
#include "decode/time/source_clock.h"

namespace probatio::collect {

inline constexpr std::size_t kExportersMax = 4'096;

struct Exporter {
  std::string name;            // as it stands in records; the sender's address where empty
  std::vector<IpPrefix> from;  // where it sends from
  decode::SourceClock clock;   // what is known of its clock
};

class Exporters {
 public:
  // kInvalid for more than kExportersMax, or where two networks hold one another: whose settings would count?
  static Result<Exporters> Make(std::vector<Exporter> exporters);

  // Null for a sender that is on no list. Asked for each new sender, whoever it is: by halving.
  const Exporter* Find(const IpAddress& ip) const;

 private:
  struct Network {
    IpPrefix block;
    std::size_t exporter = 0;
  };
  std::vector<Exporter> exporters_;
  std::vector<Network> networks_;  // by address, then length; none holds another
};

}  // namespace probatio::collect
