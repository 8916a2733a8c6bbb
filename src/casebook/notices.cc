// What people were sent. The key says order and notice, the addressee is an id: nothing here names anybody.
// For one thread.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

constexpr std::size_t kFailureBytesMax = 300;

struct NoticeRow {
  SentNotice notice;
  long long attempts = 0;
  long long tried_at = 0;
  long long next_try = 0;
  long long sent_at = 0;
  soci::indicator sent = soci::i_null;

  SentNotice Value() const {
    SentNotice value = notice;
    value.attempts = attempts;
    value.tried_at = Instant::FromUnixNs(tried_at);
    value.next_try = Instant::FromUnixNs(next_try);
    if (sent == soci::i_ok) value.sent_at = Instant::FromUnixNs(sent_at);
    return value;
  }
};

}  // namespace

Result<bool> Casebook::BeginNotice(const std::string& key, const std::string& addressee, Instant now) {
  bool mine = false;
  TRY(parts_->database->Write([&]() -> Status {
    NoticeRow row;
    parts_->sql() << "SELECT attempts, next_try, sent_at FROM notices WHERE notice = :n AND addressee = :a",
        soci::into(row.attempts), soci::into(row.next_try), soci::into(row.sent_at, row.sent), soci::use(key),
        soci::use(addressee);
    const bool known = parts_->sql().got_data();
    if (known && (row.sent == soci::i_ok || now < Instant::FromUnixNs(row.next_try))) return Done{};
    mine = true;
    const long long attempts = (known ? row.attempts : 0) + 1;
    const long long tried_at = now.unix_ns();
    const long long next_try = order::NextTry(attempts, now).unix_ns();
    parts_->sql()
        << "INSERT INTO notices (notice, addressee, attempts, tried_at, next_try, failure)"
           " VALUES (:n, :a, :t, :at, :next, 'not finished')"
           " ON CONFLICT (notice, addressee) DO UPDATE SET attempts = excluded.attempts,"
           " tried_at = excluded.tried_at, next_try = excluded.next_try, failure = excluded.failure",
        soci::use(key), soci::use(addressee), soci::use(attempts), soci::use(tried_at), soci::use(next_try);
    return Done{};
  }));
  return mine;
}

Status Casebook::FinishNotice(const std::string& key, const std::string& addressee, Instant now) {
  return parts_->database->Write([&]() -> Status {
    const long long at = now.unix_ns();
    parts_->sql() << "UPDATE notices SET sent_at = :at, failure = '' WHERE notice = :n AND addressee = :a",
        soci::use(at), soci::use(key), soci::use(addressee);
    return Done{};
  });
}

Status Casebook::FailNotice(const std::string& key, const std::string& addressee, const std::string& why) {
  const std::string reason = why.substr(0, kFailureBytesMax);
  return parts_->database->Write([&]() -> Status {
    parts_->sql()
        << "UPDATE notices SET failure = :f WHERE notice = :n AND addressee = :a AND sent_at IS NULL",
        soci::use(reason), soci::use(key), soci::use(addressee);
    return Done{};
  });
}

Result<std::vector<SentNotice>> Casebook::NoticesOf(const OrderId& id) {
  return parts_->database->Run([&]() -> Result<std::vector<SentNotice>> {
    NoticeRow row;
    // '0' follows '/' in ASCII: between the two bounds lie exactly the keys "id/...".
    const std::string first = id.text() + "/";
    const std::string past = id.text() + "0";
    soci::statement select =
        (parts_->sql().prepare << "SELECT notice, addressee, attempts, tried_at, next_try, sent_at, failure"
                                  " FROM notices WHERE notice >= :first AND notice < :past"
                                  " ORDER BY notice, addressee",
         soci::into(row.notice.key), soci::into(row.notice.addressee), soci::into(row.attempts),
         soci::into(row.tried_at), soci::into(row.next_try), soci::into(row.sent_at, row.sent),
         soci::into(row.notice.failure), soci::use(first), soci::use(past));
    select.execute();
    std::vector<SentNotice> notices;
    while (select.fetch()) notices.push_back(row.Value());
    return notices;
  });
}

}  // namespace probatio::casebook
