#include "yam/service/line_writer.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "yam/net/loop/fd.hpp"

namespace yam::service {
namespace {

class LineWriterTest : public testing::Test {
 protected:
  LineWriterTest() {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    in_ = net::Fd(ends[0]);
    out_ = net::Fd(ends[1]);
    writer_ = LineWriter::open(out_.get(), [](std::uint64_t count) {
                return "-" + std::to_string(count) + "\n";
              }).value();
  }
  // The next line, without its end; "(end)" when there is none any more.
  std::string read_line() {
    while (heard_.find('\n') == std::string::npos) {
      std::array<char, 65'536> piece{};
      const ssize_t got = ::read(in_.get(), piece.data(), piece.size());
      if (got <= 0) return "(end)";
      heard_.append(piece.data(), static_cast<std::size_t>(got));
    }
    std::string line = heard_.substr(0, heard_.find('\n'));
    heard_.erase(0, line.size() + 1);
    return line;
  }

  net::Fd in_, out_;
  std::unique_ptr<LineWriter> writer_;
  std::string heard_;
};

TEST_F(LineWriterTest, KeepsTheOrderOfEachThread) {
  constexpr std::size_t threads = 3, lines = 500;
  std::vector<std::jthread> others;
  for (std::size_t i = 0; i < threads; ++i)
    others.emplace_back([this, i] {
      for (std::size_t each = 0; each < lines; ++each)
        writer_->put(std::to_string(i) + " " + std::to_string(each) + "\n");
    });
  std::array<std::size_t, threads> next{};
  for (std::size_t i = 0; i < threads * lines; ++i) {
    const std::string line = read_line();
    const std::size_t thread = static_cast<std::size_t>(line.at(0) - '0');
    EXPECT_EQ(line.substr(2), std::to_string(next.at(thread)++));
  }
}

TEST_F(LineWriterTest, NeverWaitsForTheReaderAndCountsWhatItLeavesOut) {
  constexpr std::size_t lines = 3000;
  const std::string rest(1000, 'x');
  for (std::size_t i = 0; i < lines; ++i)
    writer_->put(std::to_string(i) + " " + rest + "\n");  // three times what it holds
  std::size_t read = 0;
  std::string line = read_line();
  for (; line.front() != '-'; line = read_line())
    ASSERT_EQ(line, std::to_string(read++) + " " + rest);
  EXPECT_GE(read, LineWriter::bytes_max / (rest.size() + 10));
  EXPECT_EQ(read + std::stoul(line.substr(1)), lines);
  writer_->put("there is room again\n");
  EXPECT_EQ(read_line(), "there is room again");
  EXPECT_EQ(writer_->error(), 0);
}

TEST_F(LineWriterTest, LeavesOutALineThatIsTooLong) {
  writer_->put(std::string(LineWriter::bytes_max, 'x') + "\n");
  EXPECT_EQ(read_line(), "-1");
}

TEST_F(LineWriterTest, FinishesWhatIsWaiting) {
  writer_->put("a\n");
  writer_->put("b\n");
  EXPECT_TRUE(writer_->finish());
  EXPECT_TRUE(writer_->finish());
  writer_.reset();
  out_.close();
  EXPECT_EQ(read_line(), "a");
  EXPECT_EQ(read_line(), "b");
  EXPECT_EQ(read_line(), "(end)");
}

TEST_F(LineWriterTest, EndsThoughNobodyReads) {
  for (int i = 0; i < 300; ++i)
    writer_->put(std::string(1000, 'x') + "\n");
  EXPECT_FALSE(writer_->finish());
  EXPECT_FALSE(writer_->finish());
  writer_.reset();
  // The thread that was left behind writes on.
  for (int i = 0; i < 300; ++i)
    EXPECT_EQ(read_line().size(), 1000U);
}

TEST_F(LineWriterTest, SaysThatNobodyCanRead) {
  in_.close();
  writer_->put("lost\n");
  EXPECT_TRUE(writer_->finish());
  EXPECT_EQ(writer_->error(), EPIPE);
}

}  // namespace
}  // namespace yam::service
