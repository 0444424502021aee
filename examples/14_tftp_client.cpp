// Row 14, calling: fetch a file by TFTP in octet mode, 512 bytes at a time, each acknowledged (RFC 1350).
//   14_tftp_client NAME [IP:PORT] >FILE
#include <cstdio>
#include <yam/base/text.hpp>
#include <yam/net/loop/within.hpp>
#include <yam/net/program.hpp>
#include <yam/service/talk.hpp>
#include <yam/wire/reader.hpp>
#include <yam/wire/writer.hpp>
using namespace yam;
using namespace yam::net;
Task<Result<void>> fetch(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(1, "127.0.0.1:69"));
  if (!place) co_return fail(place.error());
  auto talk = service::DatagramTalk::open(loop, IpPort{IpAddress::any(place->address.family()), 0});
  if (!talk) co_return fail(talk.error());
  (*talk)->speak_to(*place);
  Bytes packet;
  wire::Writer(packet, 512).u16(1).c_string(words.at(0, "")).c_string("octet");
  for (std::uint16_t wanted = 1, tries = 0; tries < 5; ++tries) {
    const auto said = co_await (*talk)->say(string_of(packet));
    if (!said) co_return fail(said.error());
    const Time deadline = after(loop.now(), std::chrono::seconds(1));
    const auto heard = co_await within(loop, deadline, (*talk)->hear(), "no answer");
    if (!heard && heard.error().code != Code::timeout) co_return fail(heard.error());
    if (!heard || (*heard)->from->address != place->address) continue;
    wire::Reader data(bytes_of((*heard)->text));
    const auto opcode = data.u16(), number = data.u16();
    if (opcode == 5) co_return fail(Code::refused, "the server: " + escaped(text_of(data.rest())));
    if (opcode != 3 || number != wanted) continue;
    std::fwrite(data.rest().data(), 1, data.left(), stdout);
    (*talk)->speak_to(*(*heard)->from);  // it answers from a port of its own
    wire::Writer(packet = {}, 4).u16(4).u16(wanted++), tries = 0;
    if (data.left() < 512) co_return co_await (*talk)->say(string_of(packet));
  }
  co_return fail(Code::timeout, place->to_string() + " does not answer");
}
int main(int count, char** values) {
  return run_program(count, values, fetch);
}
