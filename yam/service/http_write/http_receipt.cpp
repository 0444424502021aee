#include "yam/service/http_write/http_receipt.hpp"

#include <nlohmann/json.hpp>

#include "yam/base/text.hpp"

namespace yam::service {

std::string receipt_text(const HttpReceipt& receipt) {
  nlohmann::ordered_json object;
  object["name"] = receipt.name;
  object["size"] = receipt.size;
  object["sha256"] = joined_hex(receipt.sha256);
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace yam::service
