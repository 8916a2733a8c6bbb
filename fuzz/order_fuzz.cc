// Any bytes as an order: parsed or refused with a reason, never a crash; what is parsed can be assessed and
// printed.
#include <cstddef>
#include <cstdint>

#include "order/enforceability.h"
#include "order/plan.h"

namespace {

constexpr const char* kRegime = R"(
schema = "probatio-regime/2"
id = "fuzz"
title = "a small regime"
as_of = 2026-03-31
[[item]]
id = "phone"
category = "ID"
title_fr = "f"
title_en = "e"
[[item]]
id = "source_ip"
category = "CON"
title_fr = "f"
title_en = "e"
[[item]]
id = "password_verification"
category = "ACC"
title_fr = "f"
title_en = "e"
express_only = true
[[issuer]]
id = "court"
title_fr = "f"
title_en = "e"
names = ["court", "tribunal"]
reference = "r"
[[instrument]]
id = "fr.cpc145.refere"
title_fr = "f"
title_en = "e"
decision = true
needs_service = true
four_conditions = true
issuers = ["court"]
reference = "r"
in_force_from = 2021-10-21
[[mention]]
id = "signed"
instruments = ["fr.cpc145.refere"]
title_fr = "f"
title_en = "e"
blocks = true
reference = "r"
[[privilege]]
id = "lawyer"
title_fr = "f"
title_en = "e"
names = ["avocat"]
reference = "r"
[[retention]]
id = "keep.id"
category = "ID"
start = "contract_end"
years = 5
reference = "r"
in_force_from = 2021-10-21
[[retention]]
id = "keep.con"
category = "CON"
start = "event"
years = 1
reference = "r"
in_force_from = 2021-10-21
[[gate]]
id = "serious"
needs = ["criminal_purpose", "an_offence", "serious_crime"]
max_prison_years_min = 3
otherwise = "human"
reference = "r"
[[rule]]
id = "rule"
instruments = ["fr.cpc145.refere"]
categories = ["ID", "CON", "ACC"]
gate = "serious"
reference = "r"
in_force_from = 2021-10-21
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  static const law::Regime regime = law::ParseRegime(kRegime, "fuzz.toml").value();
  const auto order = order::ParseOrder(AsText({data, size}), regime);
  if (!order.ok()) {
    CHECK(!order.error().what().empty());
    return 0;
  }
  const Instant now = Instant::FromUnixSeconds(1'731'484'800);
  const order::Assessment assessment = order::Assess(order.value(), regime, "ecs_operator", now);
  CHECK(!order::ToJson(assessment).empty());
  const order::Enforceability enforceability =
      order::CheckEnforceability(order.value(), {}, {"x", "1", {}}, now);
  CHECK(!order::ToJson(enforceability).empty());
  const order::Plan plan = order::MakePlan(order.value(), {}, assessment, order::GrantKind::kDisclose);
  CHECK(!order::ToJson(plan).empty());
  return 0;
}
