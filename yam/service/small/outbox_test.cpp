#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {
namespace {

// A client that is slow to say the rest is answered with "a", as it must be; so the second piece is sent as
// soon as the first one has been read, and a machine that stumbles there may try again.
TEST_F(ServerTest, ANameInPiecesIsNotTakenForAShorterOne) {
  folder_.put("a", "wrong");
  folder_.put("ab", "right");
  serve({"outbox://127.0.0.1:0", "echo://127.0.0.1:0"}, 1);
  std::string heard;
  for (int tries = 0; tries < 20 && heard != "right"; ++tries) {
    Client client = call(0);
    Client beside = call(1);
    client.say("a");
    beside.say("x");
    EXPECT_EQ(beside.hear(), "x");
    client.say("b");
    heard = client.hear_all();
  }
  EXPECT_EQ(heard, "right");
}

TEST_F(ServerTest, ANameWithoutAnyEndGetsItsFile) {
  folder_.put("a", "content");
  serve({"outbox://127.0.0.1:0"});
  for (const std::string name : {"a", "a\n", "a\r\n"}) {
    Client client = call();
    client.say(name);
    EXPECT_EQ(client.hear_all(), "content");
  }
  Client nobody = call();
  nobody.say("\n");
  EXPECT_EQ(nobody.hear_all(), "");
}

}  // namespace
}  // namespace yam::service
