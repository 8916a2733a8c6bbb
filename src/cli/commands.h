// One function for each command, in a file of its own name; each adds its options and its body to the app.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddInit(CLI::App& app, Session& session);
void AddPeople(CLI::App& app, Session& session);
void AddCustody(CLI::App& app, Session& session);
void AddDecode(CLI::App& app, Session& session);
void AddImport(CLI::App& app, Session& session);
void AddCollect(CLI::App& app, Session& session);
void AddQuarantine(CLI::App& app, Session& session);
void AddLintLogs(CLI::App& app, Session& session);
void AddWindow(CLI::App& app, Session& session);
void AddOrder(CLI::App& app, Session& session);
void AddRegime(CLI::App& app, Session& session);
void AddProtected(CLI::App& app, Session& session);
void AddHold(CLI::App& app, Session& session);
void AddDisclose(CLI::App& app, Session& session);
void AddOpen(CLI::App& app, Session& session);
void AddVerify(CLI::App& app, Session& session);
void AddNotify(CLI::App& app, Session& session);
void AddRecall(CLI::App& app, Session& session);
void AddRequest(CLI::App& app, Session& session);
void AddResolve(CLI::App& app, Session& session);
void AddDeadline(CLI::App& app, Session& session);
void AddLedger(CLI::App& app, Session& session);
void AddClock(CLI::App& app, Session& session);
void AddDemo(CLI::App& app, Session& session);

}  // namespace probatio::cli
