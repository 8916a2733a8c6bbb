// The larger parts of `probatio custody`, one file for each; custody.cc puts them together.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddCustodyRotate(CLI::App& custody, Session& session);  // rotate, list
void AddCustodyShow(CLI::App& custody, Session& session);    // show, return: files on their way
void AddCustodyDrill(CLI::App& custody, Session& session);   // drill make, answer, enter
void AddCustodyReseal(CLI::App& custody, Session& session);  // reseal: segments sealed anew

}  // namespace probatio::cli
