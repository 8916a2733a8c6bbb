// A key is not copied by accident: a copy is asked for by name.
#include "base/secret.h"

namespace probatio {

Key Copy(const Key& key) {
  Key copy = key;
  return copy;
}

}  // namespace probatio
