// The data records of one data set (RFC 7011, section 3.4.3), as one view of octets for each field of the
// template. What the octets mean is not decided here. Pure; a reader is used by one thread.
#pragma once

#include <optional>

#include "decode/flow/template.h"

namespace probatio::decode {

class DataSetReader {
 public:
  // `set` and `record` must outlive the reader.
  DataSetReader(const Set& set, const Template& record) : set_(set), template_(record) {}

  // Fills `values`, one for each field of the template, and returns true; false at the end, padding included.
  // A template whose records may be empty yields none: their number could not be told. kInvalid names the
  // offset in the message of the field that leaves the set.
  Result<bool> Next(std::vector<Bytes>* values);

 private:
  Result<Bytes> ReadValue(const FieldSpecifier& field);

  const Set& set_;
  const Template& template_;
  std::size_t offset_ = 0;  // in the body
};

// An unsigned number of 1 to 8 octets: reduced-size encoding included (section 6.2). Nothing for another
// size.
std::optional<std::uint64_t> ReadUnsigned(Bytes value);

}  // namespace probatio::decode
