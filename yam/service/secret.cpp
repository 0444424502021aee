#include "yam/service/secret.hpp"

#include <array>
#include <span>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "yam/base/text.hpp"

namespace yam::service {

Result<std::string> fresh_secret() {
  std::array<unsigned char, 16> bytes{};
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return fail(Code::local, "cannot make a secret: there is no randomness");
  return joined_hex(std::as_bytes(std::span(bytes)));
}

bool same_secret(std::string_view left, std::string_view right) {
  return left.size() == right.size() && ::CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace yam::service
