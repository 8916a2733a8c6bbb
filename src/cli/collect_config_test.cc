// collect.toml: each rule and limit on both sides, and where an error is said to stand.
#include "cli/collect_config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "cli/files.h"

namespace probatio::cli {
namespace {

const std::string kExporter = "[[exporter]]\nname = \"cgn-1\"\nfrom = [\"192.0.2.0/24\"]\n";
const std::string kUdp =
    "[[listener]]\nformat = \"ipfix\"\ntransport = \"udp\"\naddress = \"127.0.0.1:4739\"\n";
const std::string kTcp =
    "[[listener]]\nformat = \"ipfix\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:4739\"\n";
const std::string kTls =
    "[[listener]]\nformat = \"syslog-cgn\"\ntransport = \"tls\"\naddress = \"127.0.0.1:6514\"\n";
const std::string kTlsFiles = "certificate = \"a.crt\"\nkey = \"a.key\"\n";
const std::string kRadius =
    "[[listener]]\ntransport = \"radius\"\naddress = \"127.0.0.1:1813\"\nsecrets = \"clients\"\n";
const std::string kFolder = "[[folder]]\nname = \"dhcp\"\nfolder = \"in\"\nformat = \"dhcp-kea\"\n";

class CollectConfigTest : public ::testing::Test {
 protected:
  CollectConfigTest() {
    folder_ = std::filesystem::temp_directory_path().string() + "/probatio-collect-XXXXXX";
    CHECK(::mkdtemp(folder_.data()) != nullptr);
  }
  ~CollectConfigTest() override { std::filesystem::remove_all(folder_); }

  Result<CollectConfig> Read(const std::string& toml) {
    const std::string path = folder_ + "/collect.toml";
    CHECK(WriteFile(path, AsBytes(toml), Mode::kPrivate).ok());
    return ReadCollectConfig(path);
  }
  // Empty when it can be read.
  std::string WhyNot(const std::string& toml) {
    const Result<CollectConfig> config = Read(toml);
    return config.ok() ? "" : config.error().what().substr(folder_.size() + 1);
  }
  void ExpectRefused(const std::string& toml, const std::string& words) {
    const std::string why = WhyNot(toml);
    EXPECT_NE(why.find(words), std::string::npos) << toml << "says: " << why;
    EXPECT_TRUE(why.starts_with("collect.toml:")) << why;
  }
  // A whole number that may be `min` to `max`, both included.
  void ExpectRange(const std::string& before, const std::string& key, std::int64_t min, std::int64_t max,
                   const std::string& after = "") {
    for (const std::int64_t good : {min, max})
      EXPECT_EQ(WhyNot(fmt::format("{}{} = {}\n{}", before, key, good, after)), "");
    for (const std::int64_t bad : {min - 1, max + 1})
      ExpectRefused(fmt::format("{}{} = {}\n{}", before, key, bad, after), key);
  }

  std::string folder_;
};

TEST_F(CollectConfigTest, SaysWhatIsNotSaid) {
  const CollectConfig config = Read(kExporter + kUdp + kFolder).value();
  EXPECT_EQ(config.status_every_s, 60);
  EXPECT_EQ(config.sessions_grace_s, 30);
  EXPECT_EQ(config.days_close_every_h, 6);
  ASSERT_EQ(config.listeners.size(), 1U);
  EXPECT_EQ(config.listeners[0].Name(), "ipfix udp 127.0.0.1:4739");
  EXPECT_EQ(config.listeners[0].receive_buffer, 32U << 20);
  ASSERT_EQ(config.listeners[0].exporters.size(), 1U);
  ASSERT_EQ(config.folders.size(), 1U);
  EXPECT_EQ(config.folders[0].glob, "*");
  EXPECT_EQ(config.folders[0].folder, folder_ + "/in");
  EXPECT_FALSE(config.folders[0].growing);
  EXPECT_FALSE(config.folders[0].delete_finished);
  EXPECT_EQ(config.folders[0].finished_days, 14);
}

TEST_F(CollectConfigTest, NumbersHaveLimits) {
  const std::string rest = kExporter + kUdp;
  ExpectRange("[collect]\n", "status_seconds", 1, 86'400, rest);
  ExpectRange("[collect]\n", "grace_seconds", 0, 600, rest);
  ExpectRange("[collect]\n", "close_hours", 1, 24, rest);
  ExpectRange(rest, "receive_buffer", 4'096, kReceiveBufferBytesMax);
  ExpectRange(kExporter + kTcp, "connections", 1, 4'096);
  ExpectRange(kFolder, "finished_days", 1, 14);
}

TEST_F(CollectConfigTest, NamesTheLineOfWhatIsWrong) {
  ExpectRefused(kExporter + kUdp + "colour = 1\n", "collect.toml:8: ");
  ExpectRefused(kExporter + "[[listener]]\ntransport = \"pigeon\"\n", "collect.toml:5: ");
  ExpectRefused(kExporter + kUdp + "what is this\n", "collect.toml:8: ");
}

TEST_F(CollectConfigTest, KnowsEveryKeyAndNoOther) {
  for (const std::string table : {"[collect]\n", "[[exporter]]\n", "[[listener]]\n", "[[folder]]\n"})
    ExpectRefused(table + "colour = 1\n", "colour");
  ExpectRefused("colour = 1\n" + kFolder, "colour");
}

TEST_F(CollectConfigTest, AnExporterHasANameAndAddressesOfItsOwn) {
  ExpectRefused("[[exporter]]\nfrom = [\"192.0.2.1\"]\n" + kUdp, "name");
  ExpectRefused("[[exporter]]\nname = \"a\"\n" + kUdp, "missing: the addresses");
  ExpectRefused("[[exporter]]\nname = \"a\"\nfrom = [\"nowhere\"]\n" + kUdp, "from");
  ExpectRefused(kExporter + kExporter + kUdp, "given twice");
  const std::string inside = "[[exporter]]\nname = \"b\"\nfrom = [\"192.0.2.7\"]\n";
  ExpectRefused(kExporter + inside + kUdp, "share addresses");
  EXPECT_EQ(WhyNot(kExporter + inside + kUdp + "exporters = [\"b\"]\n"), "");  // apart in each listener
  ExpectRefused(kExporter + kUdp + "exporters = [\"c\"]\n", "no [[exporter]] is named 'c'");
  ExpectRefused(kUdp, "nobody may send");
}

TEST_F(CollectConfigTest, AFormatGoesWithItsTransport) {
  const std::string at = "address = \"127.0.0.1:4739\"\n";
  const auto with = [&](const std::string& format, const std::string& transport) {
    return kExporter + "[[listener]]\nformat = \"" + format + "\"\ntransport = \"" + transport + "\"\n" + at;
  };
  EXPECT_EQ(WhyNot(with("syslog-cgn", "tcp")), "");
  ExpectRefused(with("netflow9", "tcp"), "over TCP and TLS");
  ExpectRefused(with("radius", "udp"), "goes with transport");
  ExpectRefused(with("carrier", "udp"), "unknown format 'carrier'");
  ExpectRefused(kExporter + kRadius + "format = \"ipfix\"\n", "radius, and nothing else");
  ExpectRefused(kFolder + "[[folder]]\nname = \"other\"\nfolder = \"./in\"\nformat = \"dhcp-kea\"\n",
                "watched twice");
  ExpectRefused("[[folder]]\nname = \"r\"\nfolder = \"in\"\nformat = \"radius\"\n", "radius-detail");
}

TEST_F(CollectConfigTest, KeysOfOneTransportAreRefusedInAnother) {
  EXPECT_EQ(WhyNot(kExporter + kTls + kTlsFiles), "");
  ExpectRefused(kExporter + kTls, "missing: TLS needs it");
  ExpectRefused(kExporter + kUdp + "certificate = \"a\"\n", "of a TLS listener only");
  ExpectRefused(kExporter + kTcp + "key = \"a\"\n", "of a TLS listener only");
  ExpectRefused(kExporter + kTcp + "clients = [\"a\"]\n", "of a TLS listener only");
  ExpectRefused(kExporter + kTcp + "receive_buffer = 65536\n", "of UDP only");
  ExpectRefused(kExporter + kUdp + "connections = 3\n", "of TCP and TLS only");
  ExpectRefused(kExporter + kUdp + "secrets = \"a\"\n", "of a RADIUS listener only");
  ExpectRefused(kExporter + kTcp + "framing = \"lines\"\n", "of syslog over TCP or TLS only");
  EXPECT_EQ(WhyNot(kExporter + kTls + kTlsFiles + "framing = \"lines\"\n"), "");
  ExpectRefused(kExporter + kTls + kTlsFiles + "framing = \"letters\"\n", "one of counted, lines, detect");
  EXPECT_EQ(WhyNot(kExporter + kRadius), "");
}

TEST_F(CollectConfigTest, NothingIsInTwoPlaces) {
  ExpectRefused(kExporter + kUdp + kUdp, "two listeners in one place");
  ExpectRefused(kFolder + kFolder, "given twice");
  ExpectRefused(kExporter, "nothing to collect from");
  ExpectRefused(kFolder + "when_read = \"burn\"\n", "one of move, delete");
}

TEST_F(CollectConfigTest, TakesSoManyListenersAndFoldersAndNoMore) {
  std::string many = kExporter;
  for (std::size_t i = 0; i < kListenersMax; ++i) {
    many += fmt::format("[[listener]]\nformat = \"ipfix\"\ntransport = \"udp\"\naddress = \"127.0.0.1:{}\"\n",
                        5'000 + i);
  }
  EXPECT_EQ(WhyNot(many), "");
  ExpectRefused(many + kUdp, "more than 64");
}

}  // namespace
}  // namespace probatio::cli
