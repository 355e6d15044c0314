// SPDX-License-Identifier: Apache-2.0
// What the link to a clinic's machine keeps: which machine it is, its events, and who gives the numbers. The
// rules are core/numbering's; here is their transaction. Everything throws what pqxx throws.
#pragma once

#include "cloud/profile.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/numbering/cloud.hpp"
#include "core/numbering/station.hpp"
#include "core/queue/event.hpp"
#include "core/wire/link.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <cstdint>
#include <string>
#include <vector>

namespace machiai::cloud::store {

/// Who speaks: a start of the station, by one of its links. Of these the last that was let in counts: a line
/// that is dead stands for half a minute more, perhaps at another node, after the station has come back.
struct Speaker {
  std::string link;  ///< a name of its own
  std::string nonce; ///< of the start, once it was let in
  std::uint64_t lineage = 0;
};

/// numbering::admit, durable; from now on `link` is the one that counts.
[[nodiscard]] base::Result<numbering::Welcome> admit(pqxx::connection& connection, int facility,
                                                     const numbering::Hello& hello, const std::string& link,
                                                     base::Instant now);
/// numbering::heard, durable. Conflict "station_busy" also for an earlier link of the start.
[[nodiscard]] base::Status heard(pqxx::connection& connection, int facility, const Speaker& speaker,
                                 base::Instant now);
/// Nothing for an earlier link.
void left(pqxx::connection& connection, int facility, const Speaker& speaker);

/// What the events of `today` and later say of counters that the facility has now and had not before; in the
/// transaction that says so, before any number of them is given.
void learn_added(pqxx::work& work, const Profile& before, const Profile& after, base::Date today);

/// Keeps what follows the last event that is here, with what it says of numbers; personal data is left out.
/// Gives the last event that is here now. Events of a counter that is not known are kept alone. Conflict as
/// `heard`; "station_replaced" for the record of a station that was given up.
[[nodiscard]] base::Result<std::uint64_t> keep_events(pqxx::connection& connection, const Profile& facility,
                                                      const Speaker& speaker,
                                                      const std::vector<wire::EventLine>& events,
                                                      base::Instant now);
/// The clinic asks for a series: what is answered, once it is durable; nothing to an earlier link.
[[nodiscard]] std::vector<wire::LinkFrame> claim(pqxx::connection& connection, const Profile& facility,
                                                 const Speaker& speaker, const numbering::About& about,
                                                 const numbering::Claim& claim);
/// What is said every few seconds: how the series stand, numbers the clinic does not have, cancels and
/// arrivals.
[[nodiscard]] std::vector<wire::LinkFrame> breath(pqxx::connection& connection, const Profile& facility,
                                                  base::Date date);

/// Events of the clinic's present station since its last opening of a day, as lines without hashes.
[[nodiscard]] std::vector<wire::EventLine> events_of_day(pqxx::transaction_base& work, int facility);
/// Those of the date and later, of counters that are known and of others.
[[nodiscard]] std::vector<wire::EventLine> events_since(pqxx::transaction_base& work, int facility,
                                                        base::Date from);
/// What the events say, for everybody, and when the clinic was heard last; nothing of an earlier link, whose
/// day may be older. A cancel that came too late is taken back: the clinic has called, and says so.
void save_projection(pqxx::connection& connection, const Profile& facility, const Speaker& speaker,
                     base::Date date, const boost::json::object& document, base::Instant heard,
                     base::Instant now);

/// The services and rooms of the profile as the queue's rules know them.
[[nodiscard]] queue::Clinic clinic_of(const Profile& facility);
/// An event as core/queue has it. Invalid "bad_event", "service_gone".
[[nodiscard]] base::Result<queue::Event> event_of(const queue::Clinic& clinic, const wire::EventLine& line);

} // namespace machiai::cloud::store
