// The real captures, containers and vectors that tests read in place: the folder named by PROBATIO_CORPUS,
// else shared/data beside the repository. For *_test.cc only: nothing else of base opens a file.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/bytes.h"

namespace probatio {

inline std::filesystem::path CorpusPath(const std::string& name) {
  const char* const folder = std::getenv("PROBATIO_CORPUS");
  return std::filesystem::path(folder == nullptr ? "../shared/data" : folder) / name;
}

inline bool HasCorpus(const std::string& name) {
  return std::filesystem::exists(CorpusPath(name));
}

inline Buffer ReadCorpus(const std::string& name) {
  std::ifstream file(CorpusPath(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace probatio

// A missing corpus is said, not passed over in silence.
#define SKIP_WITHOUT_CORPUS(name)                                                     \
  if (!::probatio::HasCorpus(name)) {                                                 \
    GTEST_SKIP() << "no " << ::probatio::CorpusPath(name) << "; set PROBATIO_CORPUS"; \
  }
