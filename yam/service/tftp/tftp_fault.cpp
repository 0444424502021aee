#include "yam/service/tftp/tftp_fault.hpp"

#include <cerrno>

namespace yam::service {

using proto::tftp::ErrorCode;

TftpFault fault_of(const Error& error) {
  switch (error.code) {
    case Code::not_found:
      return {ErrorCode::not_found, error.what};
    case Code::refused:
    case Code::usage:
      return {ErrorCode::access_violation, error.what};
    default:
      return {ErrorCode::undefined, error.what};
  }
}

TftpFault fault_of_write(const std::string& what, int errno_value) {
  const bool is_full = errno_value == ENOSPC || errno_value == EDQUOT || errno_value == EFBIG;
  return {is_full ? ErrorCode::disk_full : ErrorCode::undefined, fail_os(what, errno_value).error().what};
}

}  // namespace yam::service
