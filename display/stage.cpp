// SPDX-License-Identifier: Apache-2.0
#include "display/stage.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::display {

namespace {

double eased(double t) {
  return 1 - std::pow(1 - std::clamp(t, 0.0, 1.0), 3);
}

} // namespace

void Stage::add(const std::vector<queue::CallView>& fresh, std::int64_t now_ms) {
  for (const auto& call : fresh) waiting_.push_back(call.call);
  step(now_ms, call_);
}

void Stage::keep(const std::vector<queue::CallView>& listed, std::int64_t now_ms) {
  // The board lists only the newest few: a call older than all of them may have been pushed out, not undone.
  const auto undone = [&](std::uint64_t seq) {
    if (listed.empty()) return true;
    return seq >= listed.back().call &&
           std::none_of(listed.begin(), listed.end(), [&](const auto& call) { return call.call == seq; });
  };
  std::erase_if(waiting_, undone);
  if (call_ != 0 && undone(call_)) leave(now_ms);
}

void Stage::step(std::int64_t now_ms, std::uint64_t speaking) {
  const std::int64_t shown_ms = now_ms - began_ms_;
  const bool spoken_for = call_ != 0 && speaking == call_;
  if (call_ != 0 && waiting_.empty() && shown_ms >= stay_ms && !spoken_for) leave(now_ms);
  if (waiting_.empty()) return;
  if (call_ != 0 && (shown_ms < least_ms || spoken_for)) return;
  const std::uint64_t next = waiting_.front();
  waiting_.pop_front();
  begin(next, now_ms);
}

void Stage::begin(std::uint64_t call, std::int64_t now_ms) {
  if (call_ == 0) wide_since_ms_ = now_ms;
  call_ = call;
  began_ms_ = now_ms;
}

void Stage::leave(std::int64_t now_ms) {
  call_ = 0;
  left_ms_ = now_ms;
}

double Stage::widen(std::int64_t now_ms) const {
  if (call_ != 0) return eased(double(now_ms - wide_since_ms_) / double(widen_ms));
  return 1 - eased(double(now_ms - left_ms_) / double(back_ms));
}

double Stage::ring(int i, std::int64_t now_ms) const {
  const std::int64_t since = now_ms - began_ms_ - i * ring_every_ms;
  if (call_ == 0 || since < 0 || since >= ring_ms) return -1;
  return double(since) / double(ring_ms);
}

bool Stage::resizing(std::int64_t now_ms) const {
  return call_ != 0 ? now_ms - wide_since_ms_ <= widen_ms : now_ms - left_ms_ <= back_ms;
}

bool Stage::moving(std::int64_t now_ms) const {
  return resizing(now_ms) || (call_ != 0 && now_ms - began_ms_ <= rings * ring_every_ms);
}

} // namespace machiai::display
