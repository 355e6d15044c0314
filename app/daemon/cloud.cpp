// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/cloud.hpp"

#include "core/numbering/clinic.hpp"
#include "core/numbering/station.hpp"
#include "core/store/pairing.hpp"
#include "core/wire/acceptance.hpp"
#include "core/wire/manifest.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace machiai::daemon {

namespace {

constexpr std::chrono::seconds breath_every{3};
constexpr std::size_t nonce_size = 24;

} // namespace

base::Result<std::unique_ptr<Cloud>> Cloud::make(boost::asio::io_context& loop, const base::Clock& clock,
                                                 Station& station, store::Home home,
                                                 sync::Enrolled enrolled) {
  auto renewer = std::make_unique<Renewer>(loop, clock, station, home, enrolled.link);
  auto tls = renewer->first();
  MACHIAI_TRY(tls);
  return std::make_unique<Cloud>(loop, clock, station, std::move(home), std::move(enrolled),
                                 std::move(renewer), std::move(*tls));
}

Cloud::Cloud(boost::asio::io_context& loop, const base::Clock& clock, Station& station, store::Home home,
             sync::Enrolled enrolled, std::unique_ptr<Renewer> renewer, Renewer::Tls tls)
    : loop_(loop), clock_(clock), station_(station), home_(std::move(home)), number_(enrolled.station),
      lineage_(enrolled.lineage), nonce_(store::new_secret().substr(0, nonce_size)), timer_(loop),
      client_(loop, std::move(enrolled.link), std::move(tls), *this), renewer_(std::move(renewer)),
      outside_(clock, station, home_, reader_), contract_(clock, station, home_, reader_) {
  renewer_->set_show([this](Renewer::Tls shown) { client_.show(std::move(shown)); });
}

void Cloud::start() {
  station_.set_turned_out(sync::turned_out(home_));
  station_.link_changed(false, "offline");
  outside_.load();
  contract_.load();
  client_.start();
  tick();
}

void Cloud::stop() {
  timer_.cancel();
  client_.stop();
}

void Cloud::tick() {
  said_.clear();
  station_.link_looked_at();
  station_.contract_looked_at();
  breathe();
  tell_waits();
  renewer_->tick();
  timer_.expires_after(breath_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Cloud::recorded() {
  client_.events_ready();
  breathe();
}

/// The claim of a counter that has just opened need not wait for the next tick.
void Cloud::breathe() {
  const queue::Clinic& clinic = station_.settings().clinic;
  const queue::Day& day = station_.durable();
  for (int i = 0; i < static_cast<int>(clinic.services.size()); ++i) {
    if (const auto back = numbering::hand_back(clinic, station_.working(), i, clock_.now()))
      station_.from_cloud(*back, {}, [](bool) {});
    if (!client_.up()) continue;
    for (const auto& message : numbering::breath(clinic, day, i, clock_.now())) {
      const wire::LinkSays says{{clinic.services[static_cast<std::size_t>(i)].id, day.date}, message};
      const std::string text = wire::link_to_json(says);
      if (std::find(said_.begin(), said_.end(), text) != said_.end()) continue;
      said_.push_back(text);
      client_.say(says);
    }
  }
}

/// The forecast, when what it shows has changed.
void Cloud::tell_waits() {
  const queue::Day& day = station_.durable();
  if (!client_.up() || !day.opened) return;
  const queue::Clinic& clinic = station_.settings().clinic;
  const queue::OutsideWaits waits = station_.outside_waits();
  wire::LinkWaits frame{day.date, {}, {}};
  for (std::size_t i = 0; i < waits.newcomers.size(); ++i)
    if (waits.newcomers[i]) frame.services.push_back({clinic.services[i].id, *waits.newcomers[i]});
  for (const auto& [at, range] : waits.tickets)
    if (frame.tickets.size() < wire::most_link_waits)
      frame.tickets.push_back({queue::ticket_id(clinic, day.date, queue::ref_of(day.tickets[at])), range});
  std::string text = wire::link_to_json(frame);
  if (text == told_waits_) return;
  told_waits_ = std::move(text);
  client_.say(frame);
}

void Cloud::greet(std::uint64_t proof_seq, Greet done) {
  numbering::Hello hello{number_, lineage_, nonce_, durable(), 0, {}};
  if (proof_seq == 0) return done(std::move(hello));
  read_events({proof_seq, proof_seq}, [hello, done](const std::vector<wire::EventLine>& lines) {
    numbering::Hello with_proof = hello;
    if (!lines.empty()) with_proof.proof_seq = lines.front().seq, with_proof.proof = lines.front().hash;
    done(std::move(with_proof));
  });
}

base::Status Cloud::keep_lineage(std::uint64_t lineage) {
  MACHIAI_TRY(sync::keep_lineage(home_, lineage));
  lineage_ = lineage;
  return {};
}

void Cloud::read_events(sync::Range range, Lines done) {
  const bool taken = reader_.post([this, range, done] {
    auto lines = lines_of(range);
    if (!lines) spdlog::warn("link: the record cannot be read: {}", lines.error().reason);
    boost::asio::post(loop_, [done, lines = lines.value_or(std::vector<wire::EventLine>{})]() mutable {
      done(std::move(lines));
    });
  });
  if (!taken) done({});
}

/// On the reader's thread alone, over one connection that stays open.
base::Result<std::vector<wire::EventLine>> Cloud::lines_of(const sync::Range& range) {
  if (!ledger_) {
    auto opened = store::Ledger::open_to_read(home_.ledger().string(), station_.settings().clinic);
    MACHIAI_TRY(opened);
    ledger_.emplace(std::move(*opened));
  }
  auto lines = ledger_->lines(range.from, range.to);
  if (!lines) ledger_.reset();
  return lines;
}

void Cloud::hears(wire::LinkFrame frame) {
  if (const auto* says = std::get_if<wire::LinkSays>(&frame)) return hears(*says);
  if (const auto* cancel = std::get_if<wire::LinkCancel>(&frame))
    return pressed(cancel->date, cancel->key, queue::Verb::cancel);
  if (const auto* arrive = std::get_if<wire::LinkArrive>(&frame))
    return pressed(arrive->date, arrive->key, queue::Verb::arrive);
  // Documents that a newer cloud knows are passed over.
  const auto* document = std::get_if<wire::LinkDocument>(&frame);
  if (document == nullptr) return;
  if (document->name == wire::acceptance_document) outside_.told(document->body);
  if (document->name == wire::contract_document) contract_.told(document->body);
  if (document->name == wire::manifest_document && downloads_ != nullptr) downloads_->told(document->body);
}

void Cloud::hears(const wire::LinkSays& says) {
  const queue::Clinic& clinic = station_.settings().clinic;
  const auto answer = [this, says] {
    for (const auto& reply :
         numbering::replies(station_.settings().clinic, station_.durable(), says.about, says.message))
      client_.say(wire::LinkSays{{says.about.service, says.about.date}, reply});
  };
  // A date must not be opened by a clock that is wrong; the one that is open goes on, as at the reception.
  const queue::Day& day = station_.working();
  if (station_.clock_unsure() && !(day.opened && day.date == says.about.date)) return;
  const auto command = numbering::react(clinic, station_.working(), says.about, says.message, clock_.now());
  if (!command) return answer();
  station_.from_cloud(*command, numbering::key_of(says.message), [answer](bool done) {
    if (done) answer();
  });
}

/// What the patient pressed on the phone. Said again until the record has it; what came too late stays
/// undone.
void Cloud::pressed(base::Date date, const std::string& key, queue::Verb verb) {
  const queue::Day& day = station_.working();
  const auto known = day.outside.find(key);
  if (day.date != date || known == day.outside.end() || known->second == queue::no_ticket) return;
  const queue::Ticket& ticket = day.tickets[known->second];
  const bool called =
      ticket.state == queue::TicketState::called || ticket.state == queue::TicketState::in_room;
  if (called || !queue::is_live(ticket.state)) return;
  if (verb == queue::Verb::arrive && ticket.state != queue::TicketState::booked) return;
  const std::string id = queue::ticket_id(station_.settings().clinic, day.date, queue::ref_of(ticket));
  station_.from_cloud(queue::Act{verb, id}, {}, [](bool) {});
}

/// What the link's end means for the numbers at the counter.
void Cloud::turned_away(const std::string& reason) {
  const auto now = std::chrono::steady_clock::now();
  if (!busy_since_ || reason != "station_busy") busy_since_ = now;
  const auto for_so_long = std::chrono::duration_cast<base::Millis>(now - *busy_since_);
  // Who is still busy is another machine: a copy, for whoever reads it at the desk.
  if (numbering::gives_none(reason, for_so_long))
    turn_out(reason == "station_busy" ? "station_copied" : reason);
}

/// Kept for the next start; a disk that does not take it costs that alone.
void Cloud::turn_out(const std::string& reason) {
  if (station_.turned_out() == reason) return;
  station_.set_turned_out(reason);
  if (const auto kept = sync::keep_turned_out(home_, reason); !kept)
    spdlog::warn("link: what was said cannot be kept: {}", kept.error().reason);
}

void Cloud::link_changed(bool up, const std::string& reason) {
  if (up || reason != last_reason_) spdlog::info("link: {}", up ? "up" : reason);
  last_reason_ = up ? std::string{} : reason;
  if (up) {
    turn_out({});
    busy_since_.reset();
  } else {
    turned_away(reason);
  }
  station_.link_changed(up, up ? std::string{} : reason);
  renewer_->link_changed(up, reason);
  outside_.link_changed(up);
  told_waits_.clear();
  if (up) said_.clear(), breathe(), tell_waits();
}

} // namespace machiai::daemon
