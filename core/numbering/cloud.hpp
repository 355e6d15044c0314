// SPDX-License-Identifier: Apache-2.0
// The cloud's side of one service's numbers on one business date. The value is small, so that it is one row
// that a transaction locks; the numbers themselves are rows of their own, and what is known of a request's
// key is looked up by the caller and handed in. Nothing may be sent or shown before `next` is durable (N5).
#pragma once

#include "core/numbering/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace machiai::numbering {

/// A number of a series.
struct Number {
  queue::Series series{};
  std::uint32_t n = 0;
  auto operator<=>(const Number&) const = default;
};

struct Cloud {
  std::uint64_t epoch = 1;
  bool owner = true;
  std::uint32_t high = 0;       ///< highest main number known, given or void
  std::uint32_t generation = 1; ///< one more with each restore from a backup
  std::uint32_t web_high = 0;   ///< of the web series of this generation
  std::uint64_t granting = 0;   ///< granted to the clinic and not yet known to have arrived; 0: nothing
  bool trusted = true;
  bool operator==(const Cloud&) const = default;
};

/// At the first need on that date. `restored_on`: when the cloud was last restored; numbers of that date may
/// have been given and forgotten, so it begins untrusted.
[[nodiscard]] Cloud begin_date(std::uint32_t generation, base::Date date,
                               std::optional<base::Date> restored_on);

/// What the cloud's rows say of a request's key: its number, or that it was refused, and why.
struct Known {
  std::optional<Number> number;
  std::string refused;
};

/// What happens to requests while neither side that owns the series can be asked: the clinic's choice.
enum class Alone : std::uint8_t { web_series, refuse };

struct Accepted {
  enum class What : std::uint8_t { given, known, refused, forward };
  What what = What::forward;
  Number number{};    ///< given, known
  std::string reason; ///< refused: "clinic_unreachable", or the earlier reason
  Cloud next;
};

/// A request has come. `forward`: send a Request to the clinic and wait `forward_patience`.
[[nodiscard]] Accepted accept(const Cloud& cloud, const std::optional<Known>& known, bool linked,
                              Alone alone);
inline constexpr base::Millis forward_patience{2000};
/// Whether the wait for the clinic that began at `since` is over. A clock that was set back does not prolong
/// it.
[[nodiscard]] bool waited_enough(base::Instant since, base::Instant now, base::Millis patience);
/// The clinic has not answered a forwarded request.
[[nodiscard]] Accepted give_up_waiting(const Cloud& cloud, const std::optional<Known>& known, Alone alone);

struct CloudStep {
  Cloud next;
  std::vector<Message> send; ///< once `next` is durable
};
/// The clinic asks for the series. (A Reply is the caller's: it ends the wait for its key.)
[[nodiscard]] CloudStep receive(const Cloud& cloud, const Claim& claim);
/// What is said when a link begins and every few seconds. `settled`: nothing is left to offer.
[[nodiscard]] std::vector<Message> breath(const Cloud& cloud, bool settled);
/// What an event of the clinic says of the series; to be kept in the transaction that keeps the event. Events
/// come in order, each once.
[[nodiscard]] Cloud learned(const Cloud& cloud, const queue::EventBody& event);
/// A number that the clinic gave for a request, before its event has come up.
[[nodiscard]] Cloud learned(const Cloud& cloud, const Number& number);
/// Whether the number that we gave for the request `ours` is another's by the clinic's record, which gave it
/// before it knew of a cloud: it is on paper there. Ours gets another, as if the clinic could not be asked.
[[nodiscard]] bool gives_way(const std::string& ours, const std::string& theirs);
/// How a row that the clinic's record lacks is offered: of two numbers of one request the later answer holds.
[[nodiscard]] Offer::What offered_as(const Number& number, bool voided, const std::optional<Known>& of_key);

/// What a backup holds, made fit to go on: every restore must pass here, with a generation never used before.
[[nodiscard]] Cloud restored(const Cloud& backup, std::uint32_t generation);

struct TakenOver {
  Cloud next;
  std::uint32_t void_from = 0; ///< of the main series, "owner_lost"; 0: no range
  std::uint32_t void_to = 0;
};
/// The clinic's machine will not come back: an administrator moves the series to the cloud. The old station
/// must be refused from here on (station.hpp). `above`: the highest number that is known of elsewhere, on
/// paper; 0: nobody knows of one.
[[nodiscard]] TakenOver take_over(const Cloud& cloud, std::uint32_t above = 0);

} // namespace machiai::numbering
