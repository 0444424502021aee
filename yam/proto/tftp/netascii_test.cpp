#include "yam/proto/tftp/netascii.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::string_literals;

std::string encode(std::string_view local, std::size_t piece_bytes) {
  Bytes out;
  for (; !local.empty(); local.remove_prefix(std::min(piece_bytes, local.size())))
    encode_netascii(bytes_of(local.substr(0, piece_bytes)), out);
  return string_of(out);
}

std::string decode(std::string_view netascii, std::size_t piece_bytes) {
  Bytes out;
  NetasciiDecoder decoder;
  for (; !netascii.empty(); netascii.remove_prefix(std::min(piece_bytes, netascii.size())))
    decoder.handle_bytes(bytes_of(netascii.substr(0, piece_bytes)), out);
  decoder.handle_end(out);
  return string_of(out);
}

TEST(Netascii, IsTheSameHoweverItIsCut) {
  const struct {
    std::string local, netascii;
  } cases[] = {
      {"", ""},
      {"a", "a"},
      {"a\nb\n", "a\r\nb\r\n"},
      {"\n", "\r\n"},
      {"\r", "\r\0"s},
      {"\r\n", "\r\0\r\n"s},
      {"\r\r\n\n", "\r\0\r\0\r\n\r\n"s},
      {"\0x"s, "\0x"s},
  };
  for (const auto& [local, netascii] : cases) {
    for (const std::size_t piece_bytes : {1, 2, 3, 100}) {
      EXPECT_EQ(encode(local, piece_bytes), netascii);
      EXPECT_EQ(decode(netascii, piece_bytes), local);
    }
  }
}

TEST(Netascii, WhatNoEncoderWritesStaysAsItIs) {
  const struct {
    std::string netascii, local;
  } cases[] = {{"a\nb", "a\nb"}, {"a\rb", "a\rb"}, {"a\r", "a\r"}, {"\r\r\n", "\r\n"}, {"\r\r", "\r\r"}};
  for (const auto& [netascii, local] : cases) {
    for (const std::size_t piece_bytes : {1, 2, 100})
      EXPECT_EQ(decode(netascii, piece_bytes), local);
  }
}

}  // namespace
}  // namespace yam::proto::tftp
