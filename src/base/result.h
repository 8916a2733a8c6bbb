// Result<T>: a value or an Error. Errors are values and cannot be dropped: ignoring one does not compile.
// Built on tl::expected (std::expected is not in C++20), with what it lacks: [[nodiscard]] on the type,
// one Error with a code that says what the caller can do, and access that CHECKs instead of throwing.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/check.h"

namespace probatio {

// What the caller can do about it. The command line's exit codes follow from this table (design: the
// CLI contract), so its values are part of the contract.
enum class ErrorCode : std::uint8_t {
  kRefused = 1,   // understood and lawfully declined, or the finding is negative
  kUsage = 2,     // the call itself is wrong
  kInvalid = 3,   // the input breaks its specification or a named limit
  kNotFound = 4,  // nothing matches
  kDenied = 5,    // the order, the state or the person does not allow it
  kStorage = 6,   // a store, file or journal failed, or is incomplete
  kCrypto = 7,    // a key, signature, seal or proof does not hold
};

// The message is lower case, names the thing and the reason, and holds no person, address or secret.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string what) : code_(code), what_(std::move(what)) {}

  ErrorCode code() const { return code_; }
  const std::string& what() const { return what_; }

  // Prefixes the place: Error(kInvalid, "truncated").Within("set header") reads "set header: truncated".
  Error Within(const std::string& place) const { return {code_, place + ": " + what_}; }

 private:
  ErrorCode code_;
  std::string what_;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(tl::make_unexpected(std::move(error))) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.has_value(); }

  const T& value() const& {
    CHECK(ok());
    return *state_;
  }
  T& value() & {
    CHECK(ok());
    return *state_;
  }
  T&& value() && {
    CHECK(ok());
    return std::move(*state_);
  }
  const Error& error() const {
    CHECK(!ok());
    return state_.error();
  }

 private:
  tl::expected<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

inline Error Invalid(std::string what) {
  return {ErrorCode::kInvalid, std::move(what)};
}
inline Error NotFound(std::string what) {
  return {ErrorCode::kNotFound, std::move(what)};
}
inline Error Denied(std::string what) {
  return {ErrorCode::kDenied, std::move(what)};
}
inline Error StorageError(std::string what) {
  return {ErrorCode::kStorage, std::move(what)};
}
inline Error CryptoError(std::string what) {
  return {ErrorCode::kCrypto, std::move(what)};
}

}  // namespace probatio

#define PROBATIO_CAT_(a, b) a##b
#define PROBATIO_CAT(a, b) PROBATIO_CAT_(a, b)
#define PROBATIO_TRY_(result, expression) \
  __extension__({                         \
    auto result = (expression);           \
    if (!result.ok()) [[unlikely]] {      \
      return result.error();              \
    }                                     \
    std::move(result).value();            \
  })

// TRY(expression) is the value, or returns the error from the enclosing function. It stands alone: the
// whole right-hand side of a declaration or assignment, or a whole statement; inside a larger expression
// it would leak what was already built. tests/style_test.py looks for anything else.
#define TRY(expression) PROBATIO_TRY_(PROBATIO_CAT(try_result_, __COUNTER__), expression)

#define PROBATIO_TRY_IN_(result, place, expression) \
  __extension__({                                   \
    auto result = (expression);                     \
    if (!result.ok()) [[unlikely]] {                \
      return result.error().Within(place);          \
    }                                               \
    std::move(result).value();                      \
  })

// The same, adding where it happened: TRY_IN("set header", Read(bytes)).
#define TRY_IN(place, expression) PROBATIO_TRY_IN_(PROBATIO_CAT(try_result_, __COUNTER__), place, expression)
