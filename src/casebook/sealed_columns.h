// The casebook's personal columns, sealed under a key of their own derived from the deployment key. A value
// is bound to its cell: it opens in no other row, column or table. An older value of the same cell still
// opens. Used by casebook/*.cc.
#pragma once

#include "base/random.h"
#include "crypto/aead.h"

namespace probatio::casebook {

struct Cell {
  std::string_view table;
  std::string_view column;
  std::string row;  // the row's primary key, as text
};

class SealedColumns {
 public:
  SealedColumns(const Key& deployment_key, Random& random);

  std::string Seal(const Cell& cell, std::string_view plain) const;  // Base64
  // kCrypto "casebook: people.name: ..."; never the row, which may be a person's.
  Result<std::string> Open(const Cell& cell, std::string_view sealed) const;

 private:
  Key key_;
  Random* random_;
};

}  // namespace probatio::casebook
