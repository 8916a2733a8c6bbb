// Reading of the parts of an order that its enforceability rests on. Used by the reader of orders.
#pragma once

#include "order/formalities.h"
#include "order/json_view.h"

namespace probatio::order {

Result<law::TimeLimitRule> ReadTimeLimit(const JsonView& view);
Result<Formalities> ReadFormalities(const JsonView& view);
Result<Penalty> ReadPenalty(const JsonView& view);

}  // namespace probatio::order
