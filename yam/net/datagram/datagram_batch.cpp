#include "yam/net/datagram/datagram_batch.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <optional>
#include <sys/socket.h>

namespace yam::net {

namespace {

// Slots that begin a power of two apart would all fall into the same few sets of the cache.
constexpr std::size_t slot_stride_bytes = DatagramBatch::message_bytes_max + 4 * 64;

// Room for what we ask the kernel to tell: how long the joined datagrams are, and where they were sent to
// (IPv4 ones that come to an IPv6 socket have both).
constexpr std::size_t control_bytes =
    CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(in6_pktinfo));

struct Told {
  std::size_t segment_bytes = 0;  // 0: the message is a single datagram
  std::optional<IpAddress> called;
  bool to_many = false;
};

template <class T>
T value_of(cmsghdr& told) {
  T value;
  std::memcpy(&value, CMSG_DATA(&told), sizeof value);
  return value;
}

void read_address(const in_pktinfo& told, Told& into) {
  into.to_many = told.ipi_addr.s_addr != told.ipi_spec_dst.s_addr;
  if (!into.to_many) into.called = IpAddress::v4(std::bit_cast<IpAddress::V4Bytes>(told.ipi_addr));
}

void read_address(const in6_pktinfo& told, Told& into) {
  const auto address = IpAddress::v6(std::bit_cast<IpAddress::V6Bytes>(told.ipi6_addr),
                                     static_cast<std::uint32_t>(told.ipi6_ifindex));
  if (address.is_mapped_v4()) return;  // said again, and better, by in_pktinfo
  into.to_many = address.is_multicast();
  if (!into.to_many) into.called = address;
}

Told read_control(msghdr& header) {
  Told all;
  for (cmsghdr* told = CMSG_FIRSTHDR(&header); told != nullptr; told = CMSG_NXTHDR(&header, told)) {
    if (told->cmsg_level == SOL_UDP && told->cmsg_type == UDP_GRO)
      all.segment_bytes = static_cast<std::size_t>(std::max(value_of<int>(*told), 0));
    if (told->cmsg_level == IPPROTO_IP && told->cmsg_type == IP_PKTINFO)
      read_address(value_of<in_pktinfo>(*told), all);
    if (told->cmsg_level == IPPROTO_IPV6 && told->cmsg_type == IPV6_PKTINFO)
      read_address(value_of<in6_pktinfo>(*told), all);
  }
  return all;
}

}  // namespace

struct DatagramBatch::Slot {
  SocketAddress sender;
  std::optional<IpAddress> called;
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
    const Told told = read_control(header);
    slots_[i].called = told.called;
    messages_.push_back(
        {.bytes = {memory_.get() + i * slot_stride_bytes, length},
         .segment_bytes = told.segment_bytes == 0 ? length : std::min(told.segment_bytes, length),
         .sender = &slots_[i].sender,
         .called = slots_[i].called ? &*slots_[i].called : nullptr,
         .to_many = told.to_many});
  }
  return too_long_bytes;
}

}  // namespace yam::net
