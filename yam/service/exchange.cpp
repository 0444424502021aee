#include "yam/service/exchange.hpp"

#include "yam/base/quantity.hpp"
#include "yam/net/event.hpp"
#include "yam/net/scope.hpp"
#include "yam/service/until_word.hpp"

namespace yam::service {

namespace {

using net::Event;
using net::Loop;
using net::Scope;
using net::Stream;
using net::Task;

// One run of exchange(): two directions, each a task, and a watchman for silence.
class Exchange {
 public:
  Exchange(Loop& loop, Stream& local, Stream& peer, ExchangeRules rules)
      : loop_(loop), local_(local), peer_(peer), rules_(std::move(rules)), news_(loop), tasks_(loop) {
    activity_.last = loop.now();
  }

  ~Exchange() {
    if (rules_.sent_sum != nullptr) *rules_.sent_sum += end_.sent;
    if (rules_.received_sum != nullptr) *rules_.received_sum += end_.received;
  }

  Task<ExchangeEnd> run(wire::Converter* outgoing, wire::Converter* incoming) {
    tasks_.spawn(carry(local_, peer_, outgoing, Way::out));
    tasks_.spawn(carry(peer_, local_, incoming, Way::in));
    while (!over_) {
      news_.reset();
      const bool woken = co_await news_.wait(silence_deadline());
      if (!woken && loop_.now() >= silence_deadline()) fall_silent();
    }
    tasks_.cancel();
    co_return std::move(end_);
  }

 private:
  enum class Way : bool { out, in };

  // Bytes handed on in one direction are counted as they move, so that an exchange cut short still knows
  // them.
  struct Meter final : net::RelayObserver {
    explicit Meter(std::uint64_t& t) : total(t) {}
    void moved(std::size_t bytes) override { total += bytes; }
    std::uint64_t& total;
  };

  struct Fault {
    Fault(Error e, bool w) : error(std::move(e)), when_writing(w) {}
    Error error;
    bool when_writing;
  };

  Task<> carry(Stream& from, Stream& to, wire::Converter* converter, Way way) {
    std::optional<Fault> fault;
    const bool bytes_only = !from.keeps_messages() && !to.keeps_messages();
    if (converter == nullptr && rules_.until.empty() && bytes_only) {
      fault = co_await carry_bytes(from, to, way);
    } else {
      fault = co_await carry_pieces(from, to, converter, way);
    }
    // A program need not read all that it is told; what counts is how its own output ends.
    const bool is_deaf_program = fault && fault->when_writing && way == Way::in && rules_.ends_with_local;
    if (fault && !is_deaf_program) {
      finish(ExchangeEnd::How::failed, std::move(fault->error));
    } else if (!over_) {
      co_await handle_end(to, way);
    }
  }

  Task<std::optional<Fault>> carry_bytes(Stream& from, Stream& to, Way way) {
    Meter meter(way == Way::out ? end_.sent : end_.received);
    net::RelayOptions options;
    options.activity = &activity_;
    options.observer = &meter;
    net::Relayed relayed = co_await net::relay(loop_, from, to, options);
    if (relayed.end == net::Relayed::End::source_ended) co_return std::nullopt;
    co_return Fault(std::move(relayed.error), relayed.end == net::Relayed::End::writing_failed);
  }

  Task<std::optional<Fault>> carry_pieces(Stream& from, Stream& to, wire::Converter* converter, Way way) {
    std::uint64_t& counted = way == Way::out ? end_.sent : end_.received;
    UntilWord until(rules_.until);
    Bytes buffer(room_for(from, to));
    wire::Pieces pieces;
    for (bool ended = false; !ended;) {
      const auto count = co_await from.read(buffer);
      if (!count) co_return Fault(count.error(), false);
      activity_.last = loop_.now();
      ended = *count == 0 && !from.keeps_messages();
      const ByteView piece = ByteView(buffer).first(*count);
      if (way == Way::in) counted += *count;

      pieces.clear();
      Result<void> converted;
      if (converter != nullptr) {
        converted = ended ? converter->handle_end(pieces) : converter->handle_piece(piece, pieces);
      } else if (!ended) {
        pieces.add(piece);
      }
      for (std::size_t i = 0; i < pieces.count(); ++i) {
        const auto written = co_await to.write(pieces.piece(i));
        if (!written) co_return Fault(written.error(), true);
        if (way == Way::out) counted += *written;
        activity_.last = loop_.now();
      }
      if (!converted) co_return Fault(converted.error(), false);
      if (rules_.single_message && way == Way::in) {
        finish(ExchangeEnd::How::peer_ended, std::nullopt);
        co_return std::nullopt;
      }
      if (until.handle_piece(piece)) {
        finish(ExchangeEnd::How::word_said, std::nullopt);
        co_return std::nullopt;
      }
    }
    co_return std::nullopt;
  }

  // A datagram socket takes no more than one datagram holds; a stream's piece may not be longer than that.
  static std::size_t room_for(const Stream& from, const Stream& to) {
    return to.keeps_messages() && !from.keeps_messages() ? std::size_t{65'507} : piece_bytes_max;
  }

  Task<> handle_end(Stream& to, Way way) {
    if (!local_ended_ && !peer_ended_) end_.local_first = way == Way::out;
    (way == Way::out ? local_ended_ : peer_ended_) = true;
    const bool ends_all =
        rules_.on_eof == OnEof::close || (way == Way::out ? rules_.ends_with_local : rules_.ends_with_peer);
    if (rules_.on_eof != OnEof::stay || ends_all) {
      // The other side may be gone already, which at the end of a direction is no fault.
      [[maybe_unused]] const auto told = co_await to.finish();
    }
    activity_.last = loop_.now();
    if (local_ended_ && peer_ended_) {
      finish(ExchangeEnd::How::both_ended, std::nullopt);
    } else if (ends_all) {
      finish(way == Way::out ? ExchangeEnd::How::local_ended : ExchangeEnd::How::peer_ended, std::nullopt);
    } else {
      news_.set();  // silence may mean something else from now on
    }
  }

  // --idle where it is given; else datagrams, whose senders never say that they are done, end with our own
  // end.
  Duration patience() const {
    if (rules_.idle >= Duration::zero()) return rules_.idle;
    const bool peer_cannot_end = peer_.keeps_messages() && local_ended_ && rules_.on_eof != OnEof::stay;
    return peer_cannot_end ? datagram_silence : Duration(-1);
  }
  Time silence_deadline() const { return after(activity_.last, patience()); }

  void fall_silent() {
    if (rules_.idle < Duration::zero()) {
      finish(ExchangeEnd::How::local_ended, std::nullopt);
    } else {
      Error fault{Code::timeout, "nothing moved for " + print_duration(rules_.idle), ""};
      finish(ExchangeEnd::How::fell_silent, std::move(fault));
    }
  }

  void finish(ExchangeEnd::How how, std::optional<Error> fault) {
    if (over_) return;
    over_ = true;
    end_.how = how;
    end_.fault = std::move(fault);
    news_.set();
  }

  Loop& loop_;
  Stream& local_;
  Stream& peer_;
  ExchangeRules rules_;
  net::RelayActivity activity_;
  bool local_ended_ = false;
  bool peer_ended_ = false;
  bool over_ = false;
  ExchangeEnd end_;
  Event news_;
  Scope tasks_;  // last: cancelled before what the tasks point at
};

}  // namespace

Task<ExchangeEnd> exchange(Loop& loop, Stream& local, Stream& peer, ExchangeRules rules,
                           wire::Converter* outgoing, wire::Converter* incoming) {
  Exchange run(loop, local, peer, std::move(rules));
  co_return co_await run.run(outgoing, incoming);
}

std::string ExchangeEnd::words() const {
  switch (how) {
    case How::both_ended:
      return local_first ? "both sides closed, we first" : "both sides closed, the peer first";
    case How::local_ended:
      return "we closed";
    case How::peer_ended:
      return "the peer closed";
    case How::word_said:
      return "the last word was said";
    case How::fell_silent:
    case How::failed:
      break;
  }
  return fault ? fault->what : "failed";
}

}  // namespace yam::service
