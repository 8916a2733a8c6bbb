#include "decode/mapping/field_form.h"

#include <map>
#include <string>

namespace probatio::decode {
namespace {

using record::RecordKind;

template <class T>
struct Inner {
  using Type = T;
};
template <class T>
struct Inner<std::optional<T>> {
  using Type = T;
};

struct Collector {
  std::map<std::string, FieldForm, std::less<>>* forms;

  template <class T>
  void operator()(record::FieldId field, record::Face /*face*/, const T& /*value*/) {
    using Value = typename Inner<T>::Type;
    if (field == record::FieldId::kAtOffset) return;  // what we add, not what a log says
    FieldForm form = FieldForm::kText;
    if constexpr (std::is_same_v<Value, Instant>) {
      form = FieldForm::kInstant;
    } else if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
      form = FieldForm::kList;
    } else if constexpr (std::is_same_v<Value, record::SecretText>) {
      form = FieldForm::kSecret;
    } else if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, std::uint8_t>) {
      form = FieldForm::kNumber;  // the one octet is the protocol, which has names
    }
    (*forms)[std::string(record::NameOf(field))] = form;
  }
};

template <class Kind>
void Collect(std::map<std::string, FieldForm, std::less<>>* forms) {
  const Kind kind{};
  record::VisitFields(kind, Collector{forms});
}

using Forms = std::map<std::string, FieldForm, std::less<>>;

std::map<RecordKind, Forms> AllForms() {
  std::map<RecordKind, Forms> all;
  Collect<record::NatEvent>(&all[RecordKind::kNatEvent]);
  Collect<record::AccessSession>(&all[RecordKind::kAccessSession]);
  Collect<record::Activity>(&all[RecordKind::kActivity]);
  Collect<record::Account>(&all[RecordKind::kAccount]);
  Collect<record::Identity>(&all[RecordKind::kIdentity]);
  Collect<record::SharingRule>(&all[RecordKind::kSharingRule]);
  return all;
}

}  // namespace

std::optional<FieldForm> FormOf(std::optional<RecordKind> kind, std::string_view field) {
  static const std::map<RecordKind, Forms> all = AllForms();
  if (!kind.has_value() && field == "class") return FieldForm::kText;
  for (const auto& [of, forms] : all) {
    if (kind.has_value() && of != *kind) continue;
    const auto found = forms.find(field);
    if (found != forms.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace probatio::decode
