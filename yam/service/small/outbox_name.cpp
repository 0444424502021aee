#include "yam/service/small/outbox_name.hpp"

#include "yam/service/server/limits.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

void OutboxName::handle_piece(ByteView piece) {
  received_ += text_of(piece);
  is_whole_ = is_whole_ || received_.contains('\n') || received_.size() > store::name_bytes_max;
}

Duration OutboxName::pause(bool is_a_file) const {
  return is_a_file ? match_pause : name_pause;
}

std::string OutboxName::text() const {
  std::string_view name = std::string_view(received_).substr(0, received_.find('\n'));
  if (name.ends_with('\r')) name.remove_suffix(1);
  return std::string(name);
}

}  // namespace yam::service
