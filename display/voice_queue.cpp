// SPDX-License-Identifier: Apache-2.0
#include "display/voice_queue.hpp"

#include <algorithm>

namespace machiai::display {

namespace {

int times_to_say(const queue::CallView& call) {
  return call.again ? 1 : 2;
}

} // namespace

void VoiceQueue::add(const queue::CallView& call) {
  waiting_.push_back(call);
}

void VoiceQueue::keep(const std::vector<queue::CallView>& listed) {
  std::erase_if(waiting_, [&](const queue::CallView& call) {
    // Older than all that are listed: pushed out by newer calls, not taken back.
    if (!listed.empty() && call.call < listed.back().call) return false;
    return std::none_of(listed.begin(), listed.end(),
                        [&](const auto& each) { return each.call == call.call; });
  });
}

Sound VoiceQueue::next(std::int64_t now_ms, Speech speech) {
  if (now_ms < free_at_ms_) return Sound::nothing;
  if (!current_) {
    if (waiting_.empty()) return Sound::nothing;
    current_ = waiting_.front();
    waiting_.pop_front();
    chimed_ = false;
    said_ = 0;
  }
  if (!chimed_) {
    chimed_ = true;
    pause_ms_ = gap_ms;
    return Sound::chime;
  }
  const bool waited_enough = speech == Speech::pending && now_ms - waits_since_ms_ >= patience_ms;
  if (said_ == times_to_say(*current_) || speech == Speech::none || waited_enough) {
    finish();
    return waiting_.empty() ? Sound::nothing : next(now_ms, Speech::pending);
  }
  if (speech == Speech::pending) return Sound::nothing;
  ++said_;
  // The last time is followed by the next call's chime as soon as a listener can tell them apart.
  pause_ms_ = said_ == times_to_say(*current_) ? gap_ms : between_ms;
  return Sound::speech;
}

void VoiceQueue::played(std::int64_t now_ms, std::int64_t duration_ms) {
  free_at_ms_ = now_ms + duration_ms + pause_ms_;
  waits_since_ms_ = free_at_ms_;
}

std::vector<queue::CallView> VoiceQueue::coming() const {
  std::vector<queue::CallView> calls;
  if (current_) calls.push_back(*current_);
  calls.insert(calls.end(), waiting_.begin(), waiting_.end());
  return calls;
}

void VoiceQueue::finish() {
  current_.reset();
}

} // namespace machiai::display
