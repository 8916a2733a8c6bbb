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
  virtual Result<std::optional<Buffer>> Read(const std::string& key) const = 0;
  // All keys or none; durable when it returns. An absent key is no error.
  virtual Status Erase(std::span<const std::string> keys) = 0;
  // Keys that begin with the prefix, ascending.
  virtual Result<std::vector<std::string>> List(const std::string& prefix) const = 0;
};

}  // namespace probatio::seal
