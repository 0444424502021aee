#include "yam/service/archive/archive_stream.hpp"

#include <clocale>
#include <locale.h>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/service/archive/archive_queue.hpp"
#include "yam/service/archive/archive_walk.hpp"
#include "yam/service/archive/archive_writer.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

// A slot that is taken, until this goes.
class TakenSlot {
 public:
  explicit TakenSlot(std::shared_ptr<std::atomic<unsigned>> left) : left_(std::move(left)) {
    unsigned count = *left_;
    while (count > 0 && !left_->compare_exchange_weak(count, count - 1)) {
    }
    if (count == 0) left_.reset();
  }
  TakenSlot(TakenSlot&&) = default;
  TakenSlot& operator=(TakenSlot&&) = delete;
  ~TakenSlot() {
    if (left_) ++*left_;
  }
  explicit operator bool() const { return left_ != nullptr; }

 private:
  std::shared_ptr<std::atomic<unsigned>> left_;  // with the other archives
};

// libarchive asks the thread's locale what the bytes of a name mean; the program's is "C", in which nothing
// but ASCII is text.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = ::uselocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

Result<void> check_order(const ArchiveOrder& order) {
  if (!order.folder.empty())
    if (const auto good = store::check_existing_name(order.folder); !good) return good;
  for (const auto& name : order.names) {
    if (const auto good = store::check_existing_name(name); !good) return good;
    if (name.contains('/')) return fail(Code::usage, "file name " + quoted(name) + ": it has a '/'");
  }
  return {};
}

Result<ArchiveReport> make_archive(const store::Folder& served, const ArchiveOrder& order,
                                   ArchiveQueue& queue) {
  const Utf8Locale utf8;
  auto writer = ArchiveWriter::open(order.format, [&queue](ByteView bytes) { return queue.put(bytes); });
  if (!writer) return fail(writer.error());
  return archive_folder(served, order, **writer);
}

// The whole life of the thread.
void run_archive(const store::Folder& served, const ArchiveOrder& order, ArchiveQueue& queue) {
  try {
    queue.finish(make_archive(served, order, queue));
  } catch (const std::bad_alloc&) {
    queue.finish(fail(Code::local, "cannot make an archive: out of memory"));
  }
}

}  // namespace

ArchiveStream::ArchiveStream(net::Loop& loop) : news_(loop), queue_(std::make_shared<ArchiveQueue>()) {
  queue_->listen(loop, news_);
}

ArchiveStream::~ArchiveStream() {
  queue_->leave();
}

Result<std::unique_ptr<ArchiveStream>> ArchiveStream::open(net::Loop& loop, const store::Folder& served,
                                                           ArchiveOrder order, const ArchiveSlots& slots) {
  if (const auto good = check_order(order); !good) return fail(good.error());
  TakenSlot slot(slots.left_);
  if (!slot) return fail(Code::local, "cannot make an archive: too many are being made already");
  auto folder = served.duplicate();
  if (!folder) return fail(folder.error());
  std::unique_ptr<ArchiveStream> stream(new ArchiveStream(loop));
  try {
    std::thread([queue = stream->queue_, slot = std::move(slot), folder = std::move(*folder),
                 order = std::move(order)] {
      run_archive(folder, order, *queue);
    }).detach();
  } catch (const std::system_error& fault) {
    return fail_os("cannot start a thread", fault.code().value());
  }
  return stream;
}

net::Task<Result<ByteView>> ArchiveStream::next() {
  for (;;) {
    if (auto block = queue_->take()) {
      block_ = std::move(*block);
      co_return ByteView(block_);
    }
    if (auto outcome = queue_->outcome()) {
      if (!*outcome) co_return fail(outcome->error());
      report_ = std::move(**outcome);
      co_return ByteView();
    }
    co_await news_.wait();
  }
}

}  // namespace yam::service
