#pragma once
// A folder as an archive (?format=tar, tar.zst or zip), or those of its entries that `name` picks, as often
// as it comes. It is made while it is sent, so its length is not known before.

#include <optional>
#include <string>
#include <string_view>

#include "yam/service/archive/archive_order.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/http_site/http_folder.hpp"

namespace yam::service {

class HttpServer;

// Absent for another format.
std::optional<ArchiveFormat> archive_format_of(std::string_view format);

// Named as the last part of the folder's path. Both references outlive the task.
net::Task<Result<>> answer_with_archive(HttpServer& server, HttpExchange& exchange, ShownFolder shown,
                                        ArchiveFormat format);

}  // namespace yam::service
