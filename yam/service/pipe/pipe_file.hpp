#pragma once
// A file that one side of a pipe fills: it appears under its name, in the place of an older one, when the
// conversation has ended well. After a fault what came stays beside it as NAME.part.

#include <memory>
#include <string>

#include "yam/base/address/endpoint.hpp"
#include "yam/net/fd_stream.hpp"

namespace yam::store {
class NewFile;
}

namespace yam::service {

class PipeFile {
 public:
  // For file:PATH with its ?mode. What stands there and is no file (a device, a named pipe, a link) is
  // written to as it is. Faults: those of the folder.
  static Result<std::unique_ptr<PipeFile>> open(net::Loop& loop, const Endpoint& endpoint);
  ~PipeFile();

  // Where the bytes go; once.
  std::unique_ptr<net::Stream> take_stream() { return std::move(stream_); }

  // Gives the file its name; it is on the disk then.
  net::Task<Result<void>> appear();
  // It does not appear. Says where what came lies, or nothing when nothing came.
  std::string give_up();

 private:
  PipeFile(net::Loop& loop, std::string folder);

  net::Loop& loop_;
  std::string folder_;                    // "/srv/", or empty
  std::unique_ptr<store::NewFile> file_;  // absent for what is no file
  std::unique_ptr<net::Stream> stream_;
};

}  // namespace yam::service
