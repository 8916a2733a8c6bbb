// The subcommands of `probatio order` that have a file of their own.
#pragma once

#include "casebook/contact.h"
#include "cli/session.h"

namespace probatio::cli {

void AddAuthenticity(CLI::App* order, Session& session);
void AddConfirm(CLI::App* order, Session& session);
void AddOrderApproval(CLI::App* order, Session& session);
void AddOrderAssess(CLI::App* order, Session& session);
void AddOrderPlan(CLI::App* order, Session& session);
void AddEnforceability(CLI::App* order, Session& session);
void AddRefusal(CLI::App* order, Session& session);
void AddAfterwards(CLI::App* order, Session& session);

// Who was told of an order, and what did not arrive, for `order show`.
void PrintNotices(const std::vector<casebook::SentNotice>& notices, std::ostream& out);
std::string NoticesJson(const std::vector<casebook::SentNotice>& notices);

}  // namespace probatio::cli
