// The casebook: orders and what happened to them, people, approvals, holds, deliveries and the ledger's tree,
// in one SQL database. Whatever the ledger must know is written together with its entry, in one transaction:
// after a crash both are there or neither. Personal columns are sealed under the deployment key: the file
// alone names nobody. One object is for one thread; several objects and processes may have the same file
// open. SQLite has one writer at a time, who waits for the other up to kBusyWaitMs.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/secret.h"
#include "casebook/contact.h"
#include "casebook/person.h"
#include "casebook/protection.h"
#include "ledger/ledger.h"
#include "order/approval_answer.h"

namespace probatio::casebook {

inline constexpr int kBusyWaitMs = 10'000;
inline constexpr std::size_t kSettingBytesMax = 65'536;
inline constexpr std::size_t kHoldStreamsMax = 500;
inline constexpr std::size_t kSaltBytes = 32;

enum class OpenMode : std::uint8_t {
  kCreate,    // kStorage when the file is there already
  kExisting,  // kStorage when it is not there, damaged, no casebook, or made by a newer program
};

// An event as the ledger knows it: entry `ledger_index` holds SHA-256(salt ‖ json).
struct RecordedEvent {
  order::Event event;
  std::string json;
  Buffer salt;
  std::uint64_t ledger_index = 0;
};

struct Hold {
  std::uint64_t id = 0;  // the ledger index of its pinning
  OrderId order;
  std::vector<std::string> streams;  // ids, as in segment_opened entries
  Period period;
  Instant pinned_at;
  std::optional<Instant> released_at;
};

struct Delivery {
  OrderId order;
  crypto::Digest package{};
  crypto::Digest receipt{};
  Instant at;
  bool operator==(const Delivery&) const = default;
};

// Every method may return kStorage, which names the file; reading methods also kCrypto when a sealed column
// was altered. A method that takes a Ledger wants one over this casebook's ledger_storage() (CHECKed),
// refreshes it, and appends one entry.
class Casebook {
 public:
  // kCrypto when the deployment key is not the one that the casebook was made with. `random` outlives the
  // casebook.
  static Result<std::unique_ptr<Casebook>> Open(const std::string& path, OpenMode mode,
                                                const Key& deployment_key, Random& random);
  ~Casebook();
  ledger::Storage& ledger_storage();

  // Orders. The first event is the reception (kReceived; CHECKed) and becomes the entry order_received.
  // kDenied when the order is there already.
  Status AddOrder(const order::Order& order, const order::Event& received, ledger::Ledger& ledger);
  Result<std::string> OrderSource(const OrderId& id);  // the exact bytes; kNotFound
  Result<std::vector<OrderId>> ListOrders();           // by reception
  // kNotFound; kDenied when order::Apply refuses the event after those recorded. Entry order_event.
  Status RecordEvent(const OrderId& id, const order::Event& event, ledger::Ledger& ledger);
  Result<std::vector<order::Event>> EventsOf(const OrderId& id);  // kNotFound
  Result<std::vector<RecordedEvent>> RecordedEventsOf(const OrderId& id);
  // kCrypto when an event of the casebook is not the ledger's, or the ledger knows one that the casebook has
  // lost.
  Status CheckAgainst(const ledger::Ledger& ledger);

  // People. kInvalid for a name or certificate that is none; kDenied when the id is taken: a person is never
  // overwritten.
  Status AddPerson(const Person& person, Instant at, ledger::Ledger& ledger);       // person_added
  Status DeactivatePerson(const PersonId& id, Instant at, ledger::Ledger& ledger);  // person_deactivated
  Result<Person> FindPerson(const PersonId& id);                                    // kNotFound
  Result<std::vector<Person>> ListPeople();                                         // by id

  // How they are reached. SetContact replaces what was there but the absences. kInvalid for an address that
  // is none; kNotFound for a person, or a substitute, that is not registered. Entry contact_changed.
  Status SetContact(const Contact& contact, Instant at, ledger::Ledger& ledger);
  Status AddAbsence(const PersonId& id, const Period& absence);  // kDenied beyond kAbsencesMax
  Result<std::vector<Contact>> ListContacts();                   // by person; active people only

  // Notices. An attempt is written down before it is made, with the instant of the next, so that a process
  // that dies on the way, or another one, does not send it again at once. Not in the ledger. False: it was
  // sent, or it is not yet time to try again.
  Result<bool> BeginNotice(const std::string& key, const std::string& addressee, Instant now);
  Status FinishNotice(const std::string& key, const std::string& addressee, Instant now);
  Status FailNotice(const std::string& key, const std::string& addressee, const std::string& why);
  Result<std::vector<SentNotice>> NoticesOf(const OrderId& id);  // by key and addressee

  // Approvals. Writes down which scope approvers are asked to sign from now on. Entry approval_requested.
  Status RequestApproval(const OrderId& id, const std::string& scope_json, Instant at,
                         ledger::Ledger& ledger);
  // The last scope asked for since the last assessment or decision: what was asked before was drawn up
  // without knowing it. kNotFound when nobody asked since.
  Result<order::UnderApproval> ScopeUnderApproval(const OrderId& id);
  // The scope's exact text and one person's signature, together with the event kApproved. Whether the
  // signature holds is the business of order::CheckAnswer and order::CheckApprovals. kDenied for a signature
  // that was taken before, for whichever scope.
  Status AddApproval(const OrderId& id, const std::string& scope_json, const order::Approval& approval,
                     ledger::Ledger& ledger);
  // The scope that was signed last, with its approvals since the last assessment or decision. kNotFound when
  // nobody approved since.
  Result<order::SignedScope> SignedScopeOf(const OrderId& id);

  // Holds. `hold.id` and `released_at` are given by the casebook. Entries hold_pinned, hold_released.
  Result<std::uint64_t> PinHold(const Hold& hold, ledger::Ledger& ledger);  // its id
  Status ReleaseHold(std::uint64_t id, Instant at,
                     ledger::Ledger& ledger);  // kNotFound; kDenied when released already
  Result<std::vector<Hold>> ListHolds();       // by id, released ones too

  // Selectors of people whom professional secrecy protects. Entries protection_added, protection_removed,
  // which name neither. kDenied for one that is listed already, a full list, a removal by who added it.
  Result<std::uint64_t> AddProtection(const order::Subject& subject, const std::string& profession,
                                      const PersonId& by, Instant at, ledger::Ledger& ledger);  // its id
  Status RemoveProtection(std::uint64_t id, const PersonId& by, Instant at, ledger::Ledger& ledger);
  Result<std::vector<Protection>> ListProtections();
  Result<std::string> ProtectionOf(const order::Subject& subject);  // the profession; empty: not on the list

  Status AddDelivery(const Delivery& delivery, ledger::Ledger& ledger);  // disclosure_delivered
  Result<std::vector<Delivery>> DeliveriesOf(const OrderId& id);

  // Settings: small texts under an id-like key. The last one written holds. Not in the ledger.
  Status SetSetting(const std::string& key, const std::string& value);
  Result<std::string> Setting(const std::string& key);  // kNotFound

 private:
  struct Parts;
  explicit Casebook(std::unique_ptr<Parts> parts);
  static Result<std::unique_ptr<Casebook>> Create(const std::string& path, const Key& deployment_key,
                                                  Random& random);
  static Result<std::unique_ptr<Casebook>> Fill(const std::string& path, const Key& deployment_key,
                                                Random& random);
  static Result<std::unique_ptr<Casebook>> OpenThere(const std::string& path, const Key& deployment_key,
                                                     Random& random);
  std::unique_ptr<Parts> parts_;
};

}  // namespace probatio::casebook
