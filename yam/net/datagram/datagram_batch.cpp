#include "yam/net/datagram/datagram_batch.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <netinet/udp.h>
#include <sys/socket.h>

namespace yam::net {

namespace {

// Slots that begin a power of two apart would all fall into the same few sets of the cache.
constexpr std::size_t slot_stride_bytes = DatagramBatch::message_bytes_max + 4 * 64;

// Room for the one thing that we ask the kernel to tell: how long the joined datagrams are.
constexpr std::size_t control_bytes = CMSG_SPACE(sizeof(int));

// 0 when the message is a single datagram.
std::size_t gro_segment_bytes(msghdr& header) {
  for (cmsghdr* told = CMSG_FIRSTHDR(&header); told != nullptr; told = CMSG_NXTHDR(&header, told)) {
    if (told->cmsg_level != SOL_UDP || told->cmsg_type != UDP_GRO) continue;
    int bytes = 0;
    std::memcpy(&bytes, CMSG_DATA(told), sizeof bytes);
    return static_cast<std::size_t>(std::max(bytes, 0));
  }
  return 0;
}

}  // namespace

struct DatagramBatch::Slot {
  SocketAddress sender;
  iovec place;
  alignas(cmsghdr) std::byte control[control_bytes];
};

DatagramBatch::DatagramBatch(std::size_t messages) : slot_count_(messages) {
  assert(messages >= 1 && messages <= messages_max);
}

DatagramBatch::~DatagramBatch() = default;

std::size_t DatagramBatch::size() const {
  std::size_t datagrams = 0;
  for (const Message& message : messages_)
    datagrams += message.bytes.empty()
                     ? 1
                     : (message.bytes.size() + message.segment_bytes - 1) / message.segment_bytes;
  return datagrams;
}

std::span<mmsghdr> DatagramBatch::slots() {
  clear();
  if (!memory_) {
    memory_.reset(new std::byte[slot_count_ * slot_stride_bytes]);  // not written: untouched pages are free
    headers_ = std::make_unique<mmsghdr[]>(slot_count_);
    slots_ = std::make_unique<Slot[]>(slot_count_);
    messages_.reserve(slot_count_);
    for (std::size_t i = 0; i < slot_count_; ++i) {
      slots_[i].place = {memory_.get() + i * slot_stride_bytes, message_bytes_max};
      headers_[i].msg_hdr = {.msg_name = slots_[i].sender.mutable_get(),
                             .msg_namelen = 0,
                             .msg_iov = &slots_[i].place,
                             .msg_iovlen = 1,
                             .msg_control = slots_[i].control,
                             .msg_controllen = 0,
                             .msg_flags = 0};
    }
    used_slots_ = slot_count_;
  }
  for (std::size_t i = 0; i < used_slots_; ++i) {
    headers_[i].msg_hdr.msg_namelen = SocketAddress::capacity();
    headers_[i].msg_hdr.msg_controllen = control_bytes;
  }
  used_slots_ = 0;
  return {headers_.get(), slot_count_};
}

std::size_t DatagramBatch::accept(std::size_t count) {
  std::size_t too_long_bytes = 0;
  used_slots_ = count;
  for (std::size_t i = 0; i < count; ++i) {
    msghdr& header = headers_[i].msg_hdr;
    const std::size_t length = headers_[i].msg_len;
    if ((header.msg_flags & MSG_TRUNC) != 0) {
      too_long_bytes = length;
      continue;
    }
    slots_[i].sender.set_size(header.msg_namelen);
    const std::size_t segment = gro_segment_bytes(header);
    messages_.push_back({.bytes = {memory_.get() + i * slot_stride_bytes, length},
                         .segment_bytes = segment == 0 ? length : std::min(segment, length),
                         .sender = &slots_[i].sender});
  }
  return too_long_bytes;
}

}  // namespace yam::net
