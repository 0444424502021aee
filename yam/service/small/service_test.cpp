#include "yam/service/small/service.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(Service, ReadsUrls) {
  struct Case {
    std::string url;
    ServiceKind kind;
    std::string host;
    std::uint16_t port;
    std::string folder;
    std::string answer;
    std::string name;
  };
  const Case cases[] = {
      {"echo://", ServiceKind::echo, "", 7007, "", "", ""},
      {"echo://:0", ServiceKind::echo, "", 0, "", "", ""},
      {"greet://[::1]:9999/", ServiceKind::greet, "::1", 9999, "", "", ""},
      {"outbox://localhost:1/srv/a%20b", ServiceKind::outbox, "localhost", 1, "/srv/a b", "", ""},
      {"outbox://?root=in/out", ServiceKind::outbox, "", 7890, "in/out", "", ""},
      {"inbox://:8080", ServiceKind::inbox, "", 8080, "./share", "接收完成", ""},
      {"inbox://?answer=&name=a.txt", ServiceKind::inbox, "", 7891, "./share", "", "a.txt"},
      {"inbox://h:5/x?answer=ok", ServiceKind::inbox, "h", 5, "/x", "ok", ""},
  };
  for (const Case& each : cases) {
    const auto service = parse_service(each.url, ServiceDefaults());
    ASSERT_TRUE(service) << each.url << ": " << service.error().what;
    EXPECT_EQ(service->kind, each.kind) << each.url;
    EXPECT_EQ(service->host, each.host) << each.url;
    EXPECT_EQ(service->port, each.port) << each.url;
    EXPECT_EQ(service->folder, each.folder) << each.url;
    EXPECT_EQ(service->answer, each.answer) << each.url;
    EXPECT_EQ(service->name, each.name) << each.url;
    EXPECT_EQ(service->may_make, each.folder == root_default) << each.url;
  }
}

TEST(Service, RefusesWithTheFaultAndWhatWouldBeRight) {
  const std::string served =
      "it serves echo://, discard://, daytime://, greet://, fahrenheit://, inbox://, outbox://, "
      "tftp://, http://, https://";
  struct Case {
    std::string url;
    std::string what;
    std::string hint;
  };
  const Case cases[] = {
      {"irc://:6667", "irc://:6667: this yam does not serve irc yet", served},
      {"tftp://?write=yes", R"(tftp://?write=yes: no way to write "yes")", "off, new, replace or number"},
      {"tftp://?windowsize=0", R"(tftp://?windowsize=0: no windowsize of "0")", "1 to 32767"},
      {"tftp://?blksize=7x", R"(tftp://?blksize=7x: no blksize of "7x")", "8 to 65464"},
      {"tftp://?ports=9-8", R"(tftp://?ports=9-8: no ports "9-8")",
       "write `single`, or a range such as 20000-29999"},
      {"tftp://?answer=x", R"(tftp://?answer=x: no option "answer" here)",
       "it takes root, write, windowsize, blksize, ports"},
      {"ehco://", R"(ehco://: no scheme "ehco" here at column 1)", "did you mean echo://?"},
      {"echo://:7007/x", "echo://:7007/x: there is no folder to this service", "leave out /x"},
      {"echo://?root=x", R"(echo://?root=x: no option "root" here)", "echo:// takes none"},
      {"outbox://?name=x", R"(outbox://?name=x: no option "name" here)", "it takes root"},
      {"inbox://?nam=x", R"(inbox://?nam=x: no option "nam" here)", "it takes root, answer, name"},
      {"inbox://?name=a&name=b", "inbox://?name=a&name=b: the option name comes twice", ""},
      {"inbox:///a?root=b", "inbox:///a?root=b: both a path and a root", "leave out one of them"},
      {"inbox://?root=", "inbox://?root=: an empty root", "write ?root=DIR"},
      {"outbox://:1/", "outbox://:1/: this path is the whole machine",
       "write ?root=/ if that is what you mean"},
      {"inbox://?name=../x", R"(inbox://?name=../x: file name "../x": it has a '..' component)", ""},
      {"echo://#x", "echo://#x: a service has no #part", ""},
  };
  for (const Case& each : cases) {
    const auto service = parse_service(each.url, ServiceDefaults());
    ASSERT_FALSE(service) << each.url;
    EXPECT_EQ(service.error(), (Error{Code::usage, each.what, each.hint})) << each.url;
  }
  EXPECT_FALSE(parse_service("echo://:65536", ServiceDefaults()));
  EXPECT_FALSE(parse_service("7007", ServiceDefaults()));
}

TEST(Service, ReadsWhatTftpMay) {
  const auto service = parse_service("tftp://h/srv?write=new&windowsize=8&blksize=1468", ServiceDefaults());
  ASSERT_TRUE(service) << service.error().what;
  EXPECT_EQ(service->port, 6969);
  EXPECT_EQ(service->folder, "/srv");
  EXPECT_EQ(service->tftp.write, WritePolicy::create);
  EXPECT_EQ(service->tftp.window_max, 8);
  EXPECT_EQ(service->tftp.block_bytes_max, 1468);
  const auto plain = parse_service("tftp://", ServiceDefaults());
  EXPECT_EQ(plain->tftp.write, WritePolicy::off);
  EXPECT_EQ(plain->tftp.window_max, 64);
  EXPECT_TRUE(parse_service("tftp://?ports=single", ServiceDefaults()).value().tftp.ports.is_single());
}

TEST(Service, DefaultsAreOneOfEachButTheSameOverTls) {
  ServiceDefaults defaults;
  defaults.lan = true;
  defaults.root = "elsewhere";
  const auto services = default_services(defaults);
  ASSERT_EQ(services.size(), all_services().size() - 1);
  for (const Service& each : services) {
    EXPECT_TRUE(each.lan);
    EXPECT_EQ(each.port, each.facts().default_port);
    EXPECT_EQ(each.folder, each.facts().has_folder ? "elsewhere" : "");
  }
}

}  // namespace
}  // namespace yam::service
