#pragma once
// The frame of a small program around one loop: its words, its faults told and turned into an exit status,
// its end when somebody presses ^C. It has no options and no help; `yam` itself has a frame of its own.
//
//   Task<Result<void>> hello(Loop& loop, Words words) { … }
//   int main(int count, char** values) { return run_program(count, values, hello); }

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yam/net/frame_reader.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::net {

// What stood on the command line behind the program's name.
class Words {
 public:
  Words(int count, char** values) : words_(values + (count > 0), values + count) {}

  // The word at `index`, from 0, or `otherwise` when the line is shorter.
  std::string at(std::size_t index, std::string_view otherwise) const {
    return index < words_.size() ? words_[index] : std::string(otherwise);
  }
  // The words from `index` on.
  std::span<const std::string> from(std::size_t index) const {
    return std::span(words_).subspan(std::min(index, words_.size()));
  }
  std::size_t size() const { return words_.size(); }

 private:
  std::vector<std::string> words_;
};

// Opens a loop and runs `body` on it; SIGINT and SIGTERM cancel it. A fault is explained. Gives the exit
// status: 0, or that of the fault (exit_status); a stdout that could not be written is a fault too. Call it
// from main, once: it ignores SIGPIPE, and blocks those two signals, for the whole process.
int run_program(int count, char** values, Task<Result<void>> (*body)(Loop&, Words));

// A fault, and its hint when it has one, on stderr behind the program's own name; gives the exit status.
int explain(const Error& error);

// The lines of stdin, as a person types them; the end of input (^D) is the end of the frames.
Result<std::unique_ptr<FrameReader>> typed_lines(Loop& loop);

// A line for a person, on stdout at once, with what could meddle with a terminal escaped.
void show(std::string_view text);

}  // namespace yam::net
