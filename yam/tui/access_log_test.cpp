#include "yam/tui/access_log.hpp"

#include <gtest/gtest.h>

namespace yam::tui {
namespace {

service::HttpRecord record() {
  service::HttpRecord record;
  record.service = "http";
  record.peer = IpAddress::parse("192.0.2.7").value();
  record.date = "Sat, 21 Nov 2026 22:00:35 GMT";
  record.method = "GET";
  record.target = "/a \"b\".txt";
  record.query = "x=1";
  record.has_query = true;
  record.status = 200;
  record.bytes = 6;
  record.agent = "curl/7.88.1";
  record.took = std::chrono::milliseconds(2);
  return record;
}

TEST(AccessLog, IsTheCombinedFormatThatLogReadersKnow) {
  EXPECT_EQ(combined_line(record()),
            "192.0.2.7 - - [21/Nov/2026:22:00:35 +0000] \"GET /a \\\"b\\\".txt?x=1 HTTP/1.1\" 200 6 \"-\" "
            "\"curl/7.88.1\"\n");
  service::HttpRecord refused;
  refused.peer = IpAddress::parse("::1").value();
  refused.date = record().date;
  refused.status = 400;
  EXPECT_EQ(combined_line(refused), "::1 - - [21/Nov/2026:22:00:35 +0000] \"-\" 400 0 \"-\" \"-\"\n");
}

TEST(AccessLog, NothingAPeerWroteReachesTheTerminalAsItIs) {
  service::HttpRecord hostile = record();
  hostile.agent = "x\x1b[2J\n";
  EXPECT_EQ(combined_line(hostile).find('\x1b'), std::string::npos);
  EXPECT_EQ(combined_line(hostile).find('\n'), combined_line(hostile).size() - 1);
}

TEST(AccessLog, IsAJsonObjectALine) {
  EXPECT_EQ(json_of(record()),
            R"({"event":"request","service":"http","peer":"192.0.2.7","method":"GET",)"
            R"("target":"/a \"b\".txt?x=1","status":200,"bytes":6,"seconds":0.002,"agent":"curl/7.88.1"})"
            "\n");
}

}  // namespace
}  // namespace yam::tui
