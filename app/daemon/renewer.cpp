// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/renewer.hpp"

#include "sync/renew.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace machiai::daemon {

namespace {

/// About a quarter of a minute: longer than the cloud needs for a restart, and then the present one is shown.
constexpr int most_misses = 5;

} // namespace

Renewer::Renewer(boost::asio::io_context& loop, const base::Clock& clock, Station& station, store::Home home,
                 sync::LinkSettings link)
    : loop_(loop), clock_(clock), station_(station), home_(std::move(home)), link_(std::move(link)),
      spread_(sync::spread_of(link_.facility)) {}

base::Result<Renewer::Tls> Renewer::first() {
  const auto life = sync::check_pair({link_.key, link_.certificate}, link_.ca);
  // What cannot be read is the link's to refuse; it ends at once and is never renewed.
  if (life) life_ = *life;
  next_ = sync::load_next(home_, link_.ca);
  auto tls = next_ ? sync::client_context(link_with(*next_)) : sync::client_context(link_);
  showing_next_ = next_.has_value() && tls.has_value();
  return tls ? tls : sync::client_context(link_);
}

sync::LinkSettings Renewer::link_with(const sync::Pair& pair) const {
  sync::LinkSettings link = link_;
  link.key = pair.key;
  link.certificate = pair.certificate;
  return link;
}

void Renewer::tick() {
  look_for_next();
  const base::Instant now = clock_.now();
  const bool trusted = !station_.clock_unsure();
  if (!asking_ && !next_ && up_ && sync::renewal_due(life_, spread_, tries_, now, trusted)) ask();
  // One that did not connect is shown again as one that failed is asked for again.
  if (!asking_ && next_ && !showing_next_ && sync::renewal_due(life_, spread_, tries_, now, trusted))
    show(*next_, true);
  tell();
}

/// A person renewed it by hand.
void Renewer::look_for_next() {
  std::error_code error;
  if (asking_ || next_ || !std::filesystem::exists(home_.cloud() / "next.pem", error)) return;
  auto pair = sync::load_next(home_, link_.ca);
  // A file that could not be moved or removed says nothing new.
  if (pair && pair->key != link_.key && pair->key != refused_key_) take(std::move(*pair));
}

void Renewer::ask() {
  asking_ = true;
  spdlog::info("certificate: asking for the next one");
  boost::asio::co_spawn(loop_, sync::ask_renewal(link_),
                        [this](const std::exception_ptr& thrown, base::Result<sync::Pair> pair) {
                          if (thrown) return fail("internal");
                          if (!pair) return fail(pair.error().reason);
                          keep(std::move(*pair));
                        });
}

/// Stored before it is shown to anybody.
void Renewer::keep(sync::Pair pair) {
  const bool taken = disk_.post([this, pair = std::move(pair)] {
    const auto kept = sync::keep_next(home_, pair);
    boost::asio::post(loop_, [this, pair, reason = kept ? std::string{} : kept.error().reason] {
      if (!reason.empty()) return fail(reason);
      asking_ = false;
      take(pair);
    });
  });
  if (!taken) fail("overloaded");
}

void Renewer::take(sync::Pair pair) {
  next_ = std::move(pair);
  show(*next_, true);
}

void Renewer::fail(const std::string& reason) {
  asking_ = false;
  tries_ = {tries_.failed + 1, clock_.now()};
  spdlog::warn("certificate: not renewed: {}", reason);
  tell();
}

/// Posted: the link may be telling us something at this moment. Until then what it tells is of the other
/// pair.
void Renewer::show(const sync::Pair& pair, bool next) {
  auto tls = sync::client_context(link_with(pair));
  if (!tls) return fail(tls.error().reason);
  boost::asio::post(loop_, [this, next, tls = std::move(*tls)] {
    showing_next_ = next;
    misses_ = up_ ? -1 : 0; // the link that ends for it is none
    show_(tls);
  });
}

void Renewer::link_changed(bool up, const std::string& reason) {
  up_ = up;
  if (!next_) return up ? tick() : void();
  if (up) return showing_next_ ? proven() : void();
  if (reason == "certificate_refused") {
    if (showing_next_) return useless();
    return show(*next_, true); // the present one is at its end
  }
  if (!showing_next_ || reason != "offline" || ++misses_ < most_misses) return;
  // It may be the cloud that is away, or this pair that does not work: the present one finds out.
  fail("offline");
  show({link_.key, link_.certificate}, false);
}

/// The next one has carried a link: it is the present one.
void Renewer::proven() {
  const sync::Pair pair = *next_;
  link_ = link_with(pair);
  if (const auto life = sync::check_pair(pair, link_.ca)) life_ = *life;
  next_.reset();
  showing_next_ = false;
  tries_ = {};
  asking_ = true; // until the files say so as well
  spdlog::info("certificate: renewed until {}", base::iso_instant(life_.until));
  const bool taken = disk_.post([this, pair] {
    // When it fails the next start shows it as the one that waits.
    if (const auto kept = sync::promote_next(home_, pair); !kept)
      spdlog::warn("certificate: {}", kept.error().reason);
    boost::asio::post(loop_, [this] { asking_ = false; });
  });
  if (!taken) asking_ = false;
  tell();
}

void Renewer::useless() {
  const sync::Pair pair = *next_;
  refused_key_ = pair.key;
  next_.reset();
  fail("certificate_refused");
  asking_ = true;
  const bool taken = disk_.post([this, pair] {
    sync::drop_next(home_, pair);
    boost::asio::post(loop_, [this] { asking_ = false; });
  });
  if (!taken) asking_ = false;
  show({link_.key, link_.certificate}, false);
}

void Renewer::tell() {
  const bool late = sync::ends_soon(life_, clock_.now()) && (tries_.failed > 0 || station_.link_is_away());
  station_.certificate_changed(life_.until, late);
}

} // namespace machiai::daemon
