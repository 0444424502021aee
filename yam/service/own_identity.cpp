#include "yam/service/own_identity.hpp"

#include "yam/base/bytes.hpp"
#include "yam/store/state.hpp"

namespace yam::service {

namespace {

constexpr std::chrono::seconds lifetime = std::chrono::hours(24 * 3650);
constexpr std::string_view file_name = "/identity.pem";

// Certificate and key in one file, so that they cannot come apart.
Result<net::Identity> kept_at(const std::string& path) {
  const auto bytes = store::read_private_file(path);
  if (!bytes) return fail(bytes.error());
  if (!*bytes) return net::Identity();
  return net::Identity::load(path, "");
}

}  // namespace

Result<net::Identity> own_identity() {
  const auto folder = store::state_folder();
  if (!folder) return fail(folder.error());
  const std::string path = *folder + std::string(file_name);
  auto kept = kept_at(path);
  if (!kept || !kept->certificate_pem.empty()) return kept;

  auto fresh = net::Identity::generate(net::Identity::local_names(), lifetime);
  if (!fresh) return fresh;
  const std::string pem = fresh->certificate_pem + fresh->key_pem;
  const auto written = store::write_private_file(path, bytes_of(pem), store::IfExists::refuse);
  if (written) return fresh;
  if (written.error().code == Code::refused) return kept_at(path);  // another yam was first
  return fail(written.error());
}

}  // namespace yam::service
