// A store under measurement: it takes a whole trace, then answers who held a port at an instant. Each engine
// has the layout that its own experts would choose, and says which.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "meter.h"
#include "questions.h"

namespace probatio::bench {

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string layout() const = 0;  // one line for the reader of the figures

  // Takes the trace in and leaves it closed, final merges included. What it costs is the engine's work alone,
  // not the making of the rows.
  virtual Result<LoadCost> Load(const Trace& trace) = 0;
  virtual std::uint64_t BytesOnDisk() const = 0;

  // A fresh start for reading: connections, caches of its own and the files it had open are gone.
  virtual Status Reopen() = 0;
  // What is needed once before any of these questions may be asked; not part of a look-up.
  virtual Status Prepare(std::span<const Question>) { return Done{}; }
  virtual Result<std::vector<std::uint32_t>> Find(const Question& question) = 0;

  // What only this engine can say, such as the cost of its custodians; joins the figures by name.
  virtual std::map<std::string, double> Extras() const { return {}; }
};

// Engines work in a folder that the caller made and will remove. kNotFound: "not installed: ...".
// What a collector under other conditions would do; zero is as usual.
struct Conditions {
  std::size_t rows_in_memory = 0;  // NAT rows, before they spill
  std::uint64_t rows_per_run = 0;  // a run is closed after so many, so that a window lies in several segments
};
Result<std::unique_ptr<Engine>> MakeProbatio(const std::string& folder, const Conditions& conditions);
Result<std::unique_ptr<Engine>> MakeSqlite(const std::string& folder);
Result<std::unique_ptr<Engine>> MakePostgresql(const std::string& folder);
Result<std::unique_ptr<Engine>> MakeClickhouse(const std::string& folder);
Result<std::unique_ptr<Engine>> MakeNfdump(const std::string& folder);

}  // namespace probatio::bench
