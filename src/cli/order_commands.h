// Subcommands of `probatio order` in files of their own.
#pragma once

#include "casebook/contact.h"
#include "cli/session.h"

namespace probatio::cli {

void AddEnforceability(CLI::App* order, Session& session);

// Who was told of an order, and what did not arrive, for `order show`.
void PrintNotices(const std::vector<casebook::SentNotice>& notices, std::ostream& out);
std::string NoticesJson(const std::vector<casebook::SentNotice>& notices);

}  // namespace probatio::cli
