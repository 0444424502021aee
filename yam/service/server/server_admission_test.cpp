#include "yam/service/server/server_admission.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

const IpAddress here = IpAddress::loopback(Family::v4);
const IpAddress far = IpAddress::v4(192, 0, 2, 1);
const IpAddress farther = IpAddress::v4(192, 0, 2, 2);

ServeLimits limits_of(std::uint64_t connections, std::optional<std::uint64_t> per_address,
                      std::uint64_t files) {
  ServeLimits limits;
  limits.max_connections = connections;
  limits.max_per_address = per_address;
  limits.max_files = files;
  return limits;
}

TEST(Admission, RoomIsGivenBackWithTheTicket) {
  Admission admission(limits_of(2, std::nullopt, 1));
  auto first = admission.admit_connection(far);
  ASSERT_TRUE(first);
  {
    const auto second = admission.admit_connection(farther);
    ASSERT_TRUE(second);
    EXPECT_EQ(admission.connections(), 2U);
    EXPECT_EQ(admission.admit_connection(here).error(),
              (Error{Code::refused, "max-connections (2) reached", ""}));
  }
  EXPECT_EQ(admission.connections(), 1U);
  Admission::Ticket moved = std::move(*first);
  first = fail(Code::refused, "");
  EXPECT_EQ(admission.connections(), 1U);
  moved = Admission::Ticket();
  EXPECT_EQ(admission.connections(), 0U);
}

TEST(Admission, CountsByAddressButForThisMachine) {
  Admission admission(limits_of(1000, std::nullopt, 1));
  std::vector<Admission::Ticket> tickets;
  for (std::uint64_t i = 0; i < max_per_address_default; ++i) {
    tickets.push_back(std::move(*admission.admit_connection(far)));
    tickets.push_back(std::move(*admission.admit_connection(here)));
  }
  EXPECT_EQ(admission.admit_connection(far).error().what, "max-per-address (256) reached for this address");
  EXPECT_TRUE(admission.admit_connection(farther));
  EXPECT_TRUE(admission.admit_connection(here));
}

TEST(Admission, ALimitThatIsSetCountsThisMachineAsWell) {
  Admission admission(limits_of(1000, 1, 1));
  const auto ticket = admission.admit_connection(here);
  EXPECT_TRUE(ticket);
  EXPECT_FALSE(admission.admit_connection(here));
  admission.set_limits(limits_of(1000, 2, 1));
  EXPECT_TRUE(admission.admit_connection(here));
}

TEST(Admission, FilesAreCountedByThemselves) {
  Admission admission(limits_of(1, 1, 1));
  const auto connection = admission.admit_connection(far);
  {
    const auto file = admission.admit_file();
    ASSERT_TRUE(file);
    EXPECT_EQ(admission.admit_file().error(), (Error{Code::refused, "max-files (1) reached", ""}));
  }
  EXPECT_TRUE(admission.admit_file());
  EXPECT_EQ(admission.connections(), 1U);
}

}  // namespace
}  // namespace yam::service
