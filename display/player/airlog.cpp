// SPDX-License-Identifier: Apache-2.0
#include "display/player/airlog.hpp"

#include <algorithm>
#include <utility>

namespace machiai::display {

namespace json = boost::json;
using programme::Aired;

namespace {

/// How much of a play a crash of the machine may leave untold.
constexpr base::Millis sign_of_life_every{5'000};
/// Half a second: a cut is made between two pictures, and told after it.
constexpr base::Millis cut_slack{500};
/// More than a day of a screen whose station does not answer.
constexpr std::size_t most_kept = 5'000;

/// A line of the file: one member, which says what happened.
std::string line_of(const char* what, json::value value) {
  return json::serialize(json::object{{what, std::move(value)}}) + "\n";
}

/// Of a sign of life alone; the rest was told when the play began.
json::object life_of(const Aired& aired) {
  return {{"id", aired.id}, {"ended", base::to_ms(aired.ended)}, {"called", aired.called.count()}};
}

void live_on(Aired& aired, const json::object& life) {
  const json::value *id = life.if_contains("id"), *ended = life.if_contains("ended"),
                    *called = life.if_contains("called");
  if (id == nullptr || *id != json::value(aired.id) || ended == nullptr || called == nullptr) return;
  if (!ended->is_int64() || !called->is_int64()) return;
  aired.ended = base::instant_from_ms(ended->as_int64());
  aired.called = base::Millis{called->as_int64()};
}

/// Reads the file line by line.
struct Story {
  std::vector<Aired> ended;
  std::optional<Aired> running;

  void line(const std::string& text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    const json::object* o = error ? nullptr : value.if_object();
    if (o == nullptr) return;
    if (const json::value* told = o->if_contains("running")) {
      cut();
      running = wire::aired_from_json(*told);
    }
    if (const json::value* told = o->if_contains("ended")) end(wire::aired_from_json(*told));
    const json::value* life = o->if_contains("live");
    if (life != nullptr && life->is_object() && running) live_on(*running, life->as_object());
    const json::value* settled = o->if_contains("settled");
    if (settled != nullptr && settled->is_array()) settle(settled->as_array());
  }
  void end(std::optional<Aired> told) {
    if (!told) return;
    if (running && running->id == told->id) running.reset();
    ended.push_back(std::move(*told));
  }
  void settle(const json::array& ids) {
    std::erase_if(ended, [&](const Aired& each) {
      return std::find(ids.begin(), ids.end(), json::value(each.id)) != ids.end();
    });
  }
  /// Whatever runs now was cut.
  void cut() {
    if (!running) return;
    running->reason = "crash";
    ended.push_back(std::move(*running));
    running.reset();
  }
};

} // namespace

void Airlog::load(const std::string& text) {
  Story story;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    story.line(text.substr(from, to - from));
    from = to + 1;
  }
  story.cut();
  ended_ = std::move(story.ended);
}

std::string Airlog::text() const {
  std::string all;
  for (const Aired& aired : ended_) all += line_of("ended", wire::aired_to_json(aired));
  if (running_) all += line_of("running", wire::aired_to_json(*running_));
  return all;
}

/// Out of the list, and of the file.
void Airlog::drop(const std::vector<std::string>& ids) {
  const auto dropped = std::erase_if(
      ended_, [&](const Aired& aired) { return std::find(ids.begin(), ids.end(), aired.id) != ids.end(); });
  if (dropped > 0) news_ += line_of("settled", json::array(ids.begin(), ids.end()));
}

void Airlog::begin(std::string id, const Turn& turn, base::Instant now) {
  end("changed", now);
  Aired aired;
  aired.id = std::move(id);
  aired.item = turn.item;
  aired.sha256 = turn.sha256;
  aired.kind = turn.kind;
  aired.programme = turn.programme;
  aired.version = turn.version;
  aired.from = turn.from;
  aired.until = turn.until;
  aired.started = aired.ended = looked_ = kept_ = now;
  news_ += line_of("running", wire::aired_to_json(aired));
  running_ = std::move(aired);
}

void Airlog::end(const std::string& reason, base::Instant now) {
  if (!running_) return;
  Aired aired = std::move(*std::exchange(running_, std::nullopt));
  // Whatever the clock does: not before it began, and not longer than its turn.
  aired.ended =
      std::clamp(now, aired.ended, std::max(aired.ended, aired.started + (aired.until - aired.from)));
  aired.reason = now + cut_slack >= aired.until ? "planned" : reason;
  news_ += line_of("ended", wire::aired_to_json(aired));
  ended_.push_back(std::move(aired));
  if (ended_.size() > most_kept) drop({ended_.front().id});
}

void Airlog::live(bool calling, base::Instant now) {
  if (!running_ || now < looked_) return;
  if (calling) running_->called += now - looked_;
  looked_ = running_->ended = now;
  if (now - kept_ < sign_of_life_every) return;
  kept_ = now;
  news_ += line_of("live", life_of(*running_));
}

std::vector<Aired> Airlog::due(std::size_t most) const {
  return {ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(std::min(most, ended_.size()))};
}

void Airlog::settle(const std::vector<Aired>& records) {
  std::vector<std::string> ids;
  for (const Aired& each : records) ids.push_back(each.id);
  drop(ids);
}

} // namespace machiai::display
