#pragma once
// Where a client's download goes: a file that appears under its name whole or not at all (NAME.part until
// then), or what is written to as it comes: stdout, a device, a named pipe. What stood there before stays,
// unless told otherwise.

#include <memory>
#include <optional>
#include <string>

#include "yam/net/stream.hpp"
#include "yam/proto/tftp/netascii.hpp"
#include "yam/service/tftp/receive_blocks.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

class Download final : public BlockSink {
 public:
  enum class Existing : bool { kept, replaced };

  // Code::local for whatever this machine does not allow, a taken name among it.
  static Result<std::unique_ptr<Download>> open(net::Loop& loop, const std::string& path, Existing existing);
  static Result<std::unique_ptr<Download>> standard_output(net::Loop& loop);
  // Of what did not become whole nothing stays, but what was too short: the fault names where it lies.
  ~Download() override;

  // What is to come: text (RFC 1350 §1), and how many bytes of it, where the server has said so.
  void expect(proto::tftp::Mode mode, std::optional<std::uint64_t> size_bytes);
  // As it is now, for who watches.
  std::uint64_t bytes() const { return bytes_; }

  // What goes beyond the promise is a fault at once, so that nobody fills the disk with it.
  TftpResult<> take(std::span<const ByteView> pieces) override;
  bool is_full() const override { return !waiting_.empty(); }
  net::Task<TftpResult<>> settle() override;
  net::Task<TftpResult<>> finish() override;

  // What this side could not do, or did not find right: Code::local, Code::verification.
  const std::optional<Error>& fault() const { return fault_; }

 private:
  explicit Download(std::string path) : path_(std::move(path)) {}

  TftpResult<> stream_out(std::span<const ByteView> pieces);
  TftpResult<> write(std::span<const ByteView> pieces);
  std::unexpected<TftpFault> stop(Error error, proto::tftp::ErrorCode code = {});

  std::string path_;
  std::optional<store::NewFile> file_;   // absent for what is no file, and in the end
  bool is_kept_ = false;                 // its part, though it came short
  std::unique_ptr<net::Stream> stream_;  // for that
  Bytes waiting_;                        // to be written to it
  std::vector<iovec> parts_;
  std::optional<proto::tftp::NetasciiDecoder> decoder_;
  Bytes decoded_;
  std::uint64_t bytes_ = 0;  // that came
  std::optional<std::uint64_t> promised_bytes_;
  std::optional<Error> fault_;
};

}  // namespace yam::service
