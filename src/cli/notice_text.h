// What a notice says: the order's id, what happened, the time limit. Never a name, an address or what is
// asked for: mail is read by many machines.
#pragma once

#include "net/message.h"
#include "order/notice.h"

namespace probatio::cli {

// Without `from` and `to`. The same message has the same id at every try; `domain` is the sender's.
net::Mail NoticeMail(const order::Notice& notice, const std::string& addressee, const std::string& domain,
                     Instant now);

// "probatio-notice/1" (docs/operate/notices.md), with the ids of the people who are told.
std::string NoticeJson(const order::Notice& notice, const std::vector<PersonId>& people, Instant now);

// "t=SECONDS,v1=HEX": HMAC-SHA-256 over "SECONDS.BODY".
std::string HookSignature(const Key& secret, std::string_view body, Instant now);

}  // namespace probatio::cli
