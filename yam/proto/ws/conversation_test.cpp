#include "yam/proto/ws/conversation.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "yam/base/text.hpp"

namespace yam::proto::ws {

namespace {

constexpr MaskKey rfc_key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
constexpr Limits small_limits{.frame_bytes = 20, .message_bytes = 30};

Conversation conversation(Role role) {
  return role == Role::server ? Conversation::server(small_limits)
                              : Conversation::client([] { return rfc_key; }, small_limits);
}

std::string raw(std::string_view digits) {
  return string_of(parse_hex(digits).value());
}

std::string frame(Opcode opcode, std::string payload, bool is_last = true, bool is_masked = true) {
  FrameHead head;
  head.opcode = opcode;
  head.is_last = is_last;
  head.payload_bytes = payload.size();
  if (is_masked) head.key = rfc_key;
  std::string out;
  write_frame_head(out, head);
  if (is_masked) mask(std::as_writable_bytes(std::span(payload)), rfc_key, 0);
  return out + payload;
}

std::string closing(std::uint16_t code, std::string_view reason = "", bool is_masked = true) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return frame(Opcode::close, payload.append(reason), true, is_masked);
}

// What one end makes of bytes that come `step` at a time: "t(Hello)" is a text, "b(…)" binary, "ping(…)",
// "close(1000 bye)", "<1002 words>". Each step sees a fresh copy, so that no view outlives its bytes.
struct End {
  explicit End(Role role) : machine(conversation(role)) {}

  Conversation machine;
  std::string events, sent;

  End& receive(std::string_view bytes, std::size_t step = 1000) {
    for (std::size_t given = 0; given < bytes.size();) {
      const std::string_view next = bytes.substr(given, step);
      given += next.size();
      unread_.insert(unread_.end(), bytes_of(next).begin(), bytes_of(next).end());
      while (!unread_.empty() && advance()) {
      }
    }
    machine.poll(sent);
    return *this;
  }
  End& end() {
    const auto ended = machine.handle_end();
    events += ended ? "end" : "<" + std::to_string(ended.error().code) + ">";
    return *this;
  }

 private:
  bool advance() {
    Bytes copy = unread_;
    const auto step = machine.handle_bytes(copy);
    if (!step) {
      events += "<" + std::to_string(step.error().code) + " " + std::string(step.error().words) + ">";
      return true;
    }
    const std::string content = string_of(step->content);
    switch (step->what) {
      case What::message:
        message_ += content;
        if (step->is_last) events += (step->is_text ? "t(" : "b(") + std::exchange(message_, "") + ")";
        break;
      case What::ping:
        events += "ping(" + content + ")";
        break;
      case What::pong:
        events += "pong(" + content + ")";
        break;
      case What::close: {
        const auto& said = *machine.peer_closing();
        events += "close(" + (said.code ? std::to_string(*said.code) + said.reason : "") + ")";
        break;
      }
      case What::closed:
      case What::more:
        break;
    }
    std::copy(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(step->used), unread_.begin());
    unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(step->used));
    return step->used > 0;
  }

  Bytes unread_;
  std::string message_;
};

// Whole, byte by byte, and with junk behind what ends all.
void expect(Role role, const std::string& bytes, const std::string& events) {
  EXPECT_EQ(End(role).receive(bytes).events, events) << hex(bytes_of(bytes));
  EXPECT_EQ(End(role).receive(bytes, 1).events, events) << hex(bytes_of(bytes));
  EXPECT_EQ(End(role).receive(bytes, 3).events, events) << hex(bytes_of(bytes));
  const bool is_end = events.ends_with('>') || events.contains("close(");
  if (is_end) {
    EXPECT_EQ(End(role).receive(bytes + "\x81junk").events, events) << hex(bytes_of(bytes));
  }
}

// §5.7.
TEST(WsConversation, ReadsTheExamplesOfTheRfc) {
  expect(Role::client, raw("81 05 48 65 6c 6c 6f"), "t(Hello)");
  expect(Role::server, raw("81 85 37 fa 21 3d 7f 9f 4d 51 58"), "t(Hello)");
  expect(Role::client, raw("01 03 48 65 6c 80 02 6c 6f"), "t(Hello)");
  expect(Role::client, raw("89 05 48 65 6c 6c 6f"), "ping(Hello)");
  expect(Role::server, raw("8a 85 37 fa 21 3d 7f 9f 4d 51 58"), "pong(Hello)");
  std::string out;
  ASSERT_TRUE(conversation(Role::client).write_message(out, true, bytes_of("Hello")));
  EXPECT_EQ(hex(bytes_of(out)), "81 85 37 fa 21 3d 7f 9f 4d 51 58");
  out.clear();
  Conversation server = conversation(Role::server);
  ASSERT_TRUE(server.write_message(out, true, bytes_of("Hel"), false));
  ASSERT_TRUE(server.write_message(out, true, bytes_of("lo")));
  EXPECT_EQ(hex(bytes_of(out)), "01 03 48 65 6c 80 02 6c 6f");
}

TEST(WsConversation, LongMessagesHaveLongLengths) {
  const std::string text(300, 'x'), long_text(70'000, 'y');
  std::string out;
  Conversation server = Conversation::server();
  ASSERT_TRUE(server.write_message(out, false, bytes_of(text)));
  EXPECT_EQ(hex(bytes_of(out).first(4)), "82 7e 01 2c");
  out.clear();
  ASSERT_TRUE(server.write_message(out, false, bytes_of(long_text)));
  EXPECT_EQ(hex(bytes_of(out).first(10)), "82 7f 00 00 00 00 00 01 11 70");
}

TEST(WsConversation, ControlsComeBetweenFragments) {
  const std::string bytes = frame(Opcode::text, "a", false) + frame(Opcode::ping, "1") +
                            frame(Opcode::continuation, "", false) + frame(Opcode::pong, "2") +
                            frame(Opcode::continuation, "b") + frame(Opcode::binary, "") +
                            closing(1000, "bye");
  expect(Role::server, bytes, "ping(1)pong(2)t(ab)b()close(1000bye)");
}

TEST(WsConversation, TextsAreUtf8OverFragments) {
  const std::string han = "驿";  // three bytes
  expect(Role::server,
         frame(Opcode::text, han.substr(0, 1), false) + frame(Opcode::continuation, han.substr(1)), "t(驿)");
  expect(Role::server, frame(Opcode::binary, "\xff"), "b(\xff)");
  const std::string refused = "<1007 a text that is not UTF-8>";
  expect(Role::server, frame(Opcode::text, "a\xff"), refused);
  expect(Role::server, frame(Opcode::text, han.substr(0, 2)), refused);
  // at once, not only at the end of the message
  expect(Role::server, frame(Opcode::text, "\xed\xa0", false), refused);
  expect(Role::server, frame(Opcode::text, han.substr(0, 1), false) + frame(Opcode::continuation, "a"),
         refused);
  // a message before leaves nothing behind
  expect(Role::server, frame(Opcode::text, "a") + frame(Opcode::text, "b"), "t(a)t(b)");
}

TEST(WsConversation, RefusesWhatIsNone) {
  const std::string long_ping(126, 'x');
  const struct {
    std::string bytes, events;
  } rows[] = {
      {raw("c1 80 00 00 00 00"), "<1002 a reserved bit is set>"},
      {raw("a1"), "<1002 a reserved bit is set>"},
      {raw("91"), "<1002 a reserved bit is set>"},
      {raw("83"), "<1002 an opcode that is not known>"},
      {raw("87"), "<1002 an opcode that is not known>"},
      {raw("8b"), "<1002 an opcode that is not known>"},
      {raw("8f"), "<1002 an opcode that is not known>"},
      {raw("09"), "<1002 a control frame in fragments>"},
      {raw("08"), "<1002 a control frame in fragments>"},
      {raw("89 fe"), "<1002 a control frame that is too long>"},
      {frame(Opcode::pong, long_ping), "<1002 a control frame that is too long>"},
      {raw("82 fe 00 7d"), "<1002 a length in more bytes than it needs>"},
      {raw("82 ff 00 00 00 00 00 00 ff ff"), "<1002 a length in more bytes than it needs>"},
      {raw("82 ff 80 00 00 00 00 00 00 00"), "<1002 a length beyond 63 bits>"},
      {raw("82 ff 7f ff ff ff ff ff ff ff 00 00 00 00"), "<1009 a frame that is too long>"},
      {frame(Opcode::text, "a", true, false), "<1002 a client's frame without a mask>"},
      {frame(Opcode::ping, "", true, false), "<1002 a client's frame without a mask>"},
      {frame(Opcode::continuation, "a"), "<1002 a continuation of no message>"},
      {frame(Opcode::text, "a") + frame(Opcode::continuation, "b"),
       "t(a)<1002 a continuation of no message>"},
      {frame(Opcode::text, "a", false) + frame(Opcode::text, "b"), "<1002 a message inside another>"},
      {frame(Opcode::text, "a", false) + frame(Opcode::binary, "b"), "<1002 a message inside another>"},
      {frame(Opcode::text, std::string(21, 'x')), "<1009 a frame that is too long>"},
      {frame(Opcode::text, std::string(20, 'x'), false) + frame(Opcode::continuation, std::string(11, 'x')),
       "<1009 a message that is too long>"},
      {frame(Opcode::close, "x"), "<1002 half a close code>"},
      {closing(1000, "\xff"), "<1007 a reason that is not UTF-8>"},
  };
  for (const auto& row : rows) {
    expect(Role::server, row.bytes, row.events);
    End end(Role::server);
    end.receive(row.bytes);
    // the peer hears the code, and that is the end
    const std::string code = end.events.substr(end.events.find('<') + 1, 4);
    ASSERT_GE(end.sent.size(), 4U);
    const auto said = static_cast<unsigned char>(end.sent[2]) << 8 | static_cast<unsigned char>(end.sent[3]);
    EXPECT_EQ(std::to_string(said), code);
    EXPECT_TRUE(end.machine.is_over());
  }
  expect(Role::client, frame(Opcode::text, "a"), "<1002 a server's frame with a mask>");
  // at the limits, and after a message of that length another
  const std::string longest =
      frame(Opcode::binary, std::string(20, 'x'), false) + frame(Opcode::continuation, std::string(10, 'x'));
  expect(Role::server, longest + longest, "b(" + std::string(30, 'x') + ")b(" + std::string(30, 'x') + ")");
}

TEST(WsConversation, CloseCodesAreThoseThatMayBeSent) {
  for (const unsigned code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1014, 3000, 3999, 4999})
    expect(Role::server, closing(static_cast<std::uint16_t>(code)), "close(" + std::to_string(code) + ")");
  for (const unsigned code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535})
    expect(Role::server, closing(static_cast<std::uint16_t>(code)),
           "<1002 a close code that may not be sent>");
  expect(Role::server, frame(Opcode::close, ""), "close()");
}

TEST(WsConversation, AnswersTheLatestPingAlone) {
  End end(Role::server);
  end.receive(frame(Opcode::ping, "1") + frame(Opcode::ping, "2"));
  EXPECT_EQ(hex(bytes_of(end.sent)), "8a 01 32");
  std::string again;
  end.machine.poll(again);
  EXPECT_EQ(again, "");
}

TEST(WsConversation, AnswersACloseWithItsCode) {
  End end(Role::server);
  end.receive(frame(Opcode::ping, "1") + closing(4000, "why"));
  EXPECT_EQ(hex(bytes_of(end.sent)), "88 02 0f a0") << "no pong: nothing follows a close";
  EXPECT_TRUE(end.machine.is_over());
  EXPECT_EQ(end.end().events, "ping(1)close(4000why)end");
  std::string out;
  EXPECT_EQ(end.machine.write_message(out, true, {}).error().what, "a message after the close");
  EXPECT_EQ(end.machine.write_close(out, code::normal).error().what, "a second close");
}

TEST(WsConversation, ClosesFirst) {
  End server(Role::server), client(Role::client);
  std::string out;
  ASSERT_TRUE(server.machine.write_close(out, code::going_away, "再见"));
  EXPECT_FALSE(server.machine.may_write() || server.machine.is_over());
  // what the peer had said before it heard of that still counts, but for an answer to its ping
  server.receive(frame(Opcode::text, "late") + frame(Opcode::ping, ""));
  EXPECT_EQ(server.sent, "");
  client.receive(out);
  EXPECT_EQ(client.events, "close(1001再见)");
  server.receive(client.sent);
  EXPECT_EQ(server.events, "t(late)ping()close(1001)");
  EXPECT_TRUE(server.machine.is_over() && client.machine.is_over());
}

TEST(WsConversation, AnEndWithoutACloseIsACut) {
  EXPECT_EQ(End(Role::client).end().events, "<1006>");
  EXPECT_EQ(End(Role::server).receive(frame(Opcode::text, "a", false)).end().events, "<1006>");
}

TEST(WsConversation, WritesNothingThatIsNone) {
  Conversation machine = conversation(Role::server);
  std::string out;
  EXPECT_EQ(machine.write_message(out, true, bytes_of("\xff")).error().what, "a text that is not UTF-8");
  EXPECT_EQ(machine.write_message(out, true, bytes_of("\xe9")).error().what, "a text that is not UTF-8");
  EXPECT_EQ(machine.write_ping(out, bytes_of(std::string(126, 'x'))).error().what, "too long a ping");
  EXPECT_EQ(machine.write_close(out, 1005).error().what, "a close code that may not be sent");
  EXPECT_EQ(machine.write_close(out, 1000, std::string(124, 'x')).error().what, "too long a reason");
  EXPECT_EQ(machine.write_close(out, 1000, "\xff").error().what, "a reason that is not UTF-8");
  EXPECT_EQ(out, "");
  ASSERT_TRUE(machine.write_message(out, true, bytes_of("\xe9\xa9"), false));
  EXPECT_EQ(machine.write_message(out, false, bytes_of("x")).error().what, "a message of two kinds");
  EXPECT_TRUE(machine.write_message(out, true, bytes_of("\xbf")));
}

}  // namespace

}  // namespace yam::proto::ws
