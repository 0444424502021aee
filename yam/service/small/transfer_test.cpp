#include "yam/service/small/transfer.hpp"

#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {
namespace {

using Kind = ServerEvent::Kind;

TEST_F(ServerTest, AnUploadByDropsIsBrokenOff) {
  limits_.idle = std::chrono::milliseconds(300);
  serve({"inbox://127.0.0.1:0?name=a.txt"});
  Client client = call();
  while (client.try_to_say("x") && !client.has_something(1)) {
  }
  const ServerEvent event = diary_.await(Kind::broken_off);
  EXPECT_EQ(event.error.code, Code::timeout);
  EXPECT_EQ(event.error.what, "slower than min-rate (1 kB/s)");
  EXPECT_EQ(event.name, "a.txt.part");
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a.txt.part"});
  EXPECT_EQ(folder_.content("a.txt.part"), std::string(event.bytes, 'x'));
}

TEST_F(ServerTest, ADownloadThatIsTooSlowIsBrokenOff) {
  limits_.idle = std::chrono::milliseconds(300);
  limits_.min_rate = Rate{rate_bytes_max};  // nobody is fast enough
  folder_.put("big", "");
  std::filesystem::resize_file(folder_.path("big"), std::uintmax_t{1} << 36);  // no block of it is stored
  serve({"outbox://127.0.0.1:0"});
  Client client = call();
  client.say("big\n");
  std::string heard = "begun";
  while (!heard.empty() && heard != "(reset)")
    heard = client.hear();
  EXPECT_EQ(heard, "(reset)");
  const ServerEvent event = diary_.await(Kind::not_sent);
  EXPECT_EQ(event.error.what, "slower than min-rate (1 TB/s)");
  EXPECT_GT(event.bytes, 0U);
}

}  // namespace
}  // namespace yam::service
