// What an event must hold by itself, whatever the life before it. Used by life.cc alone. Pure; thread-safe.
#pragma once

#include "order/life.h"

namespace probatio::order {

Error Cannot(EventKind event, std::string_view reason);  // kDenied "approved: the order is received"
// kDenied: nobody is named, a reason or another part is missing or too long.
Status CheckEvent(const Event& event);

}  // namespace probatio::order
