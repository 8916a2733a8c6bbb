// The door of a run: which records are taken, which are refused and counted, and into which window each goes.
// Pure.
#pragma once

#include <map>

#include "keep/nat_rows.h"
#include "keep/run.h"

namespace probatio::keep {

struct Intake {
  std::map<seal::Window, std::vector<record::Record>> by_window;    // all but NAT events
  std::map<seal::Window, std::vector<seal::NatRow>> nat_by_window;  // in order of arrival
  std::size_t nat_rows = 0;                                         // all of them
  bool handed_over = false;  // creates from another run: they may lie before their window
  RunCounts counts;          // of this batch
};

// Events go to the window of their own instant, versions of accounts and identities to that of their arrival.
// A password item goes its own way, in a version of the account that holds nothing else, so that it can be
// destroyed alone. What is later than `latest` comes from a wrong clock. kInvalid names the first record that
// breaks a limit. `spare` lends memory for rows.
Result<Intake> TakeIn(std::span<const record::Record> records, const StreamSet& streams,
                      const resolve::Retention& retention, Instant now, Instant latest,
                      seal::NatRowMaker* maker, std::vector<seal::NatRow>* spare);
// The same for a batch of NAT events. An instant outside the years of a record is from the future or outside
// retention here.
Result<Intake> TakeIn(const record::NatEventBatch& events, const StreamSet& streams,
                      const resolve::Retention& retention, Instant now, Instant latest,
                      seal::NatBatchRowMaker* maker, std::vector<seal::NatRow>* spare);

// What one run may hold: rows in memory, segments, tokens of one segment. kStorage "close the run first" over
// a limit.
struct Room {
  std::uint64_t rows = 0;  // but for NAT rows, which spill
  std::uint64_t segments = 0;
  std::uint64_t tokens_of_largest = 0;
};
Status CheckRoom(const Room& needed);

}  // namespace probatio::keep
