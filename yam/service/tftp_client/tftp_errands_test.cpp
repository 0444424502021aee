#include "yam/service/tftp_client/tftp_errands.hpp"

#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

class TftpErrandsTest : public TftpServerTest {
 protected:
  // To the folder "got".
  std::vector<TftpErrand> downloads(std::initializer_list<const char*> names) {
    std::vector<TftpErrand> errands;
    for (const char* name : names) {
      TftpErrand errand;
      errand.url.host = "127.0.0.1";
      errand.url.port = place().port;
      errand.url.name = name;
      errand.file = got_.path(name);
      errands.push_back(std::move(errand));
    }
    return errands;
  }
  // Tells each end: "a", or "a: not found" in short.
  TftpErrands::Observer note() {
    return [this](const TftpErrands::Ended& ended) {
      const std::string how = ended.outcome ? "" : std::string(" ") + name_of(ended.outcome.error().code);
      ended_.push_back(ended.errand.url.name + how);
    };
  }

  store::TemporaryFolder got_;
  std::vector<std::string> ended_;
};

TEST_F(TftpErrandsTest, GoesInOrderWhereToldTo) {
  for (const char* name : {"a", "b", "c"})
    folder_.put(name, name);
  serve_files();
  TftpErrands::Setup setup;
  setup.at_once = 1;
  TftpErrands errands(*home_, downloads({"c", "no", "a", "b"}), setup, note());
  const auto outcome = home_->run(errands.run());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::refused);
  EXPECT_EQ(ended_, (std::vector<std::string>{"c", "no refused", "a", "b"}));
  EXPECT_EQ(got_.names(), (std::set<std::string>{"a", "b", "c"}));
  const auto progress = errands.progress();
  EXPECT_EQ(progress.ended, 4U);
  EXPECT_EQ(progress.all, 4U);
  EXPECT_EQ(progress.bytes, 3U);
  EXPECT_EQ(progress.size_bytes, 3U);
}

TEST_F(TftpErrandsTest, GivesTheFaultThatIsFirstInOrder) {
  folder_.put("big", std::string(3'000'000, 'x'));
  serve_files();
  got_.put("taken", "");
  auto planned = downloads({"big", "no", "taken"});
  planned[0].file = "/dev/full";
  TftpErrands errands(*home_, std::move(planned), {}, note());
  const auto outcome = home_->run(errands.run());
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().what.find("/dev/full"), std::string::npos) << outcome.error().what;
  EXPECT_EQ(ended_.front(), "taken local");
  EXPECT_EQ(ended_.size(), 3U);
}

}  // namespace
}  // namespace yam::service
