#include "yam/service/http_put/put_offer.hpp"

namespace yam::service {

PutOffer read_put_offer(const HttpHead& head) {
  PutOffer offer;
  if (head.status() / 100 != 2) return offer;
  offer.tus = proto::tus::read_offer(head.fields());
  // A server of tus alone may leave Allow out; one that has PUT besides says so.
  offer.takes_put = !offer.has_tus() || head.fields().lists("Allow", "PUT");
  return offer;
}

bool is_folder_there(unsigned status) {
  switch (status) {
    case 200:
    case 201:
    case 204:
    case 301:  // it is there, with a slash
    case 405:  // it exists (RFC 4918 §9.3.1), or the method is unknown
    case 501:
      return true;
    default:
      return false;
  }
}

}  // namespace yam::service
