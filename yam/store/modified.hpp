#pragma once
// When a file was modified, as the kernel says it.

#include <chrono>
#include <sys/stat.h>

namespace yam::store {

inline std::chrono::sys_time<std::chrono::nanoseconds> modified_at(const timespec& time) {
  return std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::seconds(time.tv_sec) +
                                                         std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace yam::store
