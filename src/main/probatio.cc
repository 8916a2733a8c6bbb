// The command line (docs/architecture.md, section "The rooms"): src/cli holds the commands.
#include <exception>
#include <iostream>

#include "base/result.h"
#include "cli/session.h"
#include "main/harden.h"

int main(int argc, char** argv) {
  probatio::program::Harden();
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return probatio::cli::Run(arguments, std::cout, std::cerr);
  } catch (const std::exception& error) {
    // We do not throw; the standard library may, when memory ends. Nothing was acknowledged that is not on
    // disk.
    std::cerr << "probatio: stopped: " << error.what() << "\n";
    return static_cast<int>(probatio::ErrorCode::kStorage);
  }
}
