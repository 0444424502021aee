#include "yam/service/http_get/http_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <fnmatch.h>
#include <optional>
#include <set>
#include <sys/stat.h>
#include <utility>

#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/proto/http/field/media_type.hpp"
#include "yam/service/http_client/http_facts.hpp"

namespace yam::service {

using net::Task;

namespace {

constexpr std::size_t listings_at_once = 4;

bool fits_one(const std::vector<std::string>& patterns, const std::string& path) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const std::string text = pattern.contains('/') ? path : std::string(last_part(path));
    return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
  });
}

class TreeWalk {
 public:
  TreeWalk(HttpClient& client, HttpWish& wish, const HttpTreeRules& rules)
      : client_(client), wish_(wish), rules_(rules) {}

  Task<Result<HttpTree>> run(HttpUrl url, std::string output) {
    auto asking = list(url);
    auto first = co_await std::move(asking);
    if (!first) co_return fail(first.error());
    start_ = first->page;
    std::string root = std::move(output);
    if (root.empty()) {
      const std::string path = start_.path.substr(0, start_.path.size() - 1);
      HttpUrl named = start_;
      named.path = path;
      const auto name = path.empty() ? clean_name(start_.origin.host) : named.local_name();
      if (!name) co_return fail(name.error());
      root = *name;
    }
    while (root.ends_with('/') && root.size() > 1)
      root.pop_back();
    if (auto made = make_folder(root); !made) co_return fail(made.error());
    take(first->listing, root, "", 1);
    net::Scope workers(client_.loop());
    net::Event news(client_.loop());
    news_ = &news;
    while (!fault_ && (!left_.empty() || at_work_ > 0)) {
      while (!left_.empty() && at_work_ < listings_at_once) {
        ++at_work_;
        workers.spawn(visit(std::move(left_.front())));
        left_.pop_front();
      }
      news.reset();
      co_await news.wait();
    }
    workers.cancel();
    if (fault_) co_return fail(*fault_);
    co_return std::move(tree_);
  }

 private:
  struct Listed {
    HttpUrl page;  // where it was in the end
    Listing listing;
  };
  struct Folder {
    HttpUrl url;
    std::string place;  // the path here
    std::string path;   // relative to the start, with '/' behind it
    unsigned depth = 1;
  };

  Task<Result<Listed>> list(HttpUrl url) {
    HttpRequest request;
    request.url = url;
    request.fields = {{"User-Agent", "yam"}, {"Accept", "application/json, text/html;q=0.5"}};
    HttpTrip trip;
    auto fetching = http_fetch(client_, wish_, request, trip);
    auto fetched = co_await std::move(fetching);
    if (!fetched) co_return fail(fetched.error());
    auto connection = std::move(*fetched);
    const HttpHead& head = connection->head();
    if (head.status() != 200) co_return fail(http_refusal(trip.url, head));
    if (!trip.url.is_folder())
      co_return fail(Code::usage, trip.url.to_string() + " is no folder", "without --recursive it is a file");
    const auto type = head.fields().find("Content-Type");
    const auto media = type ? proto::http::parse_media_type(*type) : std::nullopt;
    const bool is_json = media && media->is("application/json");
    if (!coding_of(head).empty() || (!is_json && !(media && media->is("text/html"))))
      co_return fail(Code::refused, trip.url.to_string() + " is no listing, neither JSON nor HTML");
    std::string text;
    for (;;) {
      auto receiving = connection->receive();
      const auto piece = co_await std::move(receiving);
      if (!piece) co_return fail(piece.error());
      if (piece->empty()) break;
      text += text_of(*piece);
      if (text.size() > listing_bytes_max)
        co_return fail(Code::refused, trip.url.to_string() + ": the listing is too long");
    }
    client_.keep(std::move(connection));
    Listed listed;
    listed.page = trip.url;
    listed.page.query.clear();
    if (!is_json) {
      listed.listing = parse_html_listing(listed.page, text);
      co_return listed;
    }
    auto parsed = parse_json_listing(listed.page, text);
    if (!parsed) co_return fail(parsed.error());
    listed.listing = std::move(*parsed);
    co_return listed;
  }

  Task<> visit(Folder folder) {
    auto listing = list(folder.url);
    auto listed = co_await std::move(listing);
    // A redirect out of the folder is not followed further.
    const bool is_beneath =
        listed && listed->page.origin == start_.origin && listed->page.path.starts_with(start_.path);
    if (!listed) {
      tree_.faults.push_back(listed.error());
    } else if (is_beneath) {
      take(listed->listing, folder.place, folder.path, folder.depth);
    } else {
      ++tree_.left_out;
    }
    --at_work_;
    news_->set();
  }

  // `place` and `path` are the folder's, `path` with '/' behind it unless it is the start.
  void take(const Listing& listing, const std::string& place, const std::string& path, unsigned depth) {
    ++tree_.folders;
    tree_.left_out += listing.left_out;
    for (const ListingEntry& entry : listing.entries) {
      if (fault_) return;
      if (tree_.errands.size() + left_.size() >= listing_entries_max) {
        fault_ = Error{Code::refused, start_.to_string() + " has too many files", ""};
        return;
      }
      take_entry(entry, place, path, depth);
    }
  }

  void take_entry(const ListingEntry& entry, const std::string& place, const std::string& path,
                  unsigned depth) {
    std::string here = place, below = path;
    for (std::size_t i = 0; i < entry.names.size(); ++i) {
      const bool is_last = i + 1 == entry.names.size();
      here += "/" + entry.names[i];
      below += entry.names[i];
      const bool is_folder = !is_last || entry.is_folder();
      if (!passes(rules_, below, is_folder)) return;
      if (is_folder && ++depth > rules_.depth) return;
      if (is_folder) below += "/";
      if (is_folder)
        if (auto made = make_folder(here); !made) {
          fault_ = made.error();
          return;
        }
    }
    if (entry.is_folder()) {
      left_.push_back({entry.url, here, below, depth});
      return;
    }
    struct stat status{};
    if (rules_.skips_present && ::lstat(here.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        entry.size_bytes.value_or(static_cast<std::uint64_t>(status.st_size)) ==
            static_cast<std::uint64_t>(status.st_size)) {
      ++tree_.skipped;
      return;
    }
    if (taken_.insert(here).second) {
      tree_.errands.push_back({entry.url, here, false, true, entry.size_bytes});
    } else {
      ++tree_.left_out;
    }
  }

  HttpClient& client_;
  HttpWish& wish_;
  const HttpTreeRules& rules_;
  HttpUrl start_;
  HttpTree tree_;
  std::deque<Folder> left_;
  std::set<std::string> taken_;
  std::size_t at_work_ = 0;
  std::optional<Error> fault_;
  net::Event* news_ = nullptr;
};

}  // namespace

Result<void> make_folder(const std::string& path) {
  struct stat status{};
  if (::mkdir(path.c_str(), 0777) == 0) return {};
  const int error = errno;
  if (error == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  Error fault = fail_os("cannot make the folder " + quoted(path), error).error();
  fault.code = Code::local;
  return fail(std::move(fault));
}

bool passes(const HttpTreeRules& rules, const std::string& path, bool is_folder) {
  if (fits_one(rules.exclude, path)) return false;
  return is_folder || rules.include.empty() || fits_one(rules.include, path);
}

Task<Result<HttpTree>> walk_http_tree(HttpClient& client, HttpWish& wish, const HttpTreeRules* rules,
                                      HttpUrl url, std::string output) {
  TreeWalk walk(client, wish, *rules);
  auto walking = walk.run(std::move(url), std::move(output));
  co_return co_await std::move(walking);
}

}  // namespace yam::service
