#include "cli/notice_text.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "crypto/digest.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kMessageIdDigits = 32;

law::Words WhatHappened(const order::Notice& notice) {
  switch (notice.kind) {
    case order::NoticeKind::kReceived:
      return {"received", "reçue"};
    case order::NoticeKind::kHalf:
      return {"half of the time limit has passed", "la moitié du délai est écoulée"};
    case order::NoticeKind::kEighty:
      return {"four fifths of the time limit have passed", "les quatre cinquièmes du délai sont écoulés"};
    case order::NoticeKind::kOverdue:
      return {"overdue: it must still be answered", "délai dépassé : la réponse reste due"};
    case order::NoticeKind::kUnconfirmed:
      return {"urgent, authenticated by one person: a second one must confirm it",
              "urgente, authentifiée par une seule personne : une seconde doit la confirmer"};
    case order::NoticeKind::kRecalled:
      return {"recalled: what was disclosed rests on a fault, and must be answered again",
              "rappelée : ce qui a été communiqué repose sur une erreur, il faut répondre à nouveau"};
    case order::NoticeKind::kUnconfirmedOverdue:
      return {"urgent, and no second person confirmed it in time: nothing more may leave until one does",
              "urgente, et aucune seconde personne ne l'a confirmée à temps : plus rien ne part avant"};
  }
  return {};
}

// RFC 5322, section 3.3, in UTC.
std::string MailDate(Instant at) {
  constexpr std::array<const char*, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string text = at.ToRfc3339();  // "2024-11-09T16:00:00Z"
  const law::CivilDate day = law::ParseDate(text.substr(0, 10)).value();
  return fmt::format("{}, {:02} {} {} {} +0000", kDays.at(law::WeekdayOf(day) - 1), day.day,
                     kMonths.at(day.month - 1), day.year, text.substr(11, 8));
}

std::string IdOf(const order::Notice& notice, const std::string& addressee) {
  const std::string name = notice.Key() + "/" + addressee;
  return ToHex(crypto::Sha256(AsBytes(name))).substr(0, kMessageIdDigits);
}

}  // namespace

net::Mail NoticeMail(const order::Notice& notice, const std::string& addressee, const std::string& domain,
                     Instant now) {
  const law::Words happened = WhatHappened(notice);
  const std::string limit =
      notice.limit ? fmt::format("{} ({} Paris)", notice.limit->ToRfc3339(), law::ParisText(*notice.limit))
                   : "-";
  net::Mail mail;
  mail.subject = fmt::format("[probatio] {} {}", notice.order.text(), order::ToText(notice.kind));
  mail.message_id = IdOf(notice, addressee) + "@" + domain;
  mail.date = MailDate(now);
  mail.text = fmt::format(
      "Order / décision: {}\n{}\n{}\nTime limit / délai: {}\n\nprobatio order show {}\n"
      "This message holds ids only, on purpose. Ce message ne contient à dessein que des identifiants.\n",
      notice.order.text(), happened.en, happened.fr, limit, notice.order.text());
  return mail;
}

std::string NoticeJson(const order::Notice& notice, const std::vector<PersonId>& people, Instant now) {
  nlohmann::json ids = nlohmann::json::array();
  for (const PersonId& person : people) ids.push_back(person.text());
  nlohmann::json value = {{"schema", "probatio-notice/1"}, {"id", IdOf(notice, "hook")},
                          {"order", notice.order.text()},  {"event", order::ToText(notice.kind)},
                          {"repeat", notice.repeat},       {"limit", nullptr},
                          {"at", now.ToRfc3339()},         {"people", std::move(ids)}};
  if (notice.limit) value["limit"] = notice.limit->ToRfc3339();
  return value.dump();
}

std::string HookSignature(const Key& secret, std::string_view body, Instant now) {
  const std::string seconds = std::to_string(now.unix_ns() / kNsPerSecond);
  const crypto::Hmac hmac(secret);
  const std::string message = seconds + "." + std::string(body);
  return fmt::format("t={},v1={}", seconds, ToHex(hmac.Compute({AsBytes(message)})));
}

}  // namespace probatio::cli
