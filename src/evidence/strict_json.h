// Reads JSON that came from another machine. Every key is asked for by name and what nobody asked for is
// refused, as is a key that stands twice: two programs that read one text differently are how a check is
// passed and something else is done. Errors are kInvalid and name the place: "request:
// questions[3].segments[0].wrapped: not Base64". Values; thread-safe.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace probatio::evidence {

inline constexpr unsigned kStrictJsonDepthMax = 16;

class JsonObject {
 public:
  // One object and nothing after it, at most `bytes_max` long and kStrictJsonDepthMax deep. `what` begins
  // every place.
  static Result<JsonObject> Parse(std::string_view text, const std::string& what, std::size_t bytes_max);

  bool Has(const std::string& key) const;
  Result<std::string> Text(const std::string& key);
  Result<std::uint64_t> Number(const std::string& key, std::uint64_t max);
  Result<std::int64_t> SignedNumber(const std::string& key);
  Result<bool> Flag(const std::string& key);
  Result<bool> Null(const std::string& key);   // is it null; anything else is read by another call
  Result<Instant> At(const std::string& key);  // RFC 3339
  Result<Buffer> Base64(const std::string& key);
  Status Hex(const std::string& key, std::span<std::uint8_t> out);  // exactly out.size() octets
  Result<std::vector<std::string>> Texts(const std::string& key, std::size_t max);
  Result<JsonObject> Object(const std::string& key);
  Result<std::vector<JsonObject>> Objects(const std::string& key, std::size_t max);
  Result<std::string> ObjectText(const std::string& key);  // the object under a key, for another reader

  Status End() const;  // refuses the first key that was not asked for
  Error Wrong(const std::string& key, const std::string& why) const;  // an error at this place

 private:
  struct Node;
  JsonObject(std::shared_ptr<const Node> node, std::string place)
      : node_(std::move(node)), place_(std::move(place)) {}
  std::string PlaceOf(const std::string& key) const;
  Result<std::shared_ptr<const Node>> Need(const std::string& key);
  Result<std::vector<std::shared_ptr<const Node>>> List(const std::string& key, std::size_t max);

  std::shared_ptr<const Node> node_;
  std::string place_;
  std::set<std::string> asked_;
};

// Hexadecimal digests that stand together in one text or one after the other in a list.
Result<std::vector<std::array<std::uint8_t, 32>>> DigestsFromHex(std::string_view hex, std::size_t max);

}  // namespace probatio::evidence
