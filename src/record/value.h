// What the walks over VisitFields share: whether a field is present, the value inside an optional, and the
// rules of one value. For the .cc files of this folder.
#pragma once

#include <type_traits>

#include "record/field.h"

namespace probatio::record {

template <class T>
struct ValueOf {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <class T>
struct ValueOf<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};

// An empty text that is no optional (exporter, account, holder), an empty list and an offset of zero mean: it
// was not said.
template <class T>
bool IsPresent(const T& value) {
  if constexpr (ValueOf<T>::kOptional) {
    return value.has_value();
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>>) {
    return !value.empty();
  } else if constexpr (std::is_same_v<T, ClockOffset>) {
    return value.ns != 0;
  } else {
    return true;
  }
}

// The value of a present field.
template <class T>
const typename ValueOf<T>::Type& Unwrap(const T& value) {
  if constexpr (ValueOf<T>::kOptional) {
    return *value;
  } else {
    return value;
  }
}

// A row without its instant, its event or its key is no row.
constexpr bool IsRequired(FieldId field) {
  switch (field) {
    case FieldId::kAt:
    case FieldId::kAtResolution:
    case FieldId::kAtError:
    case FieldId::kAtSource:
    case FieldId::kEvent:
    case FieldId::kAccount:
    case FieldId::kHolder:
    case FieldId::kRule:
    case FieldId::kValidFrom:
      return true;
    default:
      return false;
  }
}

// The limits of one value (canonical.h). The error does not name the field; the caller does.
Status CheckValue(const std::string& text);
Status CheckValue(const SecretText& text);
Status CheckValue(const std::vector<std::string>& list);
Status CheckValue(Instant at);
Status CheckValue(std::int64_t ns);  // a resolution or an error bound
template <class T>
Status CheckValue(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    if (ToText(value) == "unknown") return Invalid("no such value");
  }
  return Done{};
}

// The bytes that RecordBytes would write.
std::size_t EncodedSize(const Record& record);

}  // namespace probatio::record
