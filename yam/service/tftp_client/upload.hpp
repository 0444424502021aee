#pragma once
// What a client's upload is made of: a file, whose size the server is told and which is read where it lies,
// or a stream (stdin, a pipe, text on its way into netascii), of which as much is kept as may be sent again.

#include <memory>
#include <optional>
#include <string>

#include "yam/net/stream.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/service/tftp/kept_bytes.hpp"
#include "yam/service/tftp/send_blocks.hpp"

namespace yam::service {

class Upload final : public BlockSource {
 public:
  // Code::local; a directory is none.
  static Result<std::unique_ptr<Upload>> open(net::Loop& loop, const std::string& path,
                                              proto::tftp::Mode mode);
  static Result<std::unique_ptr<Upload>> standard_input(net::Loop& loop, proto::tftp::Mode mode);

  // How many bytes will go out, where that is known before.
  std::optional<std::uint64_t> size_bytes() const;
  // How many did or will at once, for who watches; some of them maybe twice.
  std::uint64_t bytes() const { return read_to_; }

  std::uint64_t bytes_ready() const override;
  bool has_ended() const override { return file_.has_value() || ended_; }
  ByteView view(std::uint64_t offset, std::size_t bytes) override;
  bool read(std::uint64_t offset, ByteSpan into) override;
  TftpResult<> verify() const override;
  net::Task<TftpResult<>> grow(std::uint64_t kept_from, std::uint64_t wanted_to, Time until) override;

  // What this side could not do: Code::local.
  const std::optional<Error>& fault() const { return fault_; }

 private:
  Upload(std::string path, proto::tftp::Mode mode) : path_(std::move(path)), kept_(mode) {}

  std::string path_;
  std::optional<FileSource> file_;
  std::unique_ptr<net::Stream> stream_;
  KeptBytes kept_;  // what it gave
  bool ended_ = false;
  std::uint64_t read_to_ = 0;
  mutable std::optional<Error> fault_;
};

}  // namespace yam::service
