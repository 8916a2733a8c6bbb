// One SQL session: opened with the settings that durability rests on, one writer at a time, foreign
// exceptions turned into errors. Used by casebook/*.cc only; for one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace soci {
class session;
}

namespace probatio::casebook {

class Database {
 public:
  // Opens a file that is there, or an empty one. kStorage names the file.
  static Result<std::unique_ptr<Database>> Open(const std::string& path);
  ~Database();

  soci::session& sql() { return *session_; }
  const std::string& path() const { return path_; }

  // Runs `work`, which reads or writes through sql(); what SOCI throws becomes kStorage.
  template <class Work>
  auto Run(const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (...) {
      return Caught();
    }
  }

  // Runs `work` in one transaction that takes the write lock at its start: a reader that turned writer
  // half-way could be refused. Committed and durable when this returns without error, else as if nothing had
  // been. CHECKs not nested.
  Status Write(const std::function<Status()>& work);

 private:
  Database(std::string path, std::unique_ptr<soci::session> session);
  Error Caught() const;  // for a catch block only
  Status Configure();

  std::string path_;
  std::unique_ptr<soci::session> session_;
  bool writing_ = false;
};

}  // namespace probatio::casebook
