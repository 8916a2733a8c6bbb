// The larger parts of `probatio window`, one file for each; window.cc puts them together.
#pragma once

#include "cli/session.h"
#include "keep/reseal_pick.h"

namespace probatio::cli {

class Deployment;

void AddWindowReseal(CLI::App& window, Session& session);  // rebuild, merge, take

// Lays a request to verify closed segments with their keys in a file for the custodians.
Status AskToVerify(Session& session, Deployment& deployment, const std::vector<std::string>& segments,
                   const std::string& out);

// What is to be done about dead runs and crowded windows, in one line each; none is nothing.
std::vector<std::string> ResealAdvice(Deployment& deployment);

}  // namespace probatio::cli
