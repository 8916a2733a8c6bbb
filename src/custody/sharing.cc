// Shamir's secret sharing by libgfshare, which only this file knows. Thread-safe: the library's only shared
// state is the pointer to its source of randomness, and that is set once.
#include "custody/sharing.h"

#include <algorithm>
#include <memory>

#include "crypto/system_random.h"

extern "C" {
#include <libgfshare.h>
}

namespace probatio::custody {
namespace {

struct FreeContext {
  void operator()(gfshare_ctx* context) const {
    gfshare_ctx_free(context);
  }  // overwrites it with random bytes
};
using Context = std::unique_ptr<gfshare_ctx, FreeContext>;

void FillRandom(unsigned char* out, unsigned int size) {
  crypto::SystemRandom random;
  random.Fill({out, size});
}

// The library calls through a null pointer until this is set: when it splits, and also when it frees a
// context.
void SetRandomness() {
  static const bool set = [] {
    gfshare_fill_rand = FillRandom;
    return true;
  }();
  CHECK(set);
}

}  // namespace

std::vector<Share> Split(const Key& key, unsigned needed, unsigned count) {
  CHECK(needed >= 1 && needed <= count && count <= UINT8_MAX);
  std::vector<Share> shares(count);
  for (unsigned i = 0; i < count; ++i) shares[i].number = static_cast<std::uint8_t>(i + 1);
  if (needed == 1) {  // a polynomial of degree zero: the library refuses it
    for (Share& share : shares) share.value = key.Clone();
    return shares;
  }
  SetRandomness();
  Buffer numbers(count);
  std::transform(shares.begin(), shares.end(), numbers.begin(),
                 [](const Share& share) { return share.number; });
  const Context context(
      gfshare_ctx_init_enc(numbers.data(), count, static_cast<unsigned char>(needed), Key::kSize));
  CHECK(context != nullptr);
  Key secret = key.Clone();  // the library takes it as not const
  gfshare_ctx_enc_setsecret(context.get(), secret.mutable_bytes().data());
  for (unsigned i = 0; i < count; ++i) {
    gfshare_ctx_enc_getshare(context.get(), static_cast<unsigned char>(i),
                             shares[i].value.mutable_bytes().data());
  }
  return shares;
}

Key Combine(const std::vector<Share>& shares) {
  CHECK(!shares.empty() && shares.size() <= UINT8_MAX);
  Buffer numbers(shares.size());
  std::transform(shares.begin(), shares.end(), numbers.begin(),
                 [](const Share& share) { return share.number; });
  Buffer sorted = numbers;
  std::sort(sorted.begin(), sorted.end());
  CHECK(sorted.front() != 0 && std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
  if (shares.size() == 1) return shares.front().value.Clone();
  SetRandomness();
  const Context context(
      gfshare_ctx_init_dec(numbers.data(), static_cast<unsigned>(shares.size()), Key::kSize));
  CHECK(context != nullptr);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    Key value = shares[i].value.Clone();
    gfshare_ctx_dec_giveshare(context.get(), static_cast<unsigned char>(i), value.mutable_bytes().data());
  }
  Key key;
  gfshare_ctx_dec_extract(context.get(), key.mutable_bytes().data());
  return key;
}

}  // namespace probatio::custody
