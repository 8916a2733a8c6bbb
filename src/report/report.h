// report.pdf: the page a judge reads. Typography by pango and cairo; byte-identical for the same input, fonts
// and libraries. Not thread-safe (font maps).
#pragma once

#include <string>
#include <vector>

#include "order/scope.h"
#include "resolve/answer.h"

namespace probatio::report {

enum class Language : std::uint8_t { kFrench, kEnglish };

struct FileDigest {
  std::string name;    // "disclosure.json"
  std::string sha256;  // hexadecimal
};

struct ReportInput {
  const order::Order& order;
  const order::Scope& scope;
  const std::vector<resolve::LineAnswer>& answers;
  std::vector<std::string> approvers;  // names, as in their certificates
  std::vector<FileDigest> files;
  std::string provider;
  Instant made_at;
  bool demonstration_clock = false;
  unsigned custodians_needed = 0;  // m
  unsigned custodians = 0;         // n
  Language language = Language::kFrench;
};

// PDF bytes. kStorage when the fonts are missing ("report: no font; install fonts-dejavu-core").
Result<Buffer> MakeReport(const ReportInput& input);

}  // namespace probatio::report
