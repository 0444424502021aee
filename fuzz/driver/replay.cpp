// Plays a fuzz target without libFuzzer: every file of its corpus, then a fixed number of inputs made from
// them (and from nothing) by a seeded generator. It finds little that is new; it keeps what was found from
// coming back, under any compiler and sanitizer, in a second. Searching is for the fuzz preset.
//
//   replay_NAME [COUNT [FIRST]]
//
// Input i depends on i alone: `replay_NAME 1 1234` plays number 1234 by itself.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "yam/base/random.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::uint64_t count_default = 4000;
constexpr std::size_t random_bytes_max = 256;
constexpr std::size_t input_bytes_max = 1 << 16;
constexpr std::size_t mutations_max = 6;

// In the order of their names, so that input i is the same on every machine.
std::vector<Input> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code none;  // no such folder: an empty corpus
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    paths.push_back(entry.path());
  std::ranges::sort(paths);

  std::vector<Input> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Maker {
 public:
  Maker(const std::vector<Input>& corpus, std::uint64_t number) : corpus_(corpus), random_(number) {}

  Input make() {
    if (corpus_.empty() || below(8) == 0) return random_bytes(below(random_bytes_max + 1));
    Input input = corpus_[below(corpus_.size())];
    for (std::size_t left = 1 + below(mutations_max); left > 0; --left)
      mutate(input);
    if (input.size() > input_bytes_max) input.resize(input_bytes_max);
    return input;
  }

 private:
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_.next() % end); }
  std::uint8_t byte() { return static_cast<std::uint8_t>(random_.next()); }
  static Input::difference_type offset(std::size_t at) { return static_cast<Input::difference_type>(at); }

  Input random_bytes(std::size_t size) {
    Input bytes(size);
    std::ranges::generate(bytes, [this] { return byte(); });
    return bytes;
  }

  void insert(Input& input, const Input& piece) {
    input.insert(input.begin() + offset(below(input.size() + 1)), piece.begin(), piece.end());
  }

  void mutate(Input& input) {
    constexpr std::uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '\n', '\r', ' ', '0', '9'};
    if (input.empty()) return insert(input, random_bytes(1 + below(8)));
    const std::size_t at = below(input.size());
    const std::size_t size = 1 + below(std::min<std::size_t>(input.size() - at, 32));
    switch (below(8)) {
      case 0:
        input[at] = static_cast<std::uint8_t>(input[at] ^ (1U << below(8)));
        break;
      case 1:
        input[at] = byte();
        break;
      case 2:
        input[at] = edges[below(std::size(edges))];
        break;
      case 3:
        input.erase(input.begin() + offset(at), input.begin() + offset(at + size));
        break;
      case 4:
        input.resize(at);
        break;
      case 5:
        insert(input, Input(input.begin() + offset(at), input.begin() + offset(at + size)));
        break;
      case 6:
        insert(input, random_bytes(size));
        break;
      case 7:
        insert(input, corpus_[below(corpus_.size())]);
        break;
    }
  }

  const std::vector<Input>& corpus_;
  yam::Random random_;
};

std::uint64_t argument(int argc, char** argv, int at, std::uint64_t otherwise) {
  return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
}

// A copy of exactly its size on the heap, so that a sanitizer sees the first byte read past the end.
void play(const Input& input) {
  const Input exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argument(argc, argv, 1, count_default);
  const std::uint64_t first = argument(argc, argv, 2, 0);

  const std::vector<Input> corpus = read_corpus(YAM_REPLAY_CORPUS);
  for (const Input& input : corpus)
    play(input);
  for (std::uint64_t number = first; number < first + count; ++number)
    play(Maker(corpus, number).make());

  std::printf("replay_%s: %zu corpus files, %llu made inputs (%llu to %llu), no fault\n", YAM_REPLAY_NAME,
              corpus.size(), static_cast<unsigned long long>(count), static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + count - (count > 0)));
  return 0;
}
