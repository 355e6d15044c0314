// SPDX-License-Identifier: Apache-2.0
// What a person says of a slip whose fate the machine does not know.
#include "app/daemon/station.hpp"
#include "core/wire/commands.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

/// In the journal beside "printed": by a person's word, not the printer's.
constexpr const char* by_eye = "seen";

base::Result<std::uint64_t> print_argument(const json::object& args) {
  const json::value* found = args.if_contains("print");
  boost::system::error_code error;
  const bool number = found != nullptr && found->is_number();
  const auto print = number ? found->to_number<std::uint64_t>(error) : 0;
  if (!number || error) return fail(Error::Code::invalid, "bad_argument", "print");
  return print;
}

} // namespace

/// The slip as it now stands: printed; nothing when that is known already.
base::Result<std::optional<store::PrintRow>> Station::seen_slip(std::uint64_t print) const {
  const auto open = open_prints_.find(print);
  if (open == open_prints_.end()) {
    const bool out = std::any_of(slips_.begin(), slips_.end(), [&](const auto& slip) {
      return slip.second.first == print && slip.second.second == "printed";
    });
    if (out) return std::optional<store::PrintRow>{};
    return fail(Error::Code::not_found, "unknown_print");
  }
  store::PrintRow row = open->second;
  // Of a slip on its way the printer itself will tell.
  if (row.state != "failed" && row.state != "unknown") return fail(Error::Code::conflict, "print_on_its_way");
  row.state = "printed";
  row.reason = by_eye;
  row.changed = clock_.now();
  return std::optional(std::move(row));
}

void Station::slip_seen(const hub::Caller& caller, const hub::Request& request, hub::Respond respond) {
  const auto print = print_argument(request.args);
  if (!print) return respond(refusal(caller, print.error()));
  auto seen = seen_slip(*print);
  if (!seen) return respond(refusal(caller, seen.error()));
  if (!*seen) return respond({{"ok", {{"unchanged", true}, {"print", *print}, {"state", "printed"}}}});
  const store::PrintRow& row = **seen;
  const int service = queue::find_service(settings_.clinic, row.service).value_or(0);
  const queue::TicketRef ref{service, row.series, row.n};
  Flight flight;
  flight.lang = caller.lang;
  flight.reply = {{"ok",
                   {{"print", row.print},
                    {"ticket", queue::ticket_id(settings_.clinic, row.date, ref)},
                    {"number", queue::shown_number(settings_.clinic, ref)},
                    {"state", row.state}}}};
  flight.responds.push_back(std::move(respond));
  flight.done = [print = row.print, by = caller.person.empty() ? caller.seat : caller.person](bool durable) {
    if (durable) spdlog::info("print {}: printed, as {} has seen", print, by);
  };
  batch_next_.prints.push_back(row);
  flight.prints.push_back(row);
  waiting_.push_back(std::move(flight));
  send_batch();
}

} // namespace machiai::daemon
