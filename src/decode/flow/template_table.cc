#include "decode/flow/template_table.h"

namespace probatio::decode {

TemplatePtr TemplateTable::Find(std::uint32_t domain, std::uint16_t id) const {
  const auto found = templates_.find({domain, id});
  return found == templates_.end() ? nullptr : found->second;
}

bool TemplateTable::Put(std::uint32_t domain, TemplatePtr record) {
  const std::pair key{domain, record->id};
  if (const auto old = templates_.find(key); old != templates_.end()) {
    fields_ -= old->second->fields.size();
    templates_.erase(old);
  }
  if (templates_.size() == kTemplatesMax || record->fields.size() > kTemplateFieldsMax - fields_)
    return false;
  fields_ += record->fields.size();
  templates_.emplace(key, std::move(record));
  return true;
}

void TemplateTable::Remove(std::uint32_t domain, const Withdrawal& withdrawal) {
  const auto gone = [&](const auto& entry) {
    const auto& [key, record] = entry;
    if (key.first != domain || (withdrawal.id != 0 && key.second != withdrawal.id)) return false;
    return withdrawal.id != 0 || record->options == withdrawal.options;
  };
  for (auto entry = templates_.begin(); entry != templates_.end();) {
    if (gone(*entry)) {
      fields_ -= entry->second->fields.size();
      entry = templates_.erase(entry);
    } else {
      ++entry;
    }
  }
}

}  // namespace probatio::decode
