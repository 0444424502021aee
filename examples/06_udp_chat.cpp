// Row 6, both ends: a line typed here goes to whom `/to IP:PORT` chose, at first to whoever wrote first.
//   06_udp_chat [IP:PORT]
#include <yam/net/either.hpp>
#include <yam/net/program.hpp>
#include <yam/service/talk.hpp>
using namespace yam;
using namespace yam::net;
Task<Result<void>> hear(service::DatagramTalk& talk) {
  for (;;) {
    const auto heard = co_await talk.hear();
    if (!heard) co_return fail(heard.error());
    const auto [address, port] = (*heard)->from.value();
    show(">>>('" + address.to_string() + "', " + std::to_string(port) + "):" + (*heard)->text);
  }
}

Task<Result<void>> speak(service::DatagramTalk& talk, FrameReader& typed) {
  for (;;) {
    const auto line = co_await typed.next();
    if (!line || !*line) co_return line ? Result<void>() : fail(line.error());
    const auto partner = IpPort::parse((*line)->starts_with("/to ") ? (*line)->substr(4) : "");
    if (partner) talk.speak_to(*partner);
    if (partner) continue;
    const auto said = co_await talk.say(**line);
    if (!said) explain(said.error());
  }
}

Task<Result<void>> chat(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "0.0.0.0:7890"));
  if (!place) co_return fail(place.error());
  auto talk = service::DatagramTalk::open(loop, *place);
  auto typed = typed_lines(loop);
  if (!talk || !typed) co_return fail(talk ? typed.error() : talk.error());
  show("ready " + std::to_string((*talk)->local_place().port));
  co_return co_await either(loop, hear(**talk), speak(**talk, **typed));
}
int main(int count, char** values) {
  return run_program(count, values, chat);
}
