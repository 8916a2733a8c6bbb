#include "record/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "record/value.h"

namespace probatio::record {
namespace {

// Escapes as RFC 8259 asks. Text that is not UTF-8 never passes CheckRecord; if it comes all the same it is
// replaced, so that one bad row cannot stop a print-out.
std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string Printed(FieldId /*field*/, const std::string& text) {
  return Quoted(text);
}
std::string Printed(FieldId /*field*/, const IpAddress& address) {
  return '"' + address.ToText() + '"';
}
std::string Printed(FieldId /*field*/, const IpPrefix& prefix) {
  return '"' + prefix.ToText() + '"';
}
std::string Printed(FieldId /*field*/, const Instant& at) {
  return '"' + at.ToRfc3339() + '"';
}
std::string Printed(FieldId /*field*/, const ClockOffset& offset) {
  return std::to_string(offset.ns);
}
std::string Printed(FieldId /*field*/, const std::vector<std::string>& list) {
  std::string text = "[";
  for (const std::string& entry : list) text += (text.size() > 1 ? "," : "") + Quoted(entry);
  return text + "]";
}
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T> std::string Printed(FieldId field, const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return fmt::format("\"{}\"", ToText(value));
  } else {
    if (field == FieldId::kProto) return '"' + ProtocolName(static_cast<std::uint8_t>(value)) + '"';
    return std::to_string(value);
  }
}

class Printer {
 public:
  Printer(std::string* out, const std::set<Face>* faces, bool secrets)
      : out_(out), faces_(faces), secrets_(secrets) {}

  template <class T>
  void operator()(FieldId field, Face face, const T& value) {
    if (faces_ != nullptr && !faces_->contains(face)) return;
    if (!IsPresent(value) || SaysNothing(field, value)) return;
    if constexpr (std::is_same_v<typename ValueOf<T>::Type, SecretText>) {
      if (!secrets_) {
        *out_ += fmt::format(",\"{}_present\":true", NameOf(field));
        return;
      }
    }
    *out_ += fmt::format(",\"{}\":", NameOf(field));
    *out_ += Printed(field, Unwrap(value));
  }

 private:
  // An error bound of zero means that the source stated none.
  template <class T>
  static bool SaysNothing(FieldId field, const T& value) {
    if constexpr (std::is_same_v<T, std::int64_t>) return field == FieldId::kAtError && value == 0;
    return false;
  }

  std::string* out_;
  const std::set<Face>* faces_;
  bool secrets_;
};

std::string Print(const Record& record, const std::set<Face>* faces, bool secrets) {
  std::string out = fmt::format("{{\"class\":\"{}\"", ToText(ClassOf(KindOf(record))));
  Printer printer(&out, faces, secrets);
  std::visit([&](const auto& kind) { VisitFields(kind, printer); }, record);
  return out + "}";
}

}  // namespace

std::string ToJson(const Record& record) {
  return Print(record, nullptr, true);
}
std::string ToJson(const Record& record, const std::set<Face>& faces) {
  return Print(record, &faces, true);
}
std::string ToShownJson(const Record& record) {
  return Print(record, nullptr, false);
}

}  // namespace probatio::record
