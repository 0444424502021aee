#include "yam/service/exchange.hpp"

#include "yam/base/quantity.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/until_word.hpp"

namespace yam::service {

namespace {

using net::Event;
using net::Loop;
using net::Scope;
using net::Stream;
using net::Task;

// What happens to the pieces of one direction: converted, listened to for the last word, and shown.
class Passage {
 public:
  // `cuts_messages`: what the converter makes are the peer's messages, not ours on their way to the wire.
  Passage(std::string until, wire::Converter* converter, wire::Converter* view, bool cuts_messages)
      : until_(std::move(until)),
        converter_(converter),
        view_(view),
        hears_converted_(cuts_messages && converter != nullptr) {}

  Result<void> handle_piece(ByteView piece, bool is_message) {
    pieces_.clear();
    Result<void> converted;
    if (converter_ != nullptr) {
      converted = converter_->handle_piece(piece, pieces_);
    } else {
      pieces_.add(piece);
    }
    if (!hears_converted_) said_ = is_message ? until_.handle_message(piece) : until_.handle_piece(piece);
    return look_over(std::move(converted));
  }
  Result<void> handle_end() {
    pieces_.clear();
    return look_over(converter_ != nullptr ? converter_->handle_end(pieces_) : Result<void>());
  }

  const wire::Pieces& leaving() const { return view_ != nullptr ? shown_ : pieces_; }
  bool word_was_said() const { return said_; }

 private:
  Result<void> look_over(Result<void> outcome) {
    for (std::size_t i = 0; hears_converted_ && i < pieces_.count(); ++i)
      said_ = until_.handle_message(pieces_.piece(i));
    shown_.clear();
    for (std::size_t i = 0; view_ != nullptr && i < pieces_.count(); ++i)
      if (auto viewed = view_->handle_piece(pieces_.piece(i), shown_); !viewed) return viewed;
    return outcome;
  }

  UntilWord until_;
  wire::Converter* converter_;
  wire::Converter* view_;
  bool hears_converted_;
  bool said_ = false;
  wire::Pieces pieces_;
  wire::Pieces shown_;
};

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
    const bool as_it_is = converter == nullptr && (way == Way::out || rules_.view == nullptr);
    if (as_it_is && rules_.until.empty() && bytes_only) {
      fault = co_await carry_bytes(from, to, way);
    } else {
      fault = co_await carry_pieces(from, to, converter, way);
    }
    // A program need not read all that it is told; what counts is how its own output ends.
    const bool is_deaf_program = fault && fault->when_writing && way == Way::in && rules_.ends_with_local;
    if (fault && !is_deaf_program) {
      if (!over_) blame(*fault, way);
      finish(ExchangeEnd::How::failed, std::move(fault->error));
    } else if (!over_) {
      co_await handle_end(to, way);
    }
  }

  // Reading on the way out and writing on the way in concern our own side.
  void blame(const Fault& fault, Way way) {
    if (fault.when_writing == (way == Way::out)) return;
    end_.fault_at = fault.when_writing ? ExchangeEnd::FaultAt::local_out : ExchangeEnd::FaultAt::local_in;
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
    Passage passage(rules_.until, converter, way == Way::in ? rules_.view : nullptr, way == Way::in);
    Bytes buffer(room_for(from, to));
    for (bool ended = false; !ended;) {
      const auto count = co_await from.read(buffer);
      if (!count) co_return Fault(count.error(), false);
      activity_.last = loop_.now();
      ended = *count == 0 && !from.keeps_messages();
      if (way == Way::in) counted += *count;

      const auto passed = ended ? passage.handle_end()
                                : passage.handle_piece(ByteView(buffer).first(*count), from.keeps_messages());
      const wire::Pieces& leaving = passage.leaving();
      for (std::size_t i = 0; i < leaving.count(); ++i) {
        const auto written = co_await to.write(leaving.piece(i));
        if (!written) co_return Fault(written.error(), true);
        if (way == Way::out) counted += *written;
        activity_.last = loop_.now();
      }
      if (!passed) co_return Fault(passed.error(), false);
      if (rules_.single_message && way == Way::in) {
        finish(ExchangeEnd::How::message_came, std::nullopt);
        co_return std::nullopt;
      }
      if (passage.word_was_said()) {
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

  // Whether our own end is the end soon after, because the peer cannot tell of his. An `idle` that was given
  // for a peer whom we called is how long his answers are waited for.
  bool ends_after_us() const {
    if (!peer_.keeps_messages() || !local_ended_ || rules_.on_eof == OnEof::stay) return false;
    return rules_.idle < Duration::zero() || (rules_.silence_is_an_end && rules_.idle > datagram_silence);
  }
  Duration patience() const { return ends_after_us() ? datagram_silence : rules_.idle; }
  Time silence_deadline() const { return after(activity_.last, patience()); }

  void fall_silent() {
    if (ends_after_us()) return finish(ExchangeEnd::How::local_ended, std::nullopt);
    if (rules_.silence_is_an_end) return finish(ExchangeEnd::How::fell_silent, std::nullopt);
    Error fault{Code::timeout, "nothing moved for " + print_duration(rules_.idle), ""};
    finish(ExchangeEnd::How::fell_silent, std::move(fault));
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
    case How::message_came:
      return "the message has come";
    case How::fell_silent:
      if (!fault) return "the peer fell silent";
      break;
    case How::failed:
      break;
  }
  return fault ? fault->what : "failed";
}

}  // namespace yam::service
