// The box: an untrusted keeper of sealed bytes. It may lose, replace or hide what it was given; every reader
// finds out. Implementations: store/memory, store/rocksdb. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace probatio::seal {

inline constexpr std::size_t kBoxKeyBytesMax = 512;
inline constexpr std::size_t kBoxValueBytesMax = 256U << 20;

struct BoxEntry {
  std::string key;  // see box_key.h
  Buffer value;
};

class Box {
 public:
  virtual ~Box() = default;

  // All entries or none; durable when it returns. kInvalid for an empty or over-long key or an over-long
  // value, kStorage otherwise. Of two entries under one key the later stands.
  virtual Status Write(std::span<const BoxEntry> entries) = 0;

  // The two steps of closing a window: many entries, written once. Staged entries may come in any order and
  // in many calls (ascending keys are the cheapest); they are not durable, and whether they can be read is
  // not said. When Settle returns, all that was staged is durable and readable, as if written then, and of
  // two entries under one key the one staged later stands. An error of either drops everything that was
  // staged; none of it may be relied on, nothing that was there before is harmed, and the caller may start
  // over. There is one stage: several threads may fill it together, for one closing at a time. What is
  // staged and never settled is gone with the process.
  virtual Status Stage(std::vector<BoxEntry> entries) = 0;
  virtual Status Settle() = 0;

  virtual Result<std::optional<Buffer>> Read(const std::string& key) const = 0;

  // These will be read soon: an engine on a disk may begin now, so that several reads wait for it together. A
  // wish without an answer; what is wrong is told by Read.
  virtual void Announce(std::span<const std::string> /*keys*/) const {}

  // All keys or none; durable when it returns. An absent key is no error. The bytes may stay on the medium
  // for as long as the engine likes.
  virtual Status Erase(std::span<const std::string> keys) = 0;

  // Erases every key that begins with the prefix, for purges. Durable, and the bytes are in no file of the
  // box when it returns, but for what a reader at work still holds; it takes time by the size of what is
  // erased and not by the size of the box. After an error, or a crash, some of it may be left: it is to be
  // called again. What the medium keeps of deleted files, and copies made before, are beyond it: that is
  // what the erasure keys are for. kInvalid for an empty prefix, which would erase everything.
  virtual Status EraseAll(const std::string& prefix) = 0;

  // Keys that begin with the prefix, ascending by octets.
  virtual Result<std::vector<std::string>> List(const std::string& prefix) const = 0;
};

}  // namespace probatio::seal
