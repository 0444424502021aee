#include "yam/service/tftp_server/tftp_name.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(TftpName, ALeadingSlashIsTheRoot) {
  EXPECT_EQ(tftp_file_name("pxelinux.0"), "pxelinux.0");
  EXPECT_EQ(tftp_file_name("/boot/pxelinux.0"), "boot/pxelinux.0");
  EXPECT_EQ(tftp_file_name("//a"), "a");
  EXPECT_EQ(tftp_file_name("./a"), "a");
  EXPECT_EQ(tftp_file_name("/./a"), "a");
  EXPECT_EQ(tftp_file_name("/"), "");
  EXPECT_EQ(tftp_file_name("../a"), "../a");  // store refuses it
  EXPECT_EQ(tftp_file_name("/../a"), "../a");
  EXPECT_EQ(tftp_file_name(".profile"), ".profile");
}

}  // namespace
}  // namespace yam::service
