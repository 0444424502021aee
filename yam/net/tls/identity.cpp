#include "yam/net/tls/identity.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <unistd.h>

#include <fmt/core.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "yam/base/address/ip.hpp"
#include "yam/base/text.hpp"
#include "yam/net/tls/tls_certificate.hpp"

namespace yam::net {
namespace {

constexpr long backdated_seconds = 3600;
constexpr int serial_bytes = 16;  // RFC 5280 §4.1.2.2 allows 20
constexpr std::size_t common_name_bytes_max = 64;
constexpr std::string_view pin_prefix = "sha256//";

std::unexpected<Error> cannot_make() {
  return fail(Code::local, "cannot make a certificate: " + openssl_words());
}

bool is_dns_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '*';
  });
}

bool add_extension(X509& certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  const bool added = extension != nullptr && X509_add_ext(&certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool set_random_serial(X509& certificate) {
  unsigned char bytes[serial_bytes];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, and of full length
  BIGNUM* number = BN_bin2bn(bytes, sizeof bytes, nullptr);
  const bool set = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(&certificate));
  BN_free(number);
  return set;
}

bool set_name(X509& certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(&certificate);
  const std::string common = name.substr(0, common_name_bytes_max);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common.data()),
                                    static_cast<int>(common.size()), -1, 0) == 1 &&
         X509_set_issuer_name(&certificate, subject) == 1;
}

std::string text_in(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Result<Identity> Identity::generate(const std::vector<std::string>& names, std::chrono::seconds lifetime) {
  if (names.empty()) return fail(Code::usage, "cannot make a certificate for no name");
  std::string alternatives;
  for (const std::string& name : names) {
    const bool address = IpAddress::parse(name).has_value();
    if (!address && !is_dns_name(name))
      return fail(Code::usage, "cannot make a certificate for " + quoted(name) + ": no DNS name or address");
    alternatives += (alternatives.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + name;
  }
  ERR_clear_error();
  const KeyPointer key(EVP_EC_gen("P-256"));
  const CertificatePointer certificate(X509_new());
  if (!key || !certificate) return cannot_make();
  X509& x509 = *certificate;
  const bool signed_well =
      X509_set_version(&x509, X509_VERSION_3) == 1 && set_random_serial(x509) &&
      X509_gmtime_adj(X509_getm_notBefore(&x509), -backdated_seconds) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(&x509), static_cast<long>(lifetime.count())) != nullptr &&
      X509_set_pubkey(&x509, key.get()) == 1 && set_name(x509, names.front()) &&
      add_extension(x509, NID_subject_key_identifier, "hash") &&
      add_extension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(x509, NID_key_usage, "critical,digitalSignature") &&
      add_extension(x509, NID_ext_key_usage, "serverAuth,clientAuth") &&
      add_extension(x509, NID_subject_alt_name, alternatives) &&
      X509_sign(&x509, key.get(), EVP_sha256()) != 0;
  if (!signed_well) return cannot_make();

  BIO* certificate_out = BIO_new(BIO_s_mem());
  BIO* key_out = BIO_new(BIO_s_secmem());
  PEM_write_bio_X509(certificate_out, &x509);
  PEM_write_bio_PKCS8PrivateKey(key_out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  Identity identity;
  identity.certificate_pem = text_in(certificate_out);
  identity.key_pem = text_in(key_out);
  BIO_free(certificate_out);
  BIO_free(key_out);
  return identity;
}

std::vector<std::string> Identity::local_names() {
  std::vector<std::string> names{"localhost"};
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  if (is_dns_name(host) && names.front() != host) names.emplace_back(host);
  names.emplace_back("127.0.0.1");
  names.emplace_back("::1");
  return names;
}

Result<Identity> Identity::load(const std::string& certificate_path, const std::string& key_path) {
  const std::string& key_at = key_path.empty() ? certificate_path : key_path;
  const std::string certificate_name = "the certificate in " + quoted(certificate_path);
  const std::string key_name = "the key in " + quoted(key_at);
  auto certificate_pem = read_pem_file(certificate_path, "the certificate in");
  if (!certificate_pem) return fail(certificate_pem.error());
  auto key_pem = read_pem_file(key_at, "the key in");
  if (!key_pem) return fail(key_pem.error());

  const auto chain = certificates_of(*certificate_pem, certificate_name);
  if (!chain) return fail(chain.error());
  const auto key = key_of(*key_pem, key_name);
  if (!key) return fail(key.error());
  if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
    ERR_clear_error();
    return fail(Code::local, key_name + " does not belong to " + certificate_name);
  }
  Identity identity;
  identity.certificate_pem = std::move(*certificate_pem);
  identity.key_pem = std::move(*key_pem);
  return identity;
}

Result<std::string> pin_of(std::string_view certificate_pem) {
  const auto chain = certificates_of(certificate_pem, "the certificate");
  if (!chain) return fail(chain.error());
  return pin_of(*chain->front());
}

bool is_pin(std::string_view text) {
  if (!text.starts_with(pin_prefix)) return false;
  const std::string_view base64 = text.substr(pin_prefix.size());
  // 32 bytes are 43 digits and one '='; the last digit carries four bits, so its low two are zero.
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (base64.size() != 44 || base64.back() != '=') return false;
  if (base64.find_first_not_of(digits) != 43) return false;
  return digits.find(base64[42]) % 4 == 0;
}

Result<std::string> read_pem_file(const std::string& path, std::string_view what) {
  const std::string doing = fmt::format("cannot read {} {}", what, quoted(path));
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return fail_os(doing, errno);
  std::string text(Identity::file_bytes_max + 1, '\0');
  errno = 0;
  text.resize(std::fread(text.data(), 1, text.size(), file));
  const int fault = std::ferror(file) != 0 ? errno : 0;
  std::fclose(file);
  if (fault != 0) return fail_os(doing, fault);
  if (text.size() > Identity::file_bytes_max)
    return fail(Code::local, fmt::format("{}: more than {} bytes", doing, Identity::file_bytes_max));
  return text;
}

}  // namespace yam::net
