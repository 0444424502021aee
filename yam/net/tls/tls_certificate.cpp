#include "yam/net/tls/tls_certificate.hpp"

#include <cstring>
#include <ctime>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "yam/base/address/ip.hpp"
#include "yam/base/text.hpp"

namespace yam::net {
namespace {

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPointer = std::unique_ptr<BIO, BioFree>;

BioPointer reader_of(std::string_view text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string name_text(const X509_NAME* name) {
  const BioPointer out(BIO_new(BIO_s_mem()));
  constexpr unsigned long one_line_utf8 = XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  X509_NAME_print_ex(out.get(), name, 0, one_line_utf8);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return escaped({text, static_cast<std::size_t>(size)});
}

std::string_view bytes_in(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_text(std::string_view bytes) {
  const auto copy_to = [&](auto array) {
    std::memcpy(array.data(), bytes.data(), array.size());
    return array;
  };
  if (bytes.size() == 4) return IpAddress::v4(copy_to(IpAddress::V4Bytes{})).to_string();
  if (bytes.size() == 16) return IpAddress::v6(copy_to(IpAddress::V6Bytes{})).to_string();
  return "?";
}

std::vector<std::string> alternative_names(const X509& certificate) {
  std::vector<std::string> texts;
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) texts.push_back(escaped(bytes_in(name->d.dNSName)));
    if (name->type == GEN_IPADD) texts.push_back(address_text(bytes_in(name->d.iPAddress)));
  }
  GENERAL_NAMES_free(names);
  return texts;
}

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "?";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// OpenSSL's own would ask on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

CertificateFacts facts_of(X509& certificate) {
  return {name_text(X509_get_subject_name(&certificate)), name_text(X509_get_issuer_name(&certificate)),
          alternative_names(certificate), time_text(X509_get0_notAfter(&certificate)), pin_of(certificate)};
}

std::string pin_of(X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (size <= 0) return "";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int digest_bytes = 0;
  EVP_Digest(der, static_cast<std::size_t>(size), digest, &digest_bytes, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  unsigned char text[4 * EVP_MAX_MD_SIZE / 3 + 4];
  const int length = EVP_EncodeBlock(text, digest, static_cast<int>(digest_bytes));
  return "sha256//" + std::string(reinterpret_cast<char*>(text), static_cast<std::size_t>(length));
}

void CertificateFree::operator()(X509* certificate) const {
  X509_free(certificate);
}
void KeyFree::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

Result<std::vector<CertificatePointer>> certificates_of(std::string_view pem, std::string_view what) {
  const BioPointer in = reader_of(pem);
  std::vector<CertificatePointer> all;
  ERR_clear_error();
  while (X509* one = PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr))
    all.emplace_back(one);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string words = openssl_words();
  if (!at_end) return fail(Code::local, fmt::format("cannot read {}: {}", what, words));
  if (all.empty()) return fail(Code::local, fmt::format("cannot read {}: no certificate in it", what));
  return all;
}

Result<KeyPointer> key_of(std::string_view pem, std::string_view what) {
  const BioPointer in = reader_of(pem);
  ERR_clear_error();
  if (EVP_PKEY* key = PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr))
    return KeyPointer(key);
  ERR_clear_error();
  if (pem.find("ENCRYPTED") != std::string_view::npos) {
    return fail(Code::local, fmt::format("cannot read {}: it is encrypted", what),
                "write a plain copy that only you can read: umask 077; openssl pkey -in KEY -out PLAIN");
  }
  return fail(Code::local, fmt::format("cannot read {}: no private key in it", what));
}

std::string openssl_words() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* words = ERR_reason_error_string(code);
  return words != nullptr ? words : "unknown fault";
}

}  // namespace yam::net
