// Files as the command line reads and writes them: whole, with a named limit, never half-written.
#pragma once

#include <string>

#include "base/secret.h"

namespace probatio::cli {

inline constexpr std::size_t kInputFileBytesMax = 2'000'000'000;

enum class Mode { kPublic, kPrivate };  // 0644, 0600

// kNotFound "file: no such file", kInvalid over the limit, kStorage for the rest; each names the file.
Result<Buffer> ReadFile(const std::string& path, std::size_t bytes_max = kInputFileBytesMax);
Result<std::string> ReadText(const std::string& path, std::size_t bytes_max = kInputFileBytesMax);

// Written beside, synced, then renamed: a reader sees the old file or the new one.
Status WriteFile(const std::string& path, Bytes content, Mode mode = Mode::kPublic);
// The same, but kDenied when the file exists: keys are never overwritten.
Status CreateFile(const std::string& path, Bytes content, Mode mode = Mode::kPublic);

Status MakeFolder(const std::string& path);

// The first line of a file, without its newline.
Result<Secret> ReadPassphrase(const std::string& path);

// A 32-byte key as 64 hexadecimal digits.
Result<Key> ReadKeyFile(const std::string& path);

}  // namespace probatio::cli
