// Runs a fuzz target without libFuzzer: over each seed, each of its beginnings, and each seed with one octet
// changed. So every build exercises the targets, and a seed that once broke something stays a test. Usage:
// NAME_fuzz FOLDER
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kMutatedBytesMax = 1'024;  // octets of one seed that are changed or cut, from its begin

void Run(const std::vector<std::uint8_t>& input) {
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

void RunWithMutations(std::vector<std::uint8_t> seed) {
  Run(seed);
  const std::size_t reach = std::min(seed.size(), kMutatedBytesMax);
  for (std::size_t size = 0; size < reach; ++size) {
    Run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size)});
  }
  for (std::size_t i = 0; i < reach; ++i) {
    const std::uint8_t kept = seed[i];
    const auto flipped = static_cast<std::uint8_t>(kept ^ 0x20U);
    for (const std::uint8_t value : std::array<std::uint8_t, 7>{0, 1, 3, 0x7F, 0x80, 0xFF, flipped}) {
      seed[i] = value;
      Run(seed);
    }
    seed[i] = kept;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  std::size_t seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    RunWithMutations({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    ++seeds;
  }
  std::printf("%zu seeds\n", seeds);
  return seeds > 0 ? 0 : 1;
}
