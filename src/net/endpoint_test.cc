#include "net/endpoint.h"

#include <gtest/gtest.h>

namespace probatio::net {
namespace {

TEST(Endpoint, ReadsWhatItWrites) {
  for (const char* text : {"192.0.2.1:4739", "0.0.0.0:0", "[2001:db8::1]:514", "[::]:65535"}) {
    EXPECT_EQ(ParseEndpoint(text).value().ToText(), text);
  }
}

TEST(Endpoint, RefusesWhatIsNoAddressAndPort) {
  for (const char* text : {"", "4739", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:+1",
                           "2001:db8::1:514", "[192.0.2.1]:514", "[2001:db8::1]", "collector.example:514"}) {
    EXPECT_FALSE(ParseEndpoint(text).ok()) << text;
  }
}

}  // namespace
}  // namespace probatio::net
