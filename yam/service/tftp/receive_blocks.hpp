#pragma once
// Plays a Receiver over a port: what comes in order goes into a sink, in pieces as they arrived together.

#include "yam/net/loop/task.hpp"
#include "yam/proto/tftp/receiver.hpp"
#include "yam/service/tftp/tftp_fault.hpp"
#include "yam/service/tftp/tftp_port.hpp"

namespace yam::service {

// Where the bytes of one transfer go.
class BlockSink {
 public:
  virtual ~BlockSink() = default;

  // The next bytes; the pieces are gone after the call.
  virtual TftpResult<> take(std::span<const ByteView> pieces) = 0;
  // True when it cannot take more before settle() has been awaited.
  virtual bool is_full() const { return false; }
  virtual net::Task<TftpResult<>> settle();
  // That was all: the peer is told so when this is through.
  virtual net::Task<TftpResult<>> finish() = 0;
};

// Until receiver.end(): whole and saved, or not; the last ACK or ERROR is out
// then. `first` is a DATA that came before the receiver was made (a server that knows no options). All but
// that outlive it.
net::Task<> receive_blocks(TftpPort& port, proto::tftp::Receiver& receiver, BlockSink& sink,
                           Bytes first = {});

// After an end that is `done`: answers a last block that comes again, until receiver.gone().
net::Task<> dally(TftpPort& port, proto::tftp::Receiver& receiver);

}  // namespace yam::service
