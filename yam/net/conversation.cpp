#include "yam/net/conversation.hpp"

#include "yam/net/program.hpp"

namespace yam::net {

namespace {

using Converse = std::function<Task<Result<void>>(Connection)>;

Task<Result<void>> welcome_and_converse(Acceptor* acceptor, Connection connection, const Converse* converse) {
  auto welcomed = co_await acceptor->welcome(std::move(connection), welcome_max);
  if (!welcomed) co_return fail(welcomed.error());
  co_return co_await (*converse)(std::move(*welcomed));
}

Task<> host(Acceptor* acceptor, Connection connection, const Converse* converse, Event* room) {
  const std::string peer = connection.peer;
  auto ended = co_await welcome_and_converse(acceptor, std::move(connection), converse);
  if (!ended) {
    ended.error().what = peer + ": " + ended.error().what;
    explain(ended.error());
  }
  room->set();
}

}  // namespace

Task<Result<Connection>> call(Loop& loop, std::string endpoint) {
  const auto place = Endpoint::parse(endpoint, Side::calling);
  if (!place) co_return fail(place.error());
  if (place->scheme == Scheme::exec)
    co_return fail(Code::usage, endpoint + ": a child needs call() with Children");
  Children none(loop);
  const CallOptions options;
  co_return co_await call(loop, none, *place, options);
}

Task<Result<std::unique_ptr<Acceptor>>> wait_at(Loop& loop, std::string endpoint) {
  const auto place = Endpoint::parse(endpoint, Side::listening);
  if (!place) co_return fail(place.error());
  const AcceptorOptions options;
  auto acceptor = co_await Acceptor::open(loop, *place, options);
  if (acceptor) show("ready " + std::to_string((*acceptor)->port()));
  co_return acceptor;
}

Task<Result<void>> serve_each(Loop& loop, std::string endpoint, Converse converse, std::size_t at_once_max) {
  auto acceptor = co_await wait_at(loop, std::move(endpoint));
  if (!acceptor) co_return fail(acceptor.error());
  Event room(loop);
  Scope conversations(loop);
  for (;;) {
    while (conversations.size() >= at_once_max) {
      room.reset();
      co_await room.wait();
      co_await loop.yield();  // who told us has to leave the scope first
    }
    auto connection = co_await (*acceptor)->accept();
    if (!connection) co_return fail(connection.error());
    conversations.spawn(host(acceptor->get(), std::move(*connection), &converse, &room));
  }
}

}  // namespace yam::net
