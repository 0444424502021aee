#pragma once
// Short texts over a stream, for conversations without framing, in which a message is what one send carried.
// A stream has no messages, so the reader takes what one read brings, or waits for the speaker to pause; who
// must be sure tells messages apart with a framing (net/frame_reader.hpp). Every wait has a limit.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "yam/net/stream.hpp"

namespace yam::net {

// How long a peer may keep us waiting, unless the caller knows better; a negative span is no limit.
inline constexpr Duration patience = std::chrono::seconds(30);

inline constexpr std::size_t message_bytes_max = 65'536;

// How long leave() goes on hearing.
inline constexpr Duration linger = std::chrono::milliseconds(500);

// What the peer says next; empty once it has ended. With a `pause` the message lasts until nothing has come
// for that long: then one that arrives in pieces is whole. Code::timeout when it has not begun within `wait`,
// Code::protocol when it is longer than message_bytes_max. The stream outlives the task, here and below.
Task<Result<std::string>> read_message(Stream& stream, Duration wait = patience,
                                       Duration pause = Duration::zero());

// Everything until the peer ends. Code::protocol beyond `bytes_max`, Code::timeout when nothing comes for
// `wait`.
Task<Result<std::string>> read_to_end(Stream& stream, std::size_t bytes_max, Duration wait = patience);

// Hands all of `text` to the system.
Task<Result<void>> say(Stream& stream, std::string text, Duration wait = patience);

// Says `question`, and gives the first answer that `fits`. Over datagrams either may be lost, so after each
// `silence` it is said again, `ask_tries_max` times in all; then it is Code::timeout. What does not fit (a
// copy, a late answer to an earlier question) is passed over and makes us repeat nothing.
inline constexpr int ask_tries_max = 5;
Task<Result<std::string>> ask(Stream& stream, std::string question,
                              std::function<bool(std::string_view answer)> fits,
                              Duration silence = std::chrono::seconds(1));

// Says the last words, if any, and ends our direction so that they arrive: a connection that is closed over
// unread bytes is reset, and the reset may overtake them. So what still comes is read, and dropped, for at
// most `linger`.
Task<Result<void>> leave(Stream& stream, std::string last_words = {});

}  // namespace yam::net
