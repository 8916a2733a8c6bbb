// The casebook's tables and how older ones are brought up to date. Used by casebook.cc only.
#pragma once

#include "casebook/database.h"

namespace probatio::casebook {

inline constexpr int kSchemaVersion = 4;

// Makes the tables in an empty file.
Status CreateSchema(Database& database);
// Applies what is missing, in one transaction. kStorage when the file holds no casebook, or a newer one.
Status MigrateSchema(Database& database);

}  // namespace probatio::casebook
