#pragma once
// What all loops of a server have in common. Any thread.

#include "yam/service/http_server/http_counters.hpp"
#include "yam/service/http_tus/tus_holders.hpp"
#include "yam/service/server/folder_quota.hpp"
#include "yam/service/server/server_admission.hpp"
#include "yam/service/tftp_server/tftp_shared.hpp"

namespace yam::service {

struct ServerShared {
  ServerShared(const ServeLimits& limits, TftpRules rules) : admission(limits), tftp(std::move(rules)) {}

  Admission admission;
  FolderQuotas quotas;
  TftpShared tftp;
  HttpCounters http;
  TusHolders tus;
};

}  // namespace yam::service
