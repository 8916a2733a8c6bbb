// The RecordReader of a disclosure whose order has a sealed hold: the windows as far as they still give, the
// hold's file for what is past its retention by now, and one answer from both. A section is opened when it is
// first needed, by the custodians, once for a grant's execution. One object is for one thread and one grant's
// execution.
#pragma once

#include <map>

#include "custody/held_file.h"
#include "custody/held_rows.h"
#include "custody/sealed_reader.h"

namespace probatio::custody {

class HeldReader : public resolve::RecordReader {
 public:
  struct File {
    Buffer bytes;
    std::uint64_t entry = 0;  // the ledger's index of its extraction
  };
  // The order's file, as the ledger names it; called once, when something is missing. Empty: the order has
  // none.
  using ReadFile = std::function<Result<File>()>;

  HeldReader(SealedReader::Parts parts, ReadFile read_file)
      : parts_(parts), windows_(std::move(parts)), read_file_(std::move(read_file)) {}

  // What the file does not answer stays a gap outside retention: what was never asked at the extraction, and
  // what arrived after it.
  Result<resolve::Found> Read(const order::Grant& grant,
                              const std::vector<resolve::LookUp>& look_ups) override;

 private:
  bool RestsOnPurgedJournal(const resolve::LookUp& look_up) const;
  Status OpenSections(const order::Grant& grant, const std::vector<resolve::LookUp>& missing);
  Result<Question> QuestionFor(const resolve::LookUp& look_up) const;
  Status KeepSection(record::RecordClass record_class, const Key& key);
  Status CheckRow(const seal::ProvenRow& row) const;
  const HeldRead* Covering(const resolve::LookUp& look_up) const;
  // What the sections say to the missing look-ups, put to what the windows gave.
  void Add(const order::Scope& scope, const std::vector<resolve::LookUp>& missing,
           resolve::Found* found) const;
  void LiftGaps(const std::vector<resolve::LookUp>& missing, resolve::Found* found) const;
  void AddGapsOfLater(const resolve::LookUp& look_up, resolve::Found* found) const;

  SealedReader::Parts parts_;
  SealedReader windows_;
  ReadFile read_file_;
  std::optional<File> file_;
  HeldFile held_;  // views into file_
  std::map<record::RecordClass, std::vector<HeldRead>> opened_;
};

}  // namespace probatio::custody
