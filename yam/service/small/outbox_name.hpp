#pragma once
// The name that an outbox's peer sends, as a machine: it may come in pieces and has no terminator, so that it
// is whole at a line end, at the peer's FIN, when it is longer than any name, or when nothing more came for a
// while.

#include <string>

#include "yam/base/bytes.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

class OutboxName {
 public:
  void handle_piece(ByteView piece);
  void handle_fin() { is_whole_ = true; }
  void handle_pause() { is_whole_ = true; }

  bool has_begun() const { return !received_.empty(); }
  bool is_whole() const { return is_whole_; }
  // How long more is waited for. That a file has the name so far says little: a longer name may begin like
  // it. So that only shortens the wait.
  Duration pause(bool is_a_file) const;

  // Without the line end of a name that was typed, and what came after it: no name has one in it.
  std::string text() const;

 private:
  std::string received_;
  bool is_whole_ = false;
};

}  // namespace yam::service
