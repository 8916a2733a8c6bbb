// The casebook's settings. Values are sealed like the personal columns: nobody has to think which ones would
// need it. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {

Status Casebook::SetSetting(const std::string& key, const std::string& value) {
  TRY_IN("setting", CheckIdText(key));
  if (value.size() > kSettingBytesMax) {
    return Invalid(
        fmt::format("setting {}: {} octets, at most {} are allowed", key, value.size(), kSettingBytesMax));
  }
  const std::string sealed = parts_->columns.Seal({"settings", "value", key}, value);
  return parts_->database->Write([&]() -> Status {
    parts_->sql() << "INSERT INTO settings (name, value) VALUES (:name, :value)"
                     " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        soci::use(key), soci::use(sealed);
    return Done{};
  });
}

Result<std::string> Casebook::Setting(const std::string& key) {
  TRY_IN("setting", CheckIdText(key));
  const std::string sealed = TRY(parts_->database->Run([&]() -> Result<std::string> {
    std::string value;
    parts_->sql() << "SELECT value FROM settings WHERE name = :name", soci::into(value), soci::use(key);
    if (!parts_->sql().got_data()) return NotFound(fmt::format("setting {}: never set", key));
    return value;
  }));
  return parts_->columns.Open({"settings", "value", key}, sealed);
}

}  // namespace probatio::casebook
