#include "yam/sim/network.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::sim {
namespace {

using namespace std::chrono_literals;

TEST(Network, CarriesInVirtualTime) {
  ImpairmentPlan plan;
  plan.delay = 30ms;
  Network network(plan);
  const Time began = network.now();
  network.send(1, 2, bytes_of("hello"));
  EXPECT_FALSE(network.next(began + 10ms));
  EXPECT_EQ(network.now(), began + 10ms);
  const auto arrival = network.next(never);
  ASSERT_TRUE(arrival);
  EXPECT_EQ(network.now(), began + 30ms);
  EXPECT_EQ(arrival->from, 1u);
  EXPECT_EQ(arrival->to, 2u);
  EXPECT_EQ(text_of(arrival->bytes), "hello");
  EXPECT_FALSE(network.next(never));
  EXPECT_EQ(network.now(), began + 30ms);
}

TEST(Network, DamageVanishesAndHealingStopsIt) {
  ImpairmentPlan plan;
  plan.flip = 0.5;
  Network network(plan);
  network.send(1, 2, bytes_of("damaged"));
  EXPECT_FALSE(network.next(never));
  EXPECT_EQ(network.damaged(), 1u);
  network.heal();
  network.send(1, 2, bytes_of("whole"));
  EXPECT_EQ(text_of(network.next(never).value().bytes), "whole");
}

}  // namespace
}  // namespace yam::sim
