// Who was told of an order, as `order show` prints it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/order_commands.h"

namespace probatio::cli {

void PrintNotices(const std::vector<casebook::SentNotice>& notices, std::ostream& out) {
  if (!notices.empty()) out << "told:\n";
  for (const casebook::SentNotice& notice : notices) {
    if (notice.sent_at) {
      out << fmt::format("  {}  {:28} {}\n", notice.sent_at->ToRfc3339(), notice.key, notice.addressee);
    } else {
      out << fmt::format("  not sent, tried {} times, again from {}  {:28} {}  {}\n", notice.attempts,
                         notice.next_try.ToRfc3339(), notice.key, notice.addressee, notice.failure);
    }
  }
}

std::string NoticesJson(const std::vector<casebook::SentNotice>& notices) {
  using nlohmann::json;
  json list = json::array();
  for (const casebook::SentNotice& notice : notices) {
    list.push_back({{"notice", notice.key},
                    {"addressee", notice.addressee},
                    {"attempts", notice.attempts},
                    {"tried_at", notice.tried_at.ToRfc3339()},
                    {"sent_at", notice.sent_at ? json(notice.sent_at->ToRfc3339()) : json(nullptr)},
                    {"next_try", notice.sent_at ? json(nullptr) : json(notice.next_try.ToRfc3339())},
                    {"failure", notice.failure}});
  }
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::cli
