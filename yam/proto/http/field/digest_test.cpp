#include "yam/proto/http/field/digest.hpp"

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

// Of {"hello": "world"} with a line end, RFC 9530 §B.1.
constexpr std::string_view example = "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=";

TEST(Digest, IsWrittenAndRead) {
  const Bytes digest(32, std::byte{0xab});
  const std::string text = write_digest(sha256_name, digest);
  EXPECT_EQ(text, "sha-256=:q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=:");
  EXPECT_EQ(find_digest({{"Repr-Digest", text}}, "repr-digest", sha256_name), digest);
}

TEST(Digest, IsFoundAmongOthers) {
  const std::string good = "sha-256=:" + std::string(example) + ":";
  const std::string rows[] = {
      good,
      "md5=:AAAA:, " + good,
      good + ",sha-512=:AA==:",
      "sha-256=:AAAA:, " + good,
      good + ";a=b",
      "odd=\"x, sha-256=:AAAA:\", " + good,
  };
  for (const auto& row : rows) {
    const auto digest = find_digest({{"Content-Digest", row}}, "Content-Digest", sha256_name);
    ASSERT_TRUE(digest) << row;
    EXPECT_EQ(write_digest(sha256_name, *digest), good);
  }
  const Fields lines{{"Repr-Digest", "md5=:AAAA:"}, {"X", "y"}, {"Repr-Digest", good}};
  EXPECT_TRUE(find_digest(lines, "Repr-Digest", sha256_name));
  EXPECT_EQ(find_digest(lines, "Repr-Digest", "md5"), Bytes(3));
}

TEST(Digest, IsAbsentWhenMalformed) {
  for (const std::string_view text : {"", "sha-256", "sha-256=", "sha-256=:", "sha-256=AAAA", "sha-256=:AAAA",
                                      "sha-256=:AAA:", "sha-256=:A A=:", "SHA-256=:AAAA:", "sha-256 =:AAAA:",
                                      "sha-256=\":AAAA:\"", "sha-512=:AAAA:", "sha-256=:AAAA:, sha-256=x"})
    EXPECT_EQ(find_digest({{"Repr-Digest", text}}, "Repr-Digest", sha256_name), std::nullopt) << text;
  EXPECT_EQ(find_digest({}, "Repr-Digest", sha256_name), std::nullopt);
}

TEST(Digest, PreferencesGoFrom0To10) {
  const auto preference = [](std::string_view text) {
    return find_digest_preference({{"Want-Repr-Digest", text}}, "Want-Repr-Digest", sha256_name);
  };
  EXPECT_EQ(preference("sha-256=10, sha-512=3"), 10u);
  EXPECT_EQ(preference("sha-512=3,sha-256=0"), 0u);
  for (const std::string_view text : {"", "sha-512=1", "sha-256", "sha-256=11", "sha-256=-1", "sha-256=1.5"})
    EXPECT_EQ(preference(text), std::nullopt) << text;
}

}  // namespace
}  // namespace yam::proto::http
