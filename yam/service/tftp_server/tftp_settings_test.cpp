#include "yam/service/tftp_server/tftp_settings.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(TftpSettings, CutsOffWhatIsEachClientsOwn) {
  struct Row {
    std::string folder, shared, own;
  };
  const Row rows[] = {
      {"/srv/tftp", "/srv/tftp", ""},
      {"/srv/tftp/{ip}", "/srv/tftp", "{ip}"},
      {"/srv/{ip}/boot/", "/srv", "{ip}/boot"},
      {"/srv/a-{ip}", "/srv", "a-{ip}"},
      {"{ip}", ".", "{ip}"},
      {"/{ip}", "/", "{ip}"},
      {"./share/{ip}//", "./share", "{ip}"},
      {"/srv/{Ip}", "/srv/{Ip}", ""},
  };
  for (const Row& each : rows) {
    std::string folder = each.folder;
    EXPECT_EQ(take_client_folder(folder), each.own) << each.folder;
    EXPECT_EQ(folder, each.shared) << each.folder;
  }
}

TEST(TftpSettings, KnowsFourWaysToWrite) {
  EXPECT_EQ(parse_write_policy("off"), WritePolicy::off);
  EXPECT_EQ(parse_write_policy("new"), WritePolicy::create);
  EXPECT_EQ(parse_write_policy("replace"), WritePolicy::replace);
  EXPECT_EQ(parse_write_policy("number"), WritePolicy::number);
  EXPECT_EQ(parse_write_policy("New").error(),
            (Error{Code::usage, R"(no way to write "New")", "off, new, replace or number"}));
}

}  // namespace
}  // namespace yam::service
