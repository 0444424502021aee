#include "yam/service/tftp_server/tftp_transfer.hpp"

#include <sys/socket.h>

#include "yam/service/tftp_server/file_sink.hpp"
#include "yam/service/tftp_server/netascii_source.hpp"
#include "yam/service/tftp_server/tftp_name.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

// Asked of the system, which gives what it has (net.core.rmem_max).
constexpr int upload_buffer_bytes = 4 * 1024 * 1024;

// What a peer's packets must fit into anyway: the path is not ours to choose.
tftp::Caps caps_of(const TftpSettings& settings) {
  tftp::Caps caps;
  caps.window = settings.window_max;
  caps.block_bytes = settings.block_bytes_max;
  return caps;
}

// Of a file that is sent from the listening port. A request and ACK 0 in somebody's name need no secret
// there, and are all that it takes to have a window sent to him.
constexpr std::size_t shared_window_bytes_max = 128 * 1024;

void limit_window(tftp::Caps& caps, std::size_t blocks_max) {
  caps.window = static_cast<std::uint16_t>(std::min<std::size_t>(caps.window, blocks_max));
}

}  // namespace

TftpTransfer::TftpTransfer(std::shared_ptr<TftpServer> server, TftpRequest request, const TftpCaller& caller,
                           Admission::Ticket ticket)
    : ticket_(std::move(ticket)),
      server_(std::move(server)),
      request_(std::move(request)),
      caller_(caller),
      began_(Clock::now()),
      task_(server_->hosting().loop) {
  server_->add_transfer(caller_.peer, *this);
  story_.write = request_.write;
  story_.asked_size = request_.asked.size_bytes.has_value();
  server_->hosting().tftp.counters().count_request();
}

TftpTransfer::~TftpTransfer() {
  server_->forget_transfer(caller_.peer, *this);
  stop();
}

void TftpTransfer::stop() {
  task_.cancel();
  const std::unique_ptr<TftpPort> port = std::move(port_);
  if (told_) return;
  story_.stopped = true;
  if (sender_) note_end(*sender_);
  if (receiver_) note_end(*receiver_);
  Bytes packet;
  tftp::write_error(packet, tftp::ErrorCode::undefined, "the server stops");
  if (port && !story_.replaced) static_cast<void>(port->try_send(packet));
  tell();
}

void TftpTransfer::deliver(ByteView packet) {
  if (port_) port_->deliver(packet);
}

void TftpTransfer::begin(ByteView packet) {
  if (LadderSink* const ladders = server_->hosting().observer.ladders()) {
    const std::string here = server_->place_of(caller_).to_string();
    ladder_ = std::make_unique<TftpLadder>(*ladders, here, caller_.peer.to_string(), began_);
    ladder_->handle_received(packet, began_);
  }
  task_.spawn(request_.write ? receive_file() : send_file());
}

bool TftpTransfer::take_request(const TftpRequest& request, ByteView packet) {
  if (request == request_ && !may_be_over()) {
    if (ladder_) ladder_->handle_received(packet, Clock::now());
    say_again();
    return true;
  }
  server_->forget_transfer(caller_.peer, *this);
  story_.replaced = true;
  task_.cancel();
  return false;
}

// For the client. Who has heard the last block and says nothing more may have gone, its last ACK lost; before
// a timeout has passed, a request is a late copy of the one that began it.
bool TftpTransfer::may_be_over() const {
  if (told_) return true;
  if (receiver_) return receiver_->end() != tftp::End::none;
  return sender_ && sender_->proved() && sender_->unanswered() && source_->has_ended() &&
         sender_->source_wanted_to() > source_->bytes_ready();
}

void TftpTransfer::ask_to_leave() {
  const bool dallies = receiver_ && receiver_->end() == tftp::End::done;
  const bool is_unanswered = (sender_ && !sender_->proved()) || (receiver_ && !receiver_->proved());
  if (dallies || is_unanswered) task_.cancel();
}

// The answer that may be lost. Whoever serves the transfer waits meanwhile for the client.
void TftpTransfer::say_again() {
  const Time now = Clock::now();
  if (sender_) {
    sender_->handle_request_again(now);
    if (!sender_->proved()) send_due_now(*port_, *sender_, *source_);
  } else if (receiver_) {
    receiver_->handle_request_again(now);
    if (receiver_->proved()) return;
    while (const auto packet = receiver_->poll_packet(now))
      say_now(*packet);
  }
}

void TftpTransfer::say_now(ByteView packet) {
  if (port_) static_cast<void>(port_->try_send(packet));
}

TftpResult<> TftpTransfer::open_port(const net::DatagramOptions& options) {
  auto port = server_->open_port(caller_, options, lease_);
  if (!port) return tftp_fail(tftp::ErrorCode::undefined, "busy, ask again later: " + port.error().what);
  port_ = std::move(*port);
  port_->set_tap(ladder_.get());
  story_.port = port_->local_address().ip()->port;
  return {};
}

// That will be granted.
std::size_t TftpTransfer::block_bytes(const tftp::Caps& caps) const {
  return std::min(request_.asked.block_bytes.value_or(tftp::block_bytes_default), caps.block_bytes);
}

Bytes TftpTransfer::grant(const tftp::Caps& caps, std::optional<std::uint64_t> size) {
  granted_ = tftp::grant(request_.asked, caps, request_.write, size);
  Bytes packet;
  if (granted_.empty()) return packet;
  story_.sent_option_ack = true;
  static_cast<void>(tftp::write_option_ack(packet, tftp::OptionWords(granted_).texts()));
  return packet;
}

void TftpTransfer::refuse(const TftpFault& fault) {
  Bytes packet;
  tftp::write_error(packet, fault.code, fault.text);
  if (port_ || open_port()) {
    say_now(packet);
  } else {
    server_->say_error(caller_, fault.code, fault.text);
  }
  story_.end = tftp::End::stopped;
  story_.error = fault.text;
  tell();
}

net::Task<> TftpTransfer::send_file() {
  auto permit = server_->hosting().tftp.rules()->permit(caller_.peer.address, request_.name, false,
                                                        server_->service().tftp);
  if (!permit) co_return refuse(fault_of(permit.error()));
  permit_ = std::move(*permit);
  const auto file = server_->files().open(permit_, Clock::now());
  if (!file) co_return refuse(fault_of(file.error()));
  const bool is_text = request_.mode == tftp::Mode::netascii;
  std::optional<std::uint64_t> size;
  // An empty file's is left out: curl (7.88) takes an OACK with tsize=0 for malformed.
  if (!is_text && (*file)->size() > 0) size = (*file)->size();
  tftp::Caps caps = caps_of(permit_.settings);
  if (server_->service().tftp.ports.is_single())
    limit_window(caps, shared_window_bytes_max / block_bytes(caps));
  Bytes option_ack = grant(caps, size);
  if (auto opened = open_port(); !opened) co_return refuse(opened.error());
  if (is_text) {
    source_ = std::make_unique<NetasciiSource>((*file)->fd(), (*file)->size());
  } else {
    source_ = std::make_unique<FileSource>(*file);
  }
  tftp::Sender::Setup setup;
  setup.terms = tftp::Terms(granted_);
  setup.option_ack = std::move(option_ack);
  sender_.emplace(std::move(setup), Clock::now());
  auto sending = send_blocks(*port_, *sender_, *source_);
  co_await std::move(sending);
  note_end(*sender_);
  tell();
}

TftpResult<> TftpTransfer::may_receive(const TftpRules& rules) {
  auto permit = rules.permit(caller_.peer.address, request_.name, true, server_->service().tftp);
  if (!permit) return std::unexpected(fault_of(permit.error()));
  permit_ = std::move(*permit);
  if (promised_bytes() > server_->hosting().limits.max_bytes)
    return tftp_fail(tftp::ErrorCode::disk_full, "the file is too large here");
  return server_->files().try_create(permit_, promised_bytes(), rules.quota_bytes);
}

net::Task<> TftpTransfer::receive_file() {
  const auto rules = server_->hosting().tftp.rules();
  if (const auto allowed = may_receive(*rules); !allowed) co_return refuse(allowed.error());
  const auto create = [this, quota_bytes = rules->quota_bytes] {
    return server_->files().create(permit_, promised_bytes(), quota_bytes);
  };
  FileSink sink(server_->hosting().loop, create, server_->hosting().limits.max_bytes);
  if (request_.mode == tftp::Mode::netascii) {
    sink.decode_netascii();  // tsize is not of what comes, nor of what is kept
  } else if (promised_bytes() > 0) {
    sink.expect_bytes(promised_bytes());
  }
  net::DatagramOptions options;
  options.gro = true;
  options.receive_buffer_bytes = upload_buffer_bytes;
  if (auto opened = open_port(options); !opened) co_return refuse(opened.error());
  tftp::Caps caps = caps_of(permit_.settings);
  limit_window(caps, port_->blocks_held(block_bytes(caps)));
  Bytes option_ack = grant(caps, request_.asked.size_bytes);
  tftp::Receiver::Setup setup;
  setup.terms = tftp::Terms(granted_);
  setup.option_ack = std::move(option_ack);
  receiver_.emplace(std::move(setup), Clock::now());
  auto receiving = receive_blocks(*port_, *receiver_, sink);
  co_await std::move(receiving);
  note_end(*receiver_);
  kept_name_ = sink.committed_name();
  tell();
  if (receiver_->end() != tftp::End::done || server_->is_leaving()) co_return;
  auto dallying = dally(*port_, *receiver_);
  co_await std::move(dallying);
}

template <class Machine>
void TftpTransfer::note_end(const Machine& machine) {
  story_.end = machine.end();
  story_.error = machine.error().what;
  story_.statistics = machine.statistics();
  story_.proved = machine.proved();
  story_.peer_gone = story_.error == TftpPort::gone;
  if (sender_ && source_->has_ended())
    story_.at_last_block = sender_->source_wanted_to() > source_->bytes_ready();
}

// Beneath the folder of the service.
std::string TftpTransfer::file_name() const {
  const std::string& name = kept_name_.empty() ? permit_.name : kept_name_;
  return permit_.folder.empty() || name.empty() ? name : permit_.folder + "/" + name;
}

void TftpTransfer::tell() {
  told_ = true;
  using Kind = ServerEvent::Kind;
  ServerEvent event;
  const bool is_done = story_.end == tftp::End::done;
  event.kind = request_.write ? (is_done ? Kind::received : Kind::not_received)
                              : (is_done ? Kind::sent : Kind::not_sent);
  if (is_size_probe(story_)) event.kind = Kind::probed;
  event.service = server_->service().facts().scheme;
  event.peer = caller_.peer.to_string();
  event.name = request_.name;
  if (auto file = file_name(); file != tftp_file_name(request_.name)) event.file = std::move(file);
  event.bytes = story_.statistics.bytes;
  event.took = Clock::now() - began_;
  event.asked = request_.asked.to_string();
  event.granted = granted_.to_string();
  event.retransmissions = story_.statistics.retransmissions;
  event.round_trip = story_.statistics.round_trip;
  event.verdict = verdict_of(story_);
  server_->hosting().tftp.counters().count_end(event);
  server_->hosting().observer.handle_event(event);
  if (ladder_) ladder_->handle_end(event.verdict, story_.statistics, Clock::now());
}

net::Task<> keep_until_over(std::unique_ptr<TftpTransfer> transfer) {
  co_await transfer->over();
}

}  // namespace yam::service
