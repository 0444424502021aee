#include "yam/service/tftp/kept_bytes.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using proto::tftp::Mode;

std::string view(const KeptBytes& kept, std::uint64_t offset, std::size_t bytes) {
  return string_of(kept.view(offset, bytes));
}

TEST(KeptBytes, GivesWhatIsNotForgotten) {
  KeptBytes kept(Mode::octet);
  kept.append(bytes_of("one\n"));
  kept.append(bytes_of("two\r\n"));
  EXPECT_EQ(kept.end(), 9U);
  EXPECT_EQ(view(kept, 0, 9), "one\ntwo\r\n");
  kept.forget_before(1);  // may stay
  kept.forget_before(6);
  EXPECT_EQ(kept.end(), 9U);
  EXPECT_EQ(view(kept, 6, 3), "o\r\n");
  kept.forget_before(4);  // forgotten already
  kept.append(bytes_of("three"));
  EXPECT_EQ(view(kept, 6, 8), "o\r\nthree");
  kept.forget_before(99);  // no more than there is
  EXPECT_EQ(kept.end(), 14U);
  kept.append(bytes_of("four"));
  EXPECT_EQ(view(kept, 14, 4), "four");
}

TEST(KeptBytes, CountsTextAsItGoesOut) {
  KeptBytes kept(Mode::netascii);
  kept.append(bytes_of("a\n"));
  kept.append(bytes_of("b\r"));
  EXPECT_EQ(kept.end(), 6U);
  EXPECT_EQ(view(kept, 1, 5), std::string("\r\nb\r\0", 5));
}

}  // namespace
}  // namespace yam::service
