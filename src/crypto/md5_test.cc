#include "crypto/md5.h"

#include <gtest/gtest.h>

namespace probatio::crypto {
namespace {

// RFC 1321, appendix A.5.
TEST(Md5, OfTheRfcsTestSuite) {
  EXPECT_EQ(ToHex(Md5({}).value()), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(ToHex(Md5({AsBytes("abc")}).value()), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(ToHex(Md5({AsBytes("message "), AsBytes("digest")}).value()), "f96b697d7cb7938d525a2f31aaf161d0");
}

}  // namespace
}  // namespace probatio::crypto
