#include "yam/proto/tftp/packet.hpp"

#include <deque>
#include <string>

#include <gtest/gtest.h>

#include "yam/proto/tftp/options.hpp"

namespace yam::proto::tftp {
namespace {

using namespace std::string_literals;

std::string refusal(std::string_view datagram) {
  const Result<Packet> packet = decode(bytes_of(datagram));
  if (packet) return "";
  EXPECT_EQ(packet.error().code, Code::protocol);
  return packet.error().what;
}

template <class Kind>
Kind decoded(std::string_view datagram) {
  const Result<Packet> packet = decode(bytes_of(datagram));
  EXPECT_TRUE(packet && std::holds_alternative<Kind>(*packet));
  return packet ? std::get<Kind>(*packet) : Kind{};
}

TEST(Packet, IsRefusedInWords) {
  const struct {
    std::string datagram, words;
  } cases[] = {
      {"", "a packet of 0 bytes has no opcode"},
      {"\0"s, "a packet of 1 bytes has no opcode"},
      {"\0\0"s, "a packet with the unknown opcode 0"},
      {"\0\7"s, "a packet with the unknown opcode 7"},
      {"\xff\3"s, "a packet with the unknown opcode 65283"},
      {"\0\1"s, "a read request whose file name has no end"},
      {"\0\1\0octet\0"s, "a read request without a file name"},
      {"\0\2name"s, "a write request whose file name has no end"},
      {"\0\1name\0"s, "a read request without a mode"},
      {"\0\1name\0octet"s, "a read request without a mode"},
      {"\0\1name\0a mode of many letters\0"s, "a read request without a mode"},
      {"\0\2name\0mail\0"s, "a write request in mail mode, which is obsolete"},
      {"\0\1name\0oct\net\0"s, "a read request in an unknown mode, \"oct\\net\""},
      {"\0\1"s + std::string(1025, 'n') + "\0octet\0"s,
       "a read request whose file name has 1025 bytes, more than 1024"},
      {"\0\1"s + std::string(1471, 'n') + "\0octet\0"s, "a read request of 1478 bytes, more than 1472"},
      {"\0\3"s, "a packet with opcode 3 is cut after 2 bytes"},
      {"\0\4\1"s, "a packet with opcode 4 is cut after 3 bytes"},
      {"\0\5\0"s, "a packet with opcode 5 is cut after 3 bytes"},
      {"\0\3\0\1"s + std::string(65465, 'x'), "a block of 65465 bytes, more than 65464"},
  };
  for (const auto& [datagram, words] : cases)
    EXPECT_EQ(refusal(datagram), words);
}

TEST(Packet, ARequestIsKnownByItsOpcode) {
  for (const std::string& datagram : {"\0\1"s, "\0\2"s, "\0\1a\0mail\0"s})
    EXPECT_TRUE(is_request(bytes_of(datagram)));
  for (const std::string& datagram : {""s, "\0"s, "\1"s, "\0\0"s, "\0\3\0\1"s, "\1\1a"s, "\2\0a"s})
    EXPECT_FALSE(is_request(bytes_of(datagram)));
}

TEST(Packet, ARequestIsReadWhole) {
  const struct {
    std::string datagram;
    Request request;
  } cases[] = {
      {"\0\1a\0octet\0"s, {false, "a", Mode::octet, {}}},
      {"\0\2a/b c\0NetASCII\0"s, {true, "a/b c", Mode::netascii, {}}},
      {"\0\1a\0OCTET\0blksize\0001428\0TSIZE\0000\0"s,
       {false, "a", Mode::octet, {{"blksize", "1428"}, {"TSIZE", "0"}}}},
      {"\0\1a\0octet\0\0\0\0\0"s, {false, "a", Mode::octet, {}}},                     // padded
      {"\0\1a\0octet\0tsize\0"s, {false, "a", Mode::octet, {}}},                      // no value
      {"\0\1a\0octet\0x\0y\0tsize\00012"s, {false, "a", Mode::octet, {{"x", "y"}}}},  // a value without end
      {"\0\1a\0octet\0x\0\0"s, {false, "a", Mode::octet, {{"x", ""}}}},
      {"\0\1a\0octet\0x\0y\0"s + std::string(65, 'n') + "\0z\0"s,
       {false, "a", Mode::octet, {{"x", "y"}}}},  // a name beyond the limit
  };
  for (const auto& [datagram, request] : cases)
    EXPECT_EQ(decoded<Request>(datagram), request) << datagram;
}

TEST(Packet, OptionsBeyondTheLimitAreLeftOut) {
  std::string datagram = "\0\1a\0octet\0"s;
  for (std::size_t i = 0; i <= options_max; ++i)
    datagram += "n\0v\0"s;
  EXPECT_EQ(decoded<Request>(datagram).options.size(), options_max);
}

TEST(Packet, TheOthersAreReadWhole) {
  EXPECT_EQ(decoded<Data>("\0\3\1\2abc"s).number, 0x102);
  EXPECT_EQ(text_of(decoded<Data>("\0\3\1\2abc"s).bytes), "abc");
  EXPECT_EQ(decoded<Data>("\0\3\0\1"s).bytes.size(), 0u);
  EXPECT_EQ(decoded<Ack>("\0\4\xff\xfe"s), Ack{0xfffe});
  EXPECT_EQ(decoded<Ack>("\0\4\0\1\0\0\0\0"s), Ack{1});
  EXPECT_EQ(decoded<ErrorPacket>("\0\5\0\1gone\0"s), (ErrorPacket{1, "gone"}));
  EXPECT_EQ(decoded<ErrorPacket>("\0\5\0\1gone"s), (ErrorPacket{1, "gone"}));
  EXPECT_EQ(decoded<ErrorPacket>("\0\5\0\1"s), (ErrorPacket{1, ""}));
  EXPECT_EQ(decoded<ErrorPacket>("\0\5\0\1"s + std::string(2000, 'e')).text.size(), error_text_bytes_max);
  EXPECT_EQ(decoded<OptionAck>("\0\6tsize\0009\0"s), (OptionAck{{{"tsize", "9"}}}));
  EXPECT_EQ(decoded<OptionAck>("\0\6"s), OptionAck{});
}

TEST(Packet, WhatIsWrittenIsReadBack) {
  Bytes out;
  const Request request{true, "boot/a b", Mode::netascii, {{"blksize", "8"}, {"tsize", "0"}}};
  ASSERT_TRUE(write_request(out, request));
  EXPECT_EQ(text_of(out), "\0\2boot/a b\0netascii\0blksize\0008\0tsize\0000\0"s);
  const OptionTexts options{{"windowsize", "4"}};
  ASSERT_TRUE(write_option_ack(out, options));
  EXPECT_EQ(text_of(out), "\0\6windowsize\0004\0"s);
  write_ack(out, 0x1234);
  EXPECT_EQ(text_of(out), "\0\4\x12\x34"s);
  write_error(out, ErrorCode::disk_full, "no room");
  EXPECT_EQ(text_of(out), "\0\5\0\3no room\0"s);
  write_error(out, ErrorCode::undefined, "cut\0here"s);
  EXPECT_EQ(text_of(out), "\0\5\0\0cut\0"s);
  write_error(out, ErrorCode::undefined, std::string(error_text_bytes_max - 1, 'e') + "é");
  EXPECT_EQ(out.size(), 4 + error_text_bytes_max - 1 + 1);  // no half letter
  EXPECT_EQ(text_of(data_header(0x203)), "\0\3\2\3"s);
}

TEST(Packet, ARequestThatDoesNotFitIsNotWritten) {
  Bytes out;
  const std::string long_name(505, 'n');
  const auto written = write_request(out, {false, long_name, Mode::octet, {}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::usage);
  EXPECT_EQ(written.error().what, "the request does not fit in 512 bytes, or has a NUL inside");
  EXPECT_FALSE(write_request(out, {false, "a\0b"s, Mode::octet, {}}));
  EXPECT_TRUE(write_request(out, {false, std::string(503, 'n'), Mode::octet, {}}));
}

TEST(Packet, AnErrorIsDescribedSafely) {
  EXPECT_EQ(describe({1, "no \x1b[2J"}), "\"no \\x1b[2J\" (error 1: file not found)");
  EXPECT_EQ(describe({8, ""}), "error 8: option refused");
  EXPECT_EQ(describe({99, "x"}), "\"x\" (error 99)");
}

// The views last as long as the test.
OptionTexts options_in(std::string_view packet) {
  static std::deque<std::string> kept;
  return decoded<OptionAck>(kept.emplace_back("\0\6"s + std::string(packet))).options;
}

TEST(ReadOptions, TakesWhatItsRfcAllows) {
  const struct {
    std::string packet, read;
  } cases[] = {
      {"", ""},
      {"blksize\0008\0"s, "blksize=8"},  // RFC 2348: 8 to 65464
      {"blksize\00065464\0"s, "blksize=65464"},
      {"blksize\0007\0"s, ""},
      {"blksize\0000\0"s, ""},
      {"blksize\00065465\0"s, "blksize=65464"},
      {"blksize\00099999999999999999999\0"s, ""},
      {"BlkSize\0001428\0"s, "blksize=1428"},  // RFC 2347: in any case
      {"blksize\000 512\0"s, ""},
      {"blksize\000+512\0"s, ""},
      {"blksize\000512x\0"s, ""},
      {"blksize\0\0"s, ""},
      {"windowsize\0001\0"s, "windowsize=1"},  // RFC 7440 §3: 1 to 65535
      {"windowsize\00065535\0"s, "windowsize=65535"},
      {"windowsize\0000\0"s, ""},
      {"windowsize\00065536\0"s, ""},
      {"windowsize\000-1\0"s, ""},
      {"timeout\0001\0"s, "timeout=1"},  // RFC 2349: 1 to 255
      {"timeout\000255\0"s, "timeout=255"},
      {"timeout\0000\0"s, ""},
      {"timeout\000256\0"s, ""},
      {"tsize\0000\0"s, "tsize=0"},
      {"tsize\00018446744073709551615\0"s, "tsize=18446744073709551615"},
      {"tsize\00018446744073709551616\0"s, ""},
      {"multicast\0\0x\0y\0"s, ""},
      {"blksize\000512\0blksize\0001024\0"s, "blksize=512"},  // RFC 2347: each once
  };
  for (const auto& [packet, read] : cases)
    EXPECT_EQ(read_options(options_in(packet)).to_string(), read) << packet;
}

TEST(Grant, AnswersOnlyWhatWasAsked) {  // RFC 2347
  const Caps caps{1024, 16, 10};
  EXPECT_TRUE(grant({}, caps, false, 77).empty());
  EXPECT_EQ(grant({2048, 64, 10, 0}, caps, false, 77).to_string(),
            "blksize=1024 windowsize=16 timeout=10 tsize=77");
  EXPECT_EQ(grant({512, 4, 11, 0}, caps, false, {}).to_string(), "blksize=512 windowsize=4");
  EXPECT_EQ(grant({{}, {}, {}, 1000}, caps, true, {}).to_string(), "tsize=1000");  // RFC 2349
  EXPECT_EQ(grant({{}, 65535, {}, {}}, {.window = 65535}, true, {}).window, window_blocks_max);
}

TEST(CheckGranted, RefusesWhatWasNotAsked) {
  const Options asked{1428, 8, 3, 0};
  const struct {
    std::string packet, words;
  } cases[] = {
      {"", ""},
      {"blksize\0001428\0windowsize\0008\0timeout\0003\0tsize\000999\0"s, ""},
      {"BLKSIZE\000512\0windowsize\0001\0"s, ""},
      {"blksize\0001429\0"s, "option blksize of \"1429\" is not within the 1428 that was asked for"},
      {"blksize\0004\0"s, "option blksize of \"4\" is malformed"},
      {"windowsize\0009\0"s, "option windowsize of \"9\" is not within the 8 that was asked for"},
      {"timeout\0002\0"s, "option timeout of \"2\" is not within the 3 that was asked for"},
      {"tsize\000x\0"s, "option tsize of \"x\" is malformed"},
      {"multicast\000a\0"s, "option multicast of \"a\" was not asked for (RFC 2347)"},
      {"blksize\0008\0blksize\0008\0"s, "option blksize of \"8\" came twice (RFC 2347)"},
  };
  for (const auto& [packet, words] : cases) {
    const auto granted = check_granted(asked, options_in(packet));
    EXPECT_EQ(granted ? "" : granted.error().what, words) << packet;
  }
  for (const std::string& packet :
       {"blksize\0008\0"s, "windowsize\0001\0"s, "timeout\0001\0"s, "tsize\0009\0"s})
    EXPECT_NE(check_granted({}, options_in(packet)).error().what.find("was not asked for"),
              std::string::npos);
  const Terms terms(*check_granted(asked, options_in("blksize\000600\0timeout\0003\0"s)));
  EXPECT_EQ(terms.block_bytes, 600);
  EXPECT_EQ(terms.window, 1);
  EXPECT_EQ(terms.timeout, std::chrono::seconds(3));
  EXPECT_EQ(Terms(Options()).block_bytes, 512);
}

}  // namespace
}  // namespace yam::proto::tftp
