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
/// Days of a screen whose station does not answer.
constexpr std::size_t most_kept = 20'000;

std::vector<Aired> records_of(const json::object& o, const char* name) {
  std::vector<Aired> records;
  const json::value* list = o.if_contains(name);
  if (list == nullptr || !list->is_array()) return records;
  for (const json::value& each : list->as_array())
    if (auto aired = wire::aired_from_json(each)) records.push_back(std::move(*aired));
  return records;
}

} // namespace

void Airlog::load(const std::string& text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return;
  ended_ = records_of(value.as_object(), "ended");
  for (Aired& cut : records_of(value.as_object(), "running")) {
    cut.reason = "crash";
    ended_.push_back(std::move(cut));
  }
  ++revision_;
}

std::string Airlog::text() const {
  json::array ended, running;
  for (const Aired& aired : ended_) ended.push_back(wire::aired_to_json(aired));
  if (running_) running.push_back(wire::aired_to_json(*running_));
  return json::serialize(json::object{{"ended", std::move(ended)}, {"running", std::move(running)}});
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
  running_ = std::move(aired);
  ++revision_;
}

void Airlog::end(const std::string& reason, base::Instant now) {
  if (!running_) return;
  Aired aired = std::move(*std::exchange(running_, std::nullopt));
  // Whatever the clock does: not before it began, and not longer than its turn.
  aired.ended =
      std::clamp(now, aired.ended, std::max(aired.ended, aired.started + (aired.until - aired.from)));
  aired.reason = now + cut_slack >= aired.until ? "planned" : reason;
  ended_.push_back(std::move(aired));
  if (ended_.size() > most_kept) ended_.erase(ended_.begin());
  ++revision_;
}

void Airlog::live(bool calling, base::Instant now) {
  if (!running_ || now < looked_) return;
  if (calling) running_->called += now - looked_;
  looked_ = running_->ended = now;
  if (now - kept_ < sign_of_life_every) return;
  kept_ = now;
  ++revision_;
}

std::vector<Aired> Airlog::due(std::size_t most) const {
  return {ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(std::min(most, ended_.size()))};
}

void Airlog::settle(const std::vector<Aired>& records) {
  const std::size_t before = ended_.size();
  std::erase_if(ended_, [&](const Aired& aired) {
    return std::any_of(records.begin(), records.end(),
                       [&](const Aired& each) { return each.id == aired.id; });
  });
  if (ended_.size() != before) ++revision_;
}

} // namespace machiai::display
