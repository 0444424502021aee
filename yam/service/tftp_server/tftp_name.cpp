#include "yam/service/tftp_server/tftp_name.hpp"

namespace yam::service {

std::string_view tftp_file_name(std::string_view asked) {
  for (;;) {
    if (asked.starts_with('/')) {
      asked.remove_prefix(1);
    } else if (asked.starts_with("./")) {
      asked.remove_prefix(2);
    } else {
      return asked;
    }
  }
}

}  // namespace yam::service
