// Sealing the NAT rows of one window, on all cores: tokens are independent of each other once their order is
// known.
#include <algorithm>
#include <thread>
#include <unordered_map>

#include "keep/nat_close.h"
#include "seal/nat_segment.h"
#include "seal/nat_sort.h"

namespace probatio::keep {
namespace {

using seal::NatGroup;

constexpr std::size_t kRowsPerThreadMin = 8192;  // less is done before a thread has started

struct Link {
  seal::Token token{};
  seal::Token next{};
};
using Links = std::unordered_map<std::uint64_t, Link>;  // by NatGroup::key

Links LinksOf(std::span<const NatGroup> groups, seal::Stream stream, const seal::NatTables& tables,
              const seal::WindowKeys& keys) {
  Links links;
  links.reserve(groups.size());
  for (const seal::PlannedToken& planned : seal::PlanTokens(groups, stream, tables, keys)) {
    links[planned.group.key()] = {planned.token, planned.next};
  }
  return links;
}

using TokenRows = NatRows::TokenRows;

// The tokens cut into as many shares of about equal rows.
std::vector<std::span<TokenRows>> Shares(std::span<TokenRows> tokens, std::size_t rows, std::size_t count) {
  std::vector<std::span<TokenRows>> shares;
  std::size_t first = 0;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    taken += tokens[i].size();
    const bool full = taken * count >= rows * (shares.size() + 1);
    if (!full && i + 1 < tokens.size()) continue;
    shares.push_back(tokens.subspan(first, i + 1 - first));
    first = i + 1;
  }
  return shares;
}

class PartSealer {
 public:
  PartSealer(const SegmentId& segment, seal::Stream stream, const seal::WindowKeys& keys,
             const seal::NatTables& tables, bool padded, const Links& links, Random& random)
      : segment_(segment),
        stream_(stream),
        keys_(keys),
        tables_(tables),
        padded_(padded),
        links_(links),
        random_(random) {}

  std::vector<seal::SealedBlock> Seal(std::span<TokenRows> tokens) const {
    std::size_t rows = 0;
    for (const TokenRows& token : tokens) rows += token.size();
    const std::size_t threads = std::clamp<std::size_t>(rows / kRowsPerThreadMin, 1,
                                                        std::max(1U, std::thread::hardware_concurrency()));
    const auto shares = Shares(tokens, rows, threads);
    std::vector<std::vector<seal::SealedBlock>> blocks(shares.size());
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < shares.size(); ++i) {
      others.emplace_back([&, i] { SealShare(shares[i], &blocks[i]); });
    }
    SealShare(shares.front(), &blocks.front());
    for (std::thread& other : others) other.join();
    for (std::size_t i = 1; i < blocks.size(); ++i) {
      std::move(blocks[i].begin(), blocks[i].end(), std::back_inserter(blocks.front()));
    }
    return std::move(blocks.front());
  }

 private:
  // Sorting, packing and sealing one token after the other keeps its rows in the nearest cache.
  void SealShare(std::span<TokenRows> tokens, std::vector<seal::SealedBlock>* blocks) const {
    seal::NatSealer sealer(segment_, keys_, tables_, padded_, random_);
    for (TokenRows& rows : tokens) {
      seal::SortNatRows(&rows);
      const Link& link = links_.at(seal::GroupKeyOf(rows.front(), stream_));
      sealer.Seal(link.token, link.next, rows, blocks);
    }
  }

  const SegmentId& segment_;
  seal::Stream stream_;
  const seal::WindowKeys& keys_;
  const seal::NatTables& tables_;
  bool padded_;
  const Links& links_;
  Random& random_;
};

bool LeafBefore(const seal::SealedBlock& a, const seal::SealedBlock& b) {
  return std::tie(a.leaf.token, a.leaf.position) < std::tie(b.leaf.token, b.leaf.position);
}

}  // namespace

Result<seal::SegmentImage> SealNatRows(NatRows* nat, const seal::Window& window, const SegmentId& segment,
                                       const seal::WindowKeys& keys, bool padded, Random& random) {
  const std::vector<NatGroup> groups = nat->Groups(window);
  const Links links = LinksOf(groups, window.stream, nat->tables(), keys);
  const PartSealer sealer(segment, window.stream, keys, nat->tables(), padded, links, random);
  seal::SegmentImage image;
  image.rows = nat->rows(window);
  image.public_range = seal::RangeOf(groups, nat->tables());
  std::vector<seal::SealedBlock> blocks;
  TRY(nat->ByToken(window, [&](std::span<TokenRows> tokens) -> Status {
    std::vector<seal::SealedBlock> part = sealer.Seal(tokens);
    std::move(part.begin(), part.end(), std::back_inserter(blocks));
    return Done{};
  }));
  std::sort(blocks.begin(), blocks.end(), LeafBefore);
  std::vector<seal::BlockLeaf> leaves;
  leaves.reserve(blocks.size() + 1);
  image.blocks.reserve(blocks.size());
  for (seal::SealedBlock& block : blocks) {
    leaves.push_back(block.leaf);
    image.blocks.push_back(std::move(block.bytes));
  }
  image.leaves = seal::WithSentinel(std::move(leaves));
  image.root = seal::SegmentRoot(image.leaves);
  return image;
}

}  // namespace probatio::keep
