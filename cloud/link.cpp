// SPDX-License-Identifier: Apache-2.0
#include "cloud/link.hpp"

#include "cloud/clinic_day.hpp"
#include "cloud/outside.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/store/link.hpp"
#include "cloud/teller.hpp"
#include "cloud/token.hpp"
#include "core/wire/acceptance.hpp"
#include "core/wire/contract.hpp"
#include "core/wire/link.hpp"
#include "net/to.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <deque>

namespace machiai::cloud {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using base::Result;
using boost::system::error_code;
using store::Database;

namespace {

/// An application's ping finds a half-open link within 30 s, from either side.
constexpr std::chrono::seconds silence_limit{30};
constexpr std::chrono::seconds breath_every{3};
constexpr std::chrono::milliseconds breath_at_most_every{40};
constexpr std::size_t most_waiting = 512;
constexpr std::size_t most_in_frame = 64; ///< events that a station sends in one frame
constexpr std::chrono::seconds project_at_least_every{1};
/// A quiet clinic is asked whether it is there; its answer is its word. Well within numbering::station_lease.
constexpr std::chrono::seconds asked_after{15};
/// Hurried breaths carry numbers; what the desk only reads can wait for a calm one.
constexpr std::chrono::seconds acceptance_at_most_every{1};

/// A link outlives neither its certificate nor the word that it counts.
base::Status still_counts(pqxx::connection& connection, const Station& station, base::Instant now) {
  if (now >= station.shown.not_after) return base::fail(base::Error::Code::forbidden, "certificate_expired");
  MACHIAI_TRY(store::station_of(connection, station.shown));
  return {};
}

} // namespace

class LinkSession : public std::enable_shared_from_this<LinkSession> {
public:
  LinkSession(Links& links, std::unique_ptr<Stream> stream, HttpMessage upgrade, Station station,
              std::shared_ptr<const Profile> facility)
      : links_(links), node_(links.node_), upgrade_(std::move(upgrade)), station_(std::move(station)),
        facility_(std::move(facility)), day_(*facility_), stream_(std::move(*stream)), breather_(node_.loop),
        drained_(node_.loop, asio::steady_timer::time_point::max()), shelf_(node_, facility_->id) {
    speaker_.link = hex_name(random_bytes(8));
  }

  asio::awaitable<void> run();
  void close() {
    over_ = true;
    breather_.cancel();
    drained_.cancel();
    boost::beast::get_lowest_layer(stream_).close();
  }
  /// Something was changed from outside: says so without waiting for the next breath.
  void hurry() {
    hurried_ = true;
    breather_.cancel();
  }

private:
  using Frames = std::vector<wire::LinkFrame>;
  asio::awaitable<bool> take(std::string_view text);
  asio::awaitable<bool> greet(const wire::LinkHello& frame);
  asio::awaitable<bool> ready(std::uint64_t lineage);
  asio::awaitable<bool> keep(const wire::LinkEvents& frame);
  asio::awaitable<bool> claim(const wire::LinkSays& frame);
  asio::awaitable<bool> read_day();
  asio::awaitable<bool> fold(const std::vector<wire::EventLine>& events, std::uint64_t kept);
  asio::awaitable<void> project();
  asio::awaitable<void> breathe();
  asio::awaitable<void> tell_acceptance();
  void tell_contract();
  [[nodiscard]] bool follow();
  asio::awaitable<void> tell_shelf();
  asio::awaitable<void> drain();
  asio::awaitable<void> until_drained();
  void send(const wire::LinkFrame& frame);
  void offer(const wire::LinkFrame& frame, base::Instant now);
  bool turn_away(const std::string& reason, std::uint64_t prove = 0) {
    send(wire::LinkTurned{reason, prove});
    return false;
  }
  /// What the database did not do in time is no fault of the station's: it is told nothing, and comes back
  /// soon.
  bool turn_away(const base::Error& error) {
    return error.code == base::Error::Code::storage ? false : turn_away(error.reason);
  }

  Links& links_;
  Node& node_;
  HttpMessage upgrade_;
  Station station_;
  std::shared_ptr<const Profile> facility_;
  ClinicDay day_;
  std::uint64_t folded_ = 0; ///< the last event that is in `day_`
  websocket::stream<Stream> stream_;
  asio::steady_timer breather_;
  asio::steady_timer drained_; ///< never expires; cancelled when all is said, or nothing more will be
  ManifestTeller shelf_;
  std::deque<std::string> waiting_;
  store::Speaker speaker_;
  base::Instant heard_{}; ///< the last frame
  base::Instant touched_{};
  std::uint64_t pings_ = 0;
  queue::AcceptanceView acceptance_;                ///< as told last on this link
  std::shared_ptr<const Profile> contract_profile_; ///< what `contract_` was made of
  std::shared_ptr<const service::Provider> contract_provider_;
  std::string contract_;                            ///< as told last on this link
  std::pair<std::uint64_t, std::int64_t> looked_{}; ///< at which load of the day and in which minute
  base::Instant looked_at_{};
  std::set<std::string> offered_;
  base::Instant offers_since_{};
  bool hurried_ = false;
  bool owed_ = false; ///< events are kept that are not public yet
  bool draining_ = false;
  bool ready_ = false;
  bool over_ = false;
};

asio::awaitable<void> LinkSession::run() {
  error_code error;
  stream_.set_option(websocket::stream_base::timeout{std::chrono::seconds{10}, silence_limit, true});
  stream_.read_message_max(wire::largest_link_frame);
  co_await stream_.async_accept(upgrade_, net::to(error));
  boost::beast::flat_buffer buffer;
  while (!error && !over_) {
    co_await stream_.async_read(buffer, net::to(error));
    if (error) break;
    const std::string_view text(static_cast<const char*>(buffer.data().data()), buffer.size());
    const bool goes_on = co_await take(text);
    buffer.consume(buffer.size());
    if (!goes_on) break;
  }
  if (!error) co_await until_drained();
  if (!error && !over_) co_await stream_.async_close(websocket::close_code::normal, net::to(error));
  over_ = true;
  breather_.cancel();
  if (speaker_.nonce.empty()) co_return;
  const Database::Work<bool> leave = [id = station_.facility,
                                      speaker = speaker_](pqxx::connection& c) -> Result<bool> {
    store::left(c, id, speaker);
    return true;
  };
  (void)co_await node_.database.run<bool>(leave);
}

/// One frame of the station; false ends the link.
asio::awaitable<bool> LinkSession::take(std::string_view text) {
  const auto frame = wire::link_from_json(text, wire::LinkEnd::clinic);
  // Kinds that a newer station knows are passed over.
  if (!frame && frame.error().reason == "unknown_frame") co_return true;
  if (!frame) co_return turn_away(frame.error().reason);
  heard_ = node_.clock.now();
  if (const auto* hello = std::get_if<wire::LinkHello>(&*frame)) co_return co_await greet(*hello);
  if (const auto* ping = std::get_if<wire::LinkPing>(&*frame)) {
    send(wire::LinkPong{ping->id, node_.clock.now()});
    co_return true;
  }
  if (std::holds_alternative<wire::LinkPong>(*frame)) {
    if (ready_) co_await project();
    co_return true;
  }
  if (speaker_.nonce.empty()) co_return turn_away("bad_frame");
  if (const auto* stored = std::get_if<wire::LinkReady>(&*frame)) co_return co_await ready(stored->lineage);
  if (!ready_) co_return turn_away("bad_frame");
  if (const auto* events = std::get_if<wire::LinkEvents>(&*frame)) co_return co_await keep(*events);
  if (const auto* says = std::get_if<wire::LinkSays>(&*frame)) co_return co_await claim(*says);
  if (const auto* waits = std::get_if<wire::LinkWaits>(&*frame)) owed_ = day_.forecast(*waits) || owed_;
  co_return true;
}

asio::awaitable<bool> LinkSession::greet(const wire::LinkHello& frame) {
  // The certificate says who it is; a hello of another facility is a mistake or worse.
  if (frame.facility != facility_->slug) co_return turn_away("certificate_unknown");
  const Database::Work<numbering::Welcome> work =
      [station = station_, hello = frame.hello, link = speaker_.link,
       now = node_.clock.now()](pqxx::connection& c) -> Result<numbering::Welcome> {
    MACHIAI_TRY(still_counts(c, station, now));
    return store::admit(c, station.facility, hello, link, now);
  };
  const auto welcome = co_await node_.database.run<numbering::Welcome>(work);
  if (!welcome) {
    std::uint64_t prove = 0;
    const std::string& detail = welcome.error().detail;
    std::from_chars(detail.data(), detail.data() + detail.size(), prove);
    if (welcome.error().reason != "prove_record") co_return turn_away(welcome.error());
    send(wire::LinkTurned{welcome.error().reason, prove});
    co_return true; // it says hello again
  }
  speaker_.nonce = frame.hello.nonce;
  links_.serve(station_.facility, shared_from_this());
  send(wire::LinkWelcome{*welcome, node_.clock.now()});
  co_return true;
}

asio::awaitable<bool> LinkSession::ready(std::uint64_t lineage) {
  speaker_.lineage = lineage;
  const Database::Work<bool> work = [id = station_.facility, speaker = speaker_,
                                     now = node_.clock.now()](pqxx::connection& c) -> Result<bool> {
    const auto known = store::heard(c, id, speaker, now);
    MACHIAI_TRY(known);
    return true;
  };
  const auto heard = co_await node_.database.run<bool>(work);
  if (!heard) co_return turn_away(heard.error());
  if (ready_) co_return true;
  if (!co_await read_day()) co_return false;
  ready_ = true;
  co_await project();
  asio::co_spawn(node_.loop, breathe(), [self = shared_from_this()](const std::exception_ptr&) {});
  co_return true;
}

/// What came up on earlier links, so that what comes now is folded onto it. Of a counter that is not known
/// here, and what an earlier program kept that is no event, nothing is folded. False: it could not be read.
asio::awaitable<bool> LinkSession::read_day() {
  using Lines = std::vector<wire::EventLine>;
  const Database::Work<Lines> work = [id = station_.facility](pqxx::connection& c) -> Result<Lines> {
    pqxx::read_transaction read(c);
    return store::events_of_day(read, id);
  };
  const auto lines = co_await node_.database.run<Lines>(work);
  if (!lines) co_return false;
  day_ = ClinicDay(*facility_);
  for (const wire::EventLine& line : *lines) {
    folded_ = line.seq;
    if (const auto event = store::event_of(day_.clinic(), line)) day_.fold(*event);
  }
  co_return true;
}

/// What is kept and was not folded yet. Whether this very frame did it nobody knows after a commit whose
/// answer got lost; what is not in the frame is read.
asio::awaitable<bool> LinkSession::fold(const std::vector<wire::EventLine>& events, std::uint64_t kept) {
  for (const wire::EventLine& line : events) {
    if (line.seq != folded_ + 1 || line.seq > kept) continue;
    folded_ = line.seq;
    if (const auto event = store::event_of(day_.clinic(), line)) day_.fold(*event);
  }
  co_return folded_ >= kept || co_await read_day();
}

asio::awaitable<bool> LinkSession::keep(const wire::LinkEvents& frame) {
  using Acked = std::uint64_t;
  const Database::Work<Acked> work = [facility = facility_, speaker = speaker_, events = frame.events,
                                      now = node_.clock.now()](pqxx::connection& c) -> Result<Acked> {
    return store::keep_events(c, *facility, speaker, events, now);
  };
  const auto acked = co_await node_.database.run<Acked>(work);
  if (!acked) co_return turn_away(acked.error());
  const std::uint64_t before = folded_;
  if (!co_await fold(frame.events, *acked)) co_return false;
  send(wire::LinkAck{*acked});
  const auto some = [&](std::string_view kind) {
    return std::any_of(frame.events.begin(), frame.events.end(),
                       [&](const wire::EventLine& line) { return line.kind == kind; });
  };
  // What waits for a number is asked for at once when the clinic has just taken the series over.
  if (some("ownership_taken")) hurry();
  // A full frame is followed by another: what they say is made public together.
  const bool more =
      frame.events.size() >= most_in_frame && node_.clock.now() - touched_ < project_at_least_every;
  owed_ = owed_ || folded_ != before;
  if (owed_ && !more) co_await project();
  // What the desk has set is told back as it stands.
  if (some("remote_set") || some("walk_ins_set")) hurry();
  co_return true;
}

asio::awaitable<bool> LinkSession::claim(const wire::LinkSays& frame) {
  const auto* asked = std::get_if<numbering::Claim>(&frame.message);
  if (asked == nullptr) co_return true; // a reply comes up as an event too
  const Database::Work<Frames> work = [facility = facility_, speaker = speaker_, about = frame.about,
                                       wish = *asked](pqxx::connection& c) -> Result<Frames> {
    return store::claim(c, *facility, speaker, about, wish);
  };
  const auto said = co_await node_.database.run<Frames>(work);
  if (!said) co_return true; // it asks again
  for (const wire::LinkFrame& each : *said) send(each);
  co_return true;
}

/// Makes what the events say public.
asio::awaitable<void> LinkSession::project() {
  const auto date = day_.date();
  if (!date) co_return node_.announce(station_.facility);
  const auto now = node_.clock.now();
  const Database::Work<bool> work = [facility = facility_, speaker = speaker_, date = *date,
                                     document = day_.document(now), heard = heard_,
                                     now](pqxx::connection& c) -> Result<bool> {
    store::save_projection(c, *facility, speaker, date, document, heard, now);
    return true;
  };
  touched_ = now;
  owed_ = false; // what comes meanwhile is owed again
  if (co_await node_.database.run<bool>(work)) co_return node_.announce(station_.facility);
  owed_ = true;
}

asio::awaitable<void> LinkSession::breathe() {
  while (!over_) {
    if (!follow()) co_return close();
    hurried_ = false;
    const auto now = node_.clock.now();
    const Database::Work<Frames> work = [facility = facility_, station = station_, speaker = speaker_,
                                         heard = heard_, now](pqxx::connection& c) -> Result<Frames> {
      MACHIAI_TRY(still_counts(c, station, now));
      const auto known = store::heard(c, facility->id, speaker, heard);
      MACHIAI_TRY(known);
      return store::breath(c, *facility, base::civil_date(now));
    };
    const auto said = co_await node_.database.run<Frames>(work);
    if (over_) co_return;
    const auto why = said ? base::Error::Code::invalid : said.error().code;
    if (why == base::Error::Code::forbidden || why == base::Error::Code::conflict) {
      turn_away(said.error().reason);
      co_await until_drained();
      co_return close();
    }
    if (said)
      for (const wire::LinkFrame& each : *said) offer(each, now);
    if (owed_) co_await project();
    if (now - touched_ > asked_after) {
      touched_ = now;
      send(wire::LinkPing{++pings_});
    }
    tell_contract();
    co_await tell_acceptance();
    co_await tell_shelf();
    error_code ignored;
    breather_.expires_after(breath_at_most_every);
    co_await breather_.async_wait(net::to(ignored));
    if (hurried_ || over_) continue;
    breather_.expires_after(breath_every);
    co_await breather_.async_wait(net::to(ignored));
  }
}

/// Rules that were changed hold from now on; false: other counters or rooms, which the next link begins with.
bool LinkSession::follow() {
  const auto& profile = node_.find(station_.facility)->profile;
  if (profile == facility_) return true;
  facility_ = profile;
  looked_ = {};
  return day_.is_of(*facility_);
}

/// What is taken from outside, when it is not as it was told last. It is looked at anew when the day has
/// changed and with each minute, which is what windows begin and end by.
asio::awaitable<void> LinkSession::tell_acceptance() {
  const auto now = node_.clock.now();
  if (now - looked_at_ < acceptance_at_most_every && now >= looked_at_) co_return;
  looked_at_ = now;
  Place* place = node_.find(station_.facility);
  const auto day = co_await node_.day(*place, true);
  if (!day || over_) co_return;
  const std::pair looking(place->have, base::to_ms(now) / 60'000);
  if (looking == looked_) co_return;
  looked_ = looking;
  queue::AcceptanceView view = outside_view(node_.scene(*place, *place->day, "ja"));
  if (view == acceptance_) co_return;
  acceptance_ = view;
  view.at = now;
  send(wire::acceptance_document_of(view));
}

/// What the contract and the provider say, when it is not as it was told last.
void LinkSession::tell_contract() {
  const auto& profile = node_.find(station_.facility)->profile;
  if (profile == contract_profile_ && node_.provider == contract_provider_) return;
  contract_profile_ = profile;
  contract_provider_ = node_.provider;
  wire::ContractTold told{{}, *contract_provider_, contract_profile_->contract};
  const auto now = node_.clock.now();
  told.provider.maintenance = service::not_over(std::move(told.provider.maintenance), now);
  told.provider.hours.exceptions = service::not_over(std::move(told.provider.hours.exceptions), now);
  told.contract.suspensions = service::not_over(std::move(told.contract.suspensions), now);
  std::string text = wire::contract_document_of(told).body;
  if (text == contract_) return;
  contract_ = std::move(text);
  told.at = now;
  send(wire::contract_document_of(told));
}

/// Programmes and films to fetch, when it is not as it was told last.
asio::awaitable<void> LinkSession::tell_shelf() {
  const auto document = co_await shelf_.next();
  if (document) send(*document);
}

/// What has just been offered is not offered again with every change of the day, only with the next breath.
void LinkSession::offer(const wire::LinkFrame& frame, base::Instant now) {
  const auto* says = std::get_if<wire::LinkSays>(&frame);
  if (says == nullptr || !std::holds_alternative<numbering::Offer>(says->message)) return send(frame);
  if (now - offers_since_ >= breath_every || now < offers_since_) {
    offered_.clear();
    offers_since_ = now;
  }
  if (offered_.insert(wire::link_to_json(frame)).second) send(frame);
}

void LinkSession::send(const wire::LinkFrame& frame) {
  if (over_) return;
  if (waiting_.size() >= most_waiting) return close();
  waiting_.push_back(wire::link_to_json(frame));
  if (draining_) return;
  draining_ = true;
  asio::co_spawn(node_.loop, drain(), [self = shared_from_this()](const std::exception_ptr&) {});
}

asio::awaitable<void> LinkSession::drain() {
  while (!waiting_.empty() && !over_) {
    const std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    error_code error;
    stream_.text(true);
    co_await stream_.async_write(asio::buffer(text), net::to(error));
    if (error) break;
  }
  draining_ = false;
  drained_.cancel();
}

/// What was said last gets out, as long as anybody reads it.
asio::awaitable<void> LinkSession::until_drained() {
  error_code ignored;
  while (draining_ && !over_) co_await drained_.async_wait(net::to(ignored));
}

void Links::open(std::unique_ptr<Stream> stream, HttpMessage upgrade, Station station) {
  const int facility = station.facility;
  const Place* known = node_.find(facility);
  if (known == nullptr) return;
  auto session = std::make_shared<LinkSession>(*this, std::move(stream), std::move(upgrade),
                                               std::move(station), known->profile);
  all_.insert(session);
  asio::co_spawn(node_.loop, session->run(), [this, facility, session](const std::exception_ptr&) {
    all_.erase(session);
    const auto found = sessions_.find(facility);
    if (found != sessions_.end() && found->second == session) sessions_.erase(found);
  });
}

void Links::serve(int facility, const std::shared_ptr<LinkSession>& session) {
  auto& place = sessions_[facility];
  if (place && place != session) place->close();
  place = session;
}

void Links::changed(int facility) {
  const auto found = sessions_.find(facility);
  if (found != sessions_.end()) found->second->hurry();
}

void Links::stop() {
  const auto all = all_;
  for (const auto& session : all) session->close();
}

} // namespace machiai::cloud
