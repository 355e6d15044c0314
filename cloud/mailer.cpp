// SPDX-License-Identifier: Apache-2.0
#include "cloud/mailer.hpp"

#include "cloud/mail.hpp"
#include "cloud/token.hpp"
#include "net/to.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <spdlog/spdlog.h>

namespace machiai::cloud {

namespace asio = boost::asio;
using base::Result;

namespace {

constexpr int most_mails = 8;
constexpr std::chrono::milliseconds look_every{1000};
constexpr std::chrono::milliseconds look_soon{20}; ///< when there may be more
constexpr std::chrono::minutes rest_shut_out{1};

} // namespace

Mailer::Mailer(Node& node, SmtpServer server, std::string from)
    : node_(node), server_(std::move(server)), from_(std::move(from)), who_(hex_name(random_bytes(8))),
      timer_(node.loop), let_in_(!server_.login) {}

void Mailer::start(std::string site) {
  site_ = std::move(site);
  asio::co_spawn(
      node_.loop,
      [this]() -> asio::awaitable<void> {
        if (server_.login) co_await try_log_in();
        co_await run();
      },
      asio::detached);
}

void Mailer::stop() {
  stopping_ = true;
  timer_.cancel();
}

asio::awaitable<void> Mailer::try_log_in() {
  const Posted posted = co_await log_in(node_.loop, server_);
  if (posted == Posted::later)
    spdlog::warn("the log-in at the mail server could not be tried; a notice will");
  learn(posted);
}

void Mailer::learn(Posted posted) {
  if (posted == Posted::shut_out) {
    spdlog::error("the mail server refuses the log-in, or wants one: no notice goes until that is mended and "
                  "machiai-cloud started again (--smtp-login)");
    let_in_ = false;
    rest_until_ = std::chrono::steady_clock::now() + rest_shut_out;
  } else if (posted != Posted::later && !let_in_) {
    spdlog::info("the mail server lets us in");
    let_in_ = true;
  }
}

int Mailer::free_places() const {
  if (let_in_) return most_mails - under_way_;
  return under_way_ == 0 && std::chrono::steady_clock::now() >= rest_until_ ? 1 : 0;
}

asio::awaitable<void> Mailer::run() {
  using All = std::vector<store::NoticeDue>;
  while (!stopping_) {
    const int places = free_places();
    bool more = places == 0 && let_in_;
    if (places > 0) {
      const store::Database::Work<All> work =
          [who = who_, places, now = node_.clock.now()](pqxx::connection& connection) -> Result<All> {
        return store::lease_notices(connection, who, places, now);
      };
      auto due = co_await node_.database.run<All>(work);
      more = due && static_cast<int>(due->size()) == places;
      if (due)
        for (store::NoticeDue& each : *due) {
          ++under_way_;
          asio::co_spawn(node_.loop, send(std::move(each)), asio::detached);
        }
    }
    boost::system::error_code ignored;
    timer_.expires_after(more ? look_soon : look_every);
    co_await timer_.async_wait(net::to(ignored));
  }
}

std::string Mailer::message(const Place& place, const store::NoticeDue& due) const {
  const Profile& profile = *place.profile;
  const ServiceProfile* service = profile.service(due.service);
  const bool japanese = due.lang == "ja" || due.lang == "easy" || due.lang == "zh" || profile.name.en.empty();
  Mail mail;
  mail.from = from_;
  mail.to = due.address;
  mail.id = due.id;
  mail.lang = due.lang;
  mail.clinic = japanese ? profile.name.ja : profile.name.en;
  mail.phone = profile.phone;
  mail.number = service == nullptr ? "" : shown(*service, due.series, due.n);
  mail.ahead = due.ahead;
  mail.as_of = due.as_of;
  mail.now = node_.clock.now();
  mail.link = site_ + "/t/" + to_text(due.token) + "?lang=" + due.lang;
  return message_of(mail);
}

asio::awaitable<void> Mailer::send(store::NoticeDue due) {
  Posted posted = Posted::later;
  const Place* place = node_.find(due.token.facility);
  if (place != nullptr) posted = co_await post(node_.loop, server_, from_, due.address, message(*place, due));
  learn(posted);
  const auto end = posted == Posted::accepted  ? store::NoticeEnd::sent
                   : posted == Posted::refused ? store::NoticeEnd::failed
                                               : store::NoticeEnd::later;
  const store::Database::Work<bool> work =
      [who = who_, due, end, now = node_.clock.now()](pqxx::connection& connection) -> Result<bool> {
    store::finish_notice(connection, who, due, end, now);
    return true;
  };
  // Not written down: the lease ends, and the same mail goes again under the same Message-ID.
  (void)co_await node_.database.run<bool>(work);
  --under_way_;
}

} // namespace machiai::cloud
