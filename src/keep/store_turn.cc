#include "keep/store_turn.h"

namespace probatio::keep {

Status StoreTurn::Take() {
  if (depth_ == 0) TRY(DoTake());
  ++depth_;
  return Done{};
}

void StoreTurn::GiveBack() {
  CHECK(depth_ > 0);
  if (--depth_ == 0) DoGiveBack();
}

Result<HeldTurn> HeldTurn::Take(StoreTurn* turn) {
  if (turn != nullptr) TRY(turn->Take());
  return HeldTurn(turn);
}

}  // namespace probatio::keep
