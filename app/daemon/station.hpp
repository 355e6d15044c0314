// SPDX-License-Identifier: Apache-2.0
// The station: what the daemon knows and does. Commands are decided against `working_`, which runs ahead of
// the disk; everything shown, answered or printed comes from `durable_`, which follows the commits.
#pragma once

#include "app/daemon/forecaster.hpp"
#include "app/daemon/writer.hpp"
#include "core/base/clock.hpp"
#include "core/queue/decide.hpp"
#include "core/queue/views.hpp"
#include "core/store/station.hpp"
#include "core/wire/contract.hpp"
#include "hub/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace machiai::daemon {

/// Deliberate faults for the negative controls of the fault tests. The product leaves them off.
struct Weakness {
  bool answer_before_commit = false;
  bool print_before_commit = false;
};

/// Everything that is shown somewhere.
inline const std::vector<std::string> all_views{"board", "desk", "kiosk", "rooms"};

/// A slip whose fate somebody has to settle.
[[nodiscard]] inline bool needs_person(const store::PrintRow& row) {
  return row.state == "failed" || row.state == "unknown";
}

/// What is wrong with the programme, whatever the cloud says of it.
struct ProgrammeTroubles {
  bool refused = false;       ///< a document was left out
  bool reviews_lost = false;  ///< the record of approvals cannot be read
  bool films_missing = false; ///< of today
  bool operator==(const ProgrammeTroubles&) const = default;
};

/// What the station asks of the world after something has become durable.
struct Effects {
  std::function<void(const std::vector<std::string>& views)> views_changed;
  std::function<void(const store::PrintRow& print)> print; ///< a slip to be printed now
  std::function<void(std::uint64_t print)> withdraw;       ///< its ticket is gone
  std::function<void()> recorded{};                        ///< events have become durable
};

class Station final : public hub::Backend {
public:
  Station(boost::asio::io_context& loop, const base::Clock& clock, store::StationSettings settings,
          store::Home home, store::Ledger ledger, store::Loaded loaded, Forecaster forecaster,
          Weakness weakness = {});

  void set_effects(Effects effects) { effects_ = std::move(effects); }
  /// Starts the tick; learns from earlier days beside it; hands unfinished prints of the journal to the
  /// printer.
  void start();
  /// Ends when the batch in hand is on disk.
  void stop();

  void handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) override;
  boost::json::object view(const std::string& name) override;
  void seat_came(const hub::Caller& caller) override;
  void seat_left(const hub::Caller& caller) override;

  /// A print's new state; `done` is called when it is durable or could not be made so.
  void record_print(store::PrintRow row, std::function<void(bool durable)> done);
  /// What screens have shown; `done` as above. Those recorded before are not recorded again.
  void record_airings(std::vector<programme::Aired> airings, std::function<void(bool durable)> done);
  /// `first_hand`: the device itself will tell the end of it.
  void printer_changed(std::string reason, bool first_hand);
  [[nodiscard]] const store::StationSettings& settings() const { return settings_; }
  [[nodiscard]] Writer& writer() { return writer_; }
  /// The day as the next command will find it.
  [[nodiscard]] const queue::Day& working() const { return working_; }
  /// The day as it is on the disk.
  [[nodiscard]] const queue::Day& durable() const { return durable_; }
  /// Carries out what the cloud asked for; `done` hears whether it is durable, or was so already.
  void from_cloud(const queue::Command& command, const std::string& key, std::function<void(bool)> done);
  /// What phones are told of the durable day's forecast.
  [[nodiscard]] queue::OutsideWaits outside_waits();
  /// Another machine's record goes on in this one's place (the reason): it gives no number any more, which
  /// the other gives as well.
  void set_turned_out(const std::string& reason);
  [[nodiscard]] const std::string& turned_out() const { return turned_out_; }
  /// How it stands with the cloud; without a call it is not enrolled.
  void link_changed(bool connected, std::string reason);
  /// What the cloud's clock says now.
  void clock_told(base::Instant at);
  /// Tells the desk once a link has been away for long enough to be a trouble.
  void link_looked_at();
  [[nodiscard]] bool link_is_away() const;
  /// What is taken from outside, as far as the cloud has told.
  void outside_changed(queue::AcceptanceView view);
  void contract_changed(wire::ContractTold told);
  /// None: nothing was told, and everything is covered.
  [[nodiscard]] const std::optional<wire::ContractTold>& contract() const { return contract_; }
  /// Tells the desk what the contract says once a moment of it has come.
  void contract_looked_at();
  /// The service site, "https://HOST[:PORT]"; without it codes hold the ticket alone.
  void set_site(std::string site) { site_ = std::move(site); }
  /// What the code of a ticket holds: the facility's page, with the ticket behind the #, where no server sees
  /// it; a phone shows the queue, the kiosk the number.
  [[nodiscard]] std::string ticket_code(const std::string& ticket) const;
  /// The end of the certificate it shows the cloud; `late`: a person should know of it.
  void certificate_changed(base::Instant until, bool late);
  /// What the cloud told of that is not here yet, as the status tells it.
  void downloads_changed(boost::json::object progress);
  void programme_troubles(const ProgrammeTroubles& troubles);
  [[nodiscard]] bool linked() const { return link_.enrolled; }
  /// The clock is behind this program, or differs from the cloud's; without the cloud, behind what is already
  /// recorded.
  [[nodiscard]] bool clock_unsure() const;
  [[nodiscard]] bool knows_key(const std::string& key) const {
    return !key.empty() && keys_.contains(store::digest(key));
  }

private:
  struct KeyUse {
    std::uint64_t request = 0;
    std::uint64_t seq = 0;
  };
  /// A command that changed nothing stands in no ledger; its key is known for a while, and until a restart.
  struct Unchanged {
    store::Digest key;
    std::uint64_t request = 0;
    boost::json::object reply;
  };
  static constexpr std::size_t most_unchanged = 256;
  struct DigestHash {
    std::size_t operator()(const store::Digest& d) const { return static_cast<std::size_t>(d.low); }
  };
  /// One command on its way to the disk.
  struct Flight {
    std::vector<queue::Event> events;
    std::optional<store::Digest> key;
    std::vector<hub::Respond> responds;
    boost::json::object reply; ///< as the day was right after the command
    std::vector<store::PrintRow> prints;
    std::function<void(bool)> done;
    std::string lang;
  };

  void command(const hub::Caller& caller, hub::Request&& request, hub::Respond respond);
  bool answer_repeated(const hub::Caller& caller, const store::Digest& key, std::uint64_t digest,
                       const queue::Command& command, hub::Respond& respond);
  /// A patient with a place in that line already is not given another by a machine.
  [[nodiscard]] std::optional<queue::CheckIn> kiosk_check_in(const hub::Caller& caller,
                                                             const queue::Take& take) const;
  /// Answers what changes nothing. It was decided against a day that may not be on the disk yet: then it is
  /// told once that day is, and refused with it when it does not get there (N5).
  void answer_behind(const std::string& lang, boost::json::object reply, hub::Respond respond);
  /// What the last event of a command does not tell: the slip of a reprint; all events of a day's closing.
  struct Beside {
    std::optional<std::uint64_t> print;
    std::vector<queue::Event> events;
  };
  [[nodiscard]] static Beside beside(store::Ledger& ledger, const queue::Clinic& clinic,
                                     const queue::Command& command, const store::EventRow& row);
  [[nodiscard]] boost::json::object answer_again(const queue::Command& command, const store::EventRow& row,
                                                 const Beside& beside);
  /// Who is let in, with the wait of the first; arrived are those whom these events let in.
  [[nodiscard]] boost::json::object checked_in(const queue::CheckIn& here, const queue::Day& day,
                                               std::pair<std::uint64_t, std::uint64_t> events);
  void launch(const hub::Caller& caller, const std::string& key, std::optional<store::Digest> key_digest,
              std::uint64_t request, queue::Decision decision, hub::Respond respond,
              const queue::Command* command = nullptr);
  /// `arrivals`: who arrives by this event gets a slip, if they have none yet.
  void add_prints(Flight& flight, const queue::Event& event, bool arrivals);
  [[nodiscard]] base::Result<std::optional<store::PrintRow>> seen_slip(std::uint64_t print) const;
  void slip_seen(const hub::Caller& caller, const hub::Request& request, hub::Respond respond);
  void send_batch();
  void on_committed(const Writer::Outcome& outcome);
  void land(Flight& flight);
  void crash_all(const base::Error& error);
  /// The ticket of the open day that it is of.
  std::optional<queue::TicketIndex> keep_print(const store::PrintRow& row);
  void notice_printer(const store::PrintRow& row);
  void withdraw_prints(queue::TicketIndex ticket);
  /// The slip that was withdrawn with its ticket is asked for once more, if the ticket lives again.
  void print_again(queue::TicketIndex ticket);
  void tick();
  void follow_clock();
  void learn();
  void judge();
  [[nodiscard]] std::optional<queue::WaitRange> told_now(const std::string& service);
  bool query(const hub::Caller& caller, hub::Request& request, hub::Respond& respond);
  bool slow_query(const hub::Caller& caller, hub::Request& request, hub::Respond& respond);
  /// What the reader's thread does with a connection of its own.
  using Read = std::function<boost::json::object(store::Ledger&)>;
  [[nodiscard]] base::Result<Read> statistics_query(const hub::Caller& caller,
                                                    const hub::Request& request) const;
  [[nodiscard]] base::Result<Read> replay_query(const hub::Caller& caller, const hub::Request& request) const;
  struct DayTold {
    std::vector<queue::Event> events;
    queue::Day day; ///< at their end
  };
  [[nodiscard]] base::Result<DayTold> day_of(store::Ledger& ledger, base::Date date) const;
  /// "date" of a question; without one that of the open day.
  [[nodiscard]] base::Date told_date() const;
  [[nodiscard]] base::Result<base::Date> date_argument(const boost::json::object& args) const;
  [[nodiscard]] base::Result<Read> why_query(const hub::Caller& caller, const hub::Request& request) const;
  [[nodiscard]] base::Result<Read> order_query(const hub::Caller& caller, const hub::Request& request) const;
  [[nodiscard]] boost::json::object refusal(const hub::Caller& caller, const base::Error& error) const;
  [[nodiscard]] boost::json::object answer(const queue::Event& event, base::Date date, const queue::Day& day,
                                           std::optional<std::uint64_t> print = {}) const;
  [[nodiscard]] boost::json::object queue_json(int service);
  [[nodiscard]] boost::json::object counter_json(int service) const;
  void tell_phones_rest(std::vector<queue::MessageView>& messages) const;
  [[nodiscard]] boost::json::object link_json() const;
  /// Films are missing that are needed soon, and do not come.
  [[nodiscard]] bool films_late() const;
  /// What is known of today; of another date nothing is said.
  [[nodiscard]] std::optional<queue::AcceptanceView> outside_today() const;
  [[nodiscard]] boost::json::object status_json() const;
  [[nodiscard]] std::vector<queue::TroubleView> troubles() const;
  [[nodiscard]] const std::vector<queue::OutsideView>* counters_at_cloud() const;
  /// There is a counter here that the cloud has not been told of.
  [[nodiscard]] bool counter_not_at_cloud() const;
  /// Phones book at a counter that nobody here would call from.
  [[nodiscard]] bool counter_only_at_cloud() const;
  [[nodiscard]] bool absence_differs() const;
  [[nodiscard]] queue::DeskView desk();
  /// A kiosk that asks faster than patients can; another one is not held up by it.
  [[nodiscard]] bool too_fast(const hub::Caller& caller, std::string_view cmd);
  [[nodiscard]] bool has_printer() const { return !settings_.printer.queue.empty(); }
  [[nodiscard]] bool can_print() const;

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  store::StationSettings settings_;
  store::Home home_;
  Weakness weakness_;
  Effects effects_;
  queue::Day durable_;
  queue::Day working_;
  boost::unordered_flat_map<store::Digest, KeyUse, DigestHash> keys_;
  std::deque<Unchanged> unchanged_; ///< oldest first
  std::deque<Flight> flying_;       ///< in the batch on its way
  std::deque<Flight> waiting_;      ///< for the next one
  store::Batch batch_;              ///< of `flying_`; the writer reads it
  store::Batch batch_next_;         ///< of `waiting_`
  bool in_flight_ = false;
  bool tick_waits_ = false;
  std::int64_t minute_ = 0; ///< of the clock, when the views were last made anew for it
  std::uint64_t last_print_ = 0;
  std::map<std::uint64_t, store::PrintRow> open_prints_; ///< not printed yet, or needing a person
  std::unordered_map<queue::TicketIndex, std::pair<std::uint64_t, std::string>>
      slips_;                                                         ///< newest print, its state
  std::unordered_map<queue::TicketIndex, store::PrintRow> withdrawn_; ///< newest prints that were so
  std::map<std::string, queue::SeatView> seats_;                      ///< by place
  std::map<std::string, std::string> surfaces_; ///< what draws a display's films, as it told
  std::deque<std::pair<base::Instant, std::string>> kiosk_takes_; ///< and by which seat
  std::string site_;
  std::string printer_trouble_;
  bool printer_first_hand_ = false; ///< the device tells its troubles itself, and their end
  std::string storage_trouble_;
  queue::LinkView link_;
  bool link_told_ = false; ///< that it is away
  /// Another machine's clock, and when it was told.
  struct ToldClock {
    base::Instant at;
    std::chrono::steady_clock::time_point heard;
  };
  std::optional<ToldClock> cloud_clock_; ///< of the link that is up
  std::string turned_out_;
  std::optional<queue::AcceptanceView> outside_;
  std::optional<wire::ContractTold> contract_;
  std::vector<queue::StandingView> standing_; ///< as told last
  queue::MessageView phones_rest_;            ///< as told last; without a pattern phones are served
  base::Instant certificate_until_{};
  bool certificate_late_ = false;
  std::optional<boost::json::object> downloads_;
  ProgrammeTroubles programme_troubles_;
  bool ballast_gone_ = false;
  base::Instant last_event_at_{}; ///< the newest instant recorded in this business day
  Forecaster forecaster_;
  boost::asio::steady_timer tick_timer_;
  base::Date followed_{}; ///< when `follow_clock` was last asked
  Reader reader_;
  Writer writer_;
};

} // namespace machiai::daemon
