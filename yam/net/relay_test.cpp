#include "yam/net/relay.hpp"

#include "yam/net/relay_fixture_test.hpp"

namespace yam::net {
namespace {

// Sizes around the buffer's, the pipe's and the thresholds'; in pieces of many sizes by the kernel's whim.
constexpr std::size_t sizes[] = {0, 1, 1000, 32 * 1024, 65'537, 256 * 1024, 1'048'577, 3'000'001};

TEST_F(RelayTest, EveryPairOfKindsCarriesEverySizeWhole) {
  using Make = Pair (RelayTest::*)();
  const struct {
    const char* name;
    Make make;
  } kinds[] = {{"socket", &RelayTest::sockets},
               {"pipe", &RelayTest::pipe},
               {"tcp", &RelayTest::tcp},
               {"opaque", &RelayTest::opaque}};
  for (const auto& source : kinds)
    for (const auto& target : kinds)
      for (const std::size_t size : sizes) {
        SCOPED_TRACE(std::string(source.name) + " to " + target.name + ", " + std::to_string(size));
        const Bytes sent = pattern(size);
        Pair in = (this->*source.make)();
        Pair out = (this->*target.make)();
        Bytes came;
        Scope scope(*loop_);
        scope.spawn(feed(in.near.get(), sent));
        const auto both = [](Loop* loop, Pair* a, Pair* b, Bytes* all) -> Task<Relayed> {
          Scope reading(*loop);
          reading.spawn(collect(b->far.get(), all));
          const RelayOptions options;
          const Relayed relayed = co_await relay(*loop, *a->far, *b->near, options);
          co_await b->near->finish();
          co_await reading.drained();
          co_return relayed;
        };
        const Relayed relayed = loop_->run(both(loop_.get(), &in, &out, &came));
        EXPECT_EQ(relayed.end, Relayed::End::source_ended) << relayed.error.what;
        EXPECT_EQ(relayed.bytes, size);
        EXPECT_TRUE(came == sent);
      }
}

TEST_F(RelayTest, FilesGoToEveryKindAndComeFromEveryKind) {
  using Make = Pair (RelayTest::*)();
  for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp, &RelayTest::opaque})
    for (const std::size_t size : sizes) {
      SCOPED_TRACE(size);
      const Bytes sent = pattern(size);
      fill_file(sent);
      Pair carrier = (this->*make)();
      Bytes came;
      Scope scope(*loop_);
      const auto send = [](Loop* loop, Stream* from, Stream* to) -> Task<> {
        const RelayOptions options;
        const Relayed relayed = co_await relay(*loop, *from, *to, options);
        EXPECT_EQ(relayed.end, Relayed::End::source_ended) << relayed.error.what;
        co_await to->finish();
      };
      const auto from = file(FileUse::read);
      scope.spawn(send(loop_.get(), from.get(), carrier.near.get()));
      loop_->run(collect(carrier.far.get(), &came));
      EXPECT_TRUE(came == sent);

      Pair back = (this->*make)();
      const auto to = file(FileUse::write);
      scope.spawn(feed(back.near.get(), sent));
      EXPECT_EQ(run(*back.far, *to).bytes, size);
      EXPECT_TRUE(file_content() == sent);
    }
}

TEST_F(RelayTest, AFileGoesIntoAFileAndThroughAChild) {
  const Bytes sent = pattern(3'000'001);
  fill_file(sent);
  const std::string other = file_ + ".copy";
  const auto copy = open_file(*loop_, other, FileUse::write).value();
  const Relayed relayed = run(*file(FileUse::read), *copy);
  EXPECT_EQ(relayed.bytes, sent.size());

  Pair cat = child();
  const auto send = [](Loop* loop, Stream* from, Stream* to) -> Task<> {
    const RelayOptions options;
    co_await relay(*loop, *from, *to, options);
    co_await to->finish();
  };
  const auto from = open_file(*loop_, other, FileUse::read).value();
  Scope scope(*loop_);
  scope.spawn(send(loop_.get(), from.get(), cat.near.get()));
  const auto to = file(FileUse::write);
  EXPECT_EQ(run(*cat.near, *to).bytes, sent.size());
  EXPECT_TRUE(file_content() == sent);
  ::unlink(other.c_str());
}

// splice and sendfile refuse O_APPEND, the former with bytes already in the pipe between.
TEST_F(RelayTest, AppendingToAFileLosesNothing) {
  using Make = Pair (RelayTest::*)();
  const Bytes sent = pattern(3'000'001);
  for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp}) {
    fill_file(bytes_of("old"));
    Pair in = (this->*make)();
    Scope scope(*loop_);
    scope.spawn(feed(in.near.get(), sent));
    const auto to = file(FileUse::append);
    const Relayed relayed = run(*in.far, *to);
    EXPECT_EQ(relayed.bytes, sent.size()) << relayed.error.what;
    Bytes expected = copy_of(bytes_of("old"));
    expected.insert(expected.end(), sent.begin(), sent.end());
    EXPECT_TRUE(file_content() == expected);
  }
  const auto self = open_file(*loop_, "/proc/self/status", FileUse::read).value();
  const auto to = file(FileUse::append);
  EXPECT_GT(run(*self, *to).bytes, 100u);
}

}  // namespace
}  // namespace yam::net
