// Row 15, both ends: two people, in any order; whoever says exit ends it. What `yam connect` and `yam listen`
// do is an exchange between two streams, with rules for ending it and converters for the bytes on their way.
//   15_qq [listen:]ENDPOINT
#include <yam/net/conversation.hpp>
#include <yam/net/program.hpp>
#include <yam/net/stdio.hpp>
#include <yam/service/exchange.hpp>
using namespace yam;
using namespace yam::net;
struct EachOnItsLine final : wire::Converter {
  Result<void> handle_piece(ByteView piece, wire::Pieces& out) override {
    out.add(bytes_of(string_of(piece) + "\n"));
    return {};
  }
  Result<void> handle_end(wire::Pieces&) override { return {}; }
};

Task<Result<void>> talk(Loop& loop, Stream& person, Connection other) {
  service::ExchangeRules rules;
  rules.until = "exit";
  rules.ends_with_peer = true;
  const auto without_line_ends = wire::change_line_ends("");
  EachOnItsLine shown;
  const auto end = co_await exchange(loop, person, *other.stream, rules, without_line_ends.get(), &shown);
  co_return end.fault ? fail(*end.fault) : Result<void>();
}

Task<Result<void>> meet(Loop& loop, Words words) {
  auto person = open_stdio(loop);
  if (!person) co_return fail(person.error());
  const std::string place = words.at(0, "127.0.0.1:8008");
  const auto converse = [&](Connection other) { return talk(loop, **person, std::move(other)); };
  if (place.starts_with("listen:")) co_return co_await serve_each(loop, place, converse, 1);
  auto other = co_await call(loop, place);
  if (!other) co_return fail(other.error());
  co_return co_await talk(loop, **person, std::move(*other));
}
int main(int count, char** values) {
  return run_program(count, values, meet);
}
