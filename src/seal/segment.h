// Builds one segment in memory: records in, sealed chained blocks and leaves out, at close. What NAT rows
// need to be many is in nat_segment.h; here they are held and sealed like the rest. Not thread-safe.
#pragma once

#include <map>
#include <memory>

#include "seal/block.h"
#include "seal/nat_row.h"
#include "seal/public_range.h"

namespace probatio::seal {

inline constexpr std::size_t kSegmentTokensMax = 1U << 20;

struct SegmentImage {
  std::vector<BlockLeaf> leaves;  // the sentinel first
  std::vector<Buffer> blocks;     // sealed, parallel to leaves[1...]
  crypto::Digest root{};
  std::uint64_t rows = 0;                   // primary rows; light copies are not counted
  std::optional<PublicRange> public_range;  // of NAT events
};

// Public half of a subject's key pair under a random handle; the private half is wrapped like a window key.
struct SubjectPublic {
  SubjectHandle handle{};
  crypto::BoxPublicKey key{};
};

class SegmentBuilder {
 public:
  SegmentBuilder(SegmentId id, Window window, const Key& window_key);
  ~SegmentBuilder();
  SegmentBuilder(SegmentBuilder&&) noexcept;

  const SegmentId& id() const { return id_; }
  const Window& window() const { return window_; }
  WindowKeys& keys() { return keys_; }
  std::uint64_t rows() const { return rows_; }
  std::size_t tokens() const;

  // Window streams. kInvalid when the record breaks a limit (record::CheckRecord), has nothing to be found
  // by, belongs to another window (a create may be carried into a later one: window.md), or would be one
  // token more than kSegmentTokensMax; nothing was added then.
  Status Add(const record::Record& record);
  // Subject streams, whose windows are days of arrival: the record's own instant may lie anywhere. kInvalid
  // also when one handle comes with two keys.
  Status AddFor(const SubjectPublic& subject, const record::Record& record);

  // Rows of a token sorted by instant, then canonical bytes; cut at kRowsPerBlockMax and
  // kBlockRecordBytesMax. Leaves the builder empty.
  SegmentImage Build(Random& random);

 private:
  struct NatRowsInMemory;
  Status CheckMember(const record::Record& record) const;
  Status AddNat(const record::NatEvent& event);
  void SealToken(const Token& token, const Token& next, std::vector<record::Record> rows, Random& random,
                 SegmentImage* image) const;

  SegmentId id_;
  Window window_;
  WindowKeys keys_;
  std::map<Token, std::vector<record::Record>> rows_by_token_;
  std::map<Token, SubjectPublic> subjects_;
  std::unique_ptr<NatRowsInMemory> nat_;  // NAT streams only
  std::uint64_t rows_ = 0;
};

}  // namespace probatio::seal
