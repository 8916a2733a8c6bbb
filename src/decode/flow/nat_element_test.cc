#include "decode/flow/nat_element.h"

#include <gtest/gtest.h>

#include <set>

namespace probatio::decode {
namespace {

TEST(NatElement, TableIsInTheOrderOfTheRegistryAndNamesEveryElement) {
  std::set<NatElement> named;
  std::uint16_t before = 0;
  for (const NatElementRow& row : kNatElements) {
    EXPECT_GT(row.id, before);
    EXPECT_FALSE(row.name.empty());
    before = row.id;
    named.insert(row.element);
  }
  EXPECT_EQ(named.size(), kNatElementCount);
  EXPECT_EQ(FindNatElement(0), nullptr);
  EXPECT_EQ(FindNatElement(230)->element, NatElement::kNatEvent);
}

}  // namespace
}  // namespace probatio::decode
