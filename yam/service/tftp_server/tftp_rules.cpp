#include "yam/service/tftp_server/tftp_rules.hpp"

#include <algorithm>

#include "yam/base/text.hpp"
#include "yam/service/tftp_server/tftp_name.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

// As it stands in a folder's name: without a zone, whose number is another after each start of the machine.
std::string text_of_client(const IpAddress& client) {
  const IpAddress plain = client.unmapped();
  std::string text = plain.to_string();
  return text.substr(0, text.find('%'));
}

std::string with_client(std::string folder, std::string_view client) {
  for (std::size_t at = folder.find(client_mark); at != folder.npos;
       at = folder.find(client_mark, at + client.size()))
    folder.replace(at, client_mark.size(), client);
  return folder;
}

// A '/' in front is the root, as in a name that comes.
void strip_root(std::string& name) {
  name.erase(0, name.size() - tftp_file_name(name).size());
}

const Cidr* block_of(const std::vector<Cidr>& blocks, const IpAddress& client) {
  const auto found = std::ranges::find_if(blocks, [&](const Cidr& each) { return each.contains(client); });
  return found == blocks.end() ? nullptr : &*found;
}

void apply_client_rule(const TftpClientRule& rule, TftpPermit& permit) {
  TftpSettings& settings = permit.settings;
  if (rule.folder) permit.folder = *rule.folder;
  if (rule.write) settings.write = *rule.write;
  settings.block_bytes_max = std::min(settings.block_bytes_max, rule.block_bytes_max.value_or(UINT16_MAX));
  settings.window_max = std::min(settings.window_max, rule.window_max.value_or(UINT16_MAX));
}

}  // namespace

Result<> TftpRules::admit(const IpAddress& client) const {
  const IpAddress plain = client.unmapped();
  if (const Cidr* block = block_of(deny, plain))
    return fail(Code::refused, "access denied: " + block->to_string() + " is denied");
  if (!allow.empty() && block_of(allow, plain) == nullptr)
    return fail(Code::refused, "access denied: the client is in no block that is allowed");
  return {};
}

Result<TftpPermit> TftpRules::permit(const IpAddress& client, std::string_view name, bool write,
                                     const TftpSettings& settings) const {
  const auto refuse = [&](const std::string& why) {
    return fail(Code::usage, "file name " + quoted(name) + ": " + why);
  };
  if (name.size() > name_bytes_max)
    return refuse("it is longer than " + std::to_string(name_bytes_max) + " bytes");
  if (std::ranges::any_of(name, is_control)) return refuse("it has a control character");

  TftpPermit permit;
  permit.settings = settings;
  permit.folder = folder.value_or(settings.client_folder);
  const IpAddress plain = client.unmapped();
  for (const TftpClientRule& rule : clients) {
    if (block_of(rule.clients, plain) == nullptr) continue;
    apply_client_rule(rule, permit);
    break;
  }
  if (write && permit.settings.write == WritePolicy::off)
    return fail(Code::refused, "this server takes no files");
  const std::string own = text_of_client(client);
  permit.folder = with_client(std::move(permit.folder), own);

  permit.name = name;
  if (backslash) std::ranges::replace(permit.name, '\\', '/');
  if (lower_case)
    for (char& c : permit.name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  strip_root(permit.name);
  for (const TftpRewrite& rewrite : rewrites) {
    auto renamed = rewrite.apply(permit.name, own);
    if (!renamed) continue;
    permit.name = std::move(*renamed);
    strip_root(permit.name);
    break;
  }
  return permit;
}

Result<Cidr> parse_client_block(std::string_view text) {
  const auto block = Cidr::parse(text);
  if (!block) return block;
  if (!block->is_canonical())
    return fail(Code::usage, quoted(text) + " has bits set beyond its prefix",
                "write " + block->canonical().to_string());
  if (block->address().is_mapped_v4())
    return fail(Code::usage, quoted(text) + " is IPv4 in another form", "write it as IPv4: 10.0.0.0/8");
  return block;
}

Result<> check_client_folder(std::string_view folder) {
  if (store::check_name(folder)) return {};
  return fail(Code::usage, quoted(folder) + " is no folder beneath the service's",
              "write {ip} or phones/{ip}; the service's own is in its URL, or `root` of the file");
}

}  // namespace yam::service
