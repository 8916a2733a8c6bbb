// The templates of one exporter, by observation domain (source id in NetFlow 9) and template id (RFC 7011,
// section 8; RFC 3954, section 9). A template sent again replaces the one before it. Bounded, since whoever
// can send a datagram can send a template. Not thread-safe.
#pragma once

#include <map>
#include <utility>

#include "decode/flow/template.h"

namespace probatio::decode {

inline constexpr std::size_t kTemplatesMax = 4'096;         // of one exporter, over all its domains
inline constexpr std::size_t kTemplateFieldsMax = 262'144;  // of all these templates together

class TemplateTable {
 public:
  // Null when no template is known.
  TemplatePtr Find(std::uint32_t domain, std::uint16_t id) const;

  // False when a limit is reached; the template of that id, if there was one, is then forgotten, because it
  // no longer describes what the exporter sends.
  bool Put(std::uint32_t domain, TemplatePtr record);

  // Forgets what a withdrawal names.
  void Remove(std::uint32_t domain, const Withdrawal& withdrawal);

  std::size_t size() const { return templates_.size(); }
  const std::map<std::pair<std::uint32_t, std::uint16_t>, TemplatePtr>& all() const { return templates_; }

 private:
  std::map<std::pair<std::uint32_t, std::uint16_t>, TemplatePtr> templates_;
  std::size_t fields_ = 0;
};

}  // namespace probatio::decode
