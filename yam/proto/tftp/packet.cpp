#include "yam/proto/tftp/packet.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "yam/base/text.hpp"
#include "yam/wire/reader.hpp"
#include "yam/wire/writer.hpp"

namespace yam::proto::tftp {
namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::uint16_t number_of(Opcode opcode) {
  return static_cast<std::uint16_t>(opcode);
}

std::unexpected<Error> broken(std::string why) {
  return fail(Code::protocol, std::move(why));
}

OptionTexts read_options(wire::Reader& fields) {
  OptionTexts options;
  while (!fields.at_end()) {
    const auto name = fields.c_string(option_bytes_max);
    if (!name) break;
    if (name->empty()) continue;  // padding
    const auto value = fields.c_string(option_bytes_max);
    if (!value || !options.add({*name, *value})) break;
  }
  return options;
}

std::optional<Mode> mode_of(std::string_view word) {
  if (same_word(word, "octet")) return Mode::octet;
  if (same_word(word, "netascii")) return Mode::netascii;
  return std::nullopt;
}

Result<Packet> read_request(wire::Reader fields, bool write) {
  const char* what = write ? "a write request" : "a read request";
  if (fields.left() > request_bytes_taken_max)
    return broken(fmt::format("{} of {} bytes, more than {}", what, fields.left(), request_bytes_taken_max));
  const auto name = fields.c_string(request_bytes_taken_max);
  if (!name) return broken(fmt::format("{} whose file name has no end", what));
  if (name->empty()) return broken(fmt::format("{} without a file name", what));
  if (name->size() > name_bytes_max)
    return broken(
        fmt::format("{} whose file name has {} bytes, more than {}", what, name->size(), name_bytes_max));
  const auto mode = fields.c_string(mode_bytes_max);
  if (!mode) return broken(fmt::format("{} without a mode", what));
  const auto known = mode_of(*mode);
  if (!known && same_word(*mode, "mail"))
    return broken(fmt::format("{} in mail mode, which is obsolete", what));
  if (!known) return broken(fmt::format("{} in an unknown mode, {}", what, quoted(*mode)));
  return Request{write, *name, *known, read_options(fields)};
}

Result<void> whole(const wire::Writer& writer, const char* what) {
  if (writer.whole()) return {};
  return fail(Code::usage,
              fmt::format("{} does not fit in {} bytes, or has a NUL inside", what, request_bytes_max));
}

}  // namespace

const char* name_of(Mode mode) {
  return mode == Mode::octet ? "octet" : "netascii";
}

OptionTexts::OptionTexts(std::initializer_list<OptionText> texts) {
  for (const OptionText& text : texts)
    add(text);
}

bool OptionTexts::add(OptionText text) {
  if (count_ == texts_.size()) return false;
  texts_[count_++] = text;
  return true;
}

std::optional<std::string_view> OptionTexts::find(std::string_view name) const {
  const auto* found =
      std::find_if(begin(), end(), [&](const auto& text) { return same_word(text.name, name); });
  if (found == end()) return std::nullopt;
  return found->value;
}

bool OptionTexts::operator==(const OptionTexts& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

Result<Packet> decode(ByteView datagram) {
  wire::Reader fields(datagram);
  const auto opcode = fields.u16();
  if (!opcode) return broken(fmt::format("a packet of {} bytes has no opcode", datagram.size()));
  if (*opcode < number_of(Opcode::read) || *opcode > number_of(Opcode::option_ack))
    return broken(fmt::format("a packet with the unknown opcode {}", *opcode));
  switch (static_cast<Opcode>(*opcode)) {
    case Opcode::read:
    case Opcode::write:
      return read_request(fields, static_cast<Opcode>(*opcode) == Opcode::write);
    case Opcode::option_ack:
      return OptionAck{read_options(fields)};
    default:
      break;
  }
  const auto number = fields.u16();
  if (!number)
    return broken(fmt::format("a packet with opcode {} is cut after {} bytes", *opcode, datagram.size()));
  if (static_cast<Opcode>(*opcode) == Opcode::ack) return Ack{*number};
  if (static_cast<Opcode>(*opcode) == Opcode::error) {
    const std::string_view text = text_of(fields.rest());
    return ErrorPacket{*number, text.substr(0, std::min(text.find('\0'), error_text_bytes_max))};
  }
  if (fields.left() > block_bytes_max)
    return broken(fmt::format("a block of {} bytes, more than {}", fields.left(), block_bytes_max));
  return Data{*number, fields.rest()};
}

bool is_request(ByteView datagram) {
  const auto opcode = wire::Reader(datagram).u16();
  return opcode && (*opcode == number_of(Opcode::read) || *opcode == number_of(Opcode::write));
}

Result<void> write_request(Bytes& out, const Request& request) {
  out.clear();
  wire::Writer writer(out, request_bytes_max);
  writer.u16(number_of(request.write ? Opcode::write : Opcode::read));
  writer.c_string(request.name).c_string(name_of(request.mode));
  for (const OptionText& option : request.options)
    writer.c_string(option.name).c_string(option.value);
  return whole(writer, "the request");
}

Result<void> write_option_ack(Bytes& out, const OptionTexts& options) {
  out.clear();
  wire::Writer writer(out, request_bytes_max);
  writer.u16(number_of(Opcode::option_ack));
  for (const OptionText& option : options)
    writer.c_string(option.name).c_string(option.value);
  return whole(writer, "the option acknowledgement");
}

void write_ack(Bytes& out, std::uint16_t number) {
  out.clear();
  wire::Writer(out, header_bytes).u16(number_of(Opcode::ack)).u16(number);
}

void write_error(Bytes& out, ErrorCode code, std::string_view text) {
  out.clear();
  text = text.substr(0, std::min(text.find('\0'), error_text_bytes_max));
  text = text.substr(0, whole_utf8(text));
  wire::Writer writer(out, request_bytes_max);
  writer.u16(number_of(Opcode::error)).u16(static_cast<std::uint16_t>(code)).c_string(text);
}

std::array<std::byte, header_bytes> data_header(std::uint16_t number) {
  return {std::byte{0}, static_cast<std::byte>(Opcode::data), static_cast<std::byte>(number >> 8),
          static_cast<std::byte>(number & 0xff)};
}

std::string words_of(std::uint16_t code) {
  constexpr std::array<const char*, 9> words = {
      "not defined",         "file not found",      "access violation", "disk full",     "illegal operation",
      "unknown transfer ID", "file already exists", "no such user",     "option refused"};
  return code < words.size() ? words[code] : fmt::format("error {}", code);
}

std::string describe(const ErrorPacket& error) {
  const std::string code =
      error.code <= 8 ? fmt::format("error {}: {}", error.code, words_of(error.code)) : words_of(error.code);
  if (error.text.empty()) return code;
  return fmt::format("{} ({})", quoted(error.text), code);
}

bool same_word(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace yam::proto::tftp
