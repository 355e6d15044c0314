// SPDX-License-Identifier: Apache-2.0
#include "display/voice_queue.hpp"
#include "fixture.hpp"

#include <string>
#include <vector>

using namespace machiai::display;
using fixture::call;

namespace {

constexpr std::int64_t chime_ms = 1120;
constexpr std::int64_t words_ms = 4000;

struct Played {
  std::int64_t begin, end;
  Sound sound;
  std::uint64_t call;
};

/// Lets time run and plays what is asked for; `speech` is the state of the words at a moment.
template <class F> std::vector<Played> play(VoiceQueue& queue, std::int64_t from, std::int64_t to, F speech) {
  std::vector<Played> all;
  for (std::int64_t now = from; now < to; now += 50) {
    const Sound sound = queue.next(now, speech(now));
    if (sound == Sound::nothing) continue;
    const std::int64_t length = sound == Sound::chime ? chime_ms : words_ms;
    all.push_back({now, now + length, sound, queue.current()->call});
    queue.played(now, length);
  }
  return all;
}

std::string shape(const std::vector<Played>& all) {
  std::string text;
  for (const auto& each : all)
    text += (each.sound == Sound::chime ? "c" : "s") + std::to_string(each.call) + " ";
  return text;
}

} // namespace

TEST_CASE("a call: chime, then the words twice, 1.5 s apart") {
  VoiceQueue queue;
  queue.add(call(7, "24"));
  const auto all = play(queue, 0, 20'000, [](auto) { return Speech::ready; });
  REQUIRE(shape(all) == "c7 s7 s7 ");
  CHECK(all[0].begin == 0);
  CHECK(all[1].begin - all[0].end >= VoiceQueue::gap_ms);
  CHECK(all[2].begin - all[1].end >= VoiceQueue::between_ms);
  CHECK(all[2].begin - all[1].end < VoiceQueue::between_ms + 100);
  CHECK_FALSE(queue.busy());
}

TEST_CASE("a recall: chime and the words once") {
  VoiceQueue queue;
  queue.add(call(9, "24", 0, true));
  CHECK(shape(play(queue, 0, 20'000, [](auto) { return Speech::ready; })) == "c9 s9 ");
}

TEST_CASE("calls in a row are spoken one after the other and never overlap") {
  VoiceQueue queue;
  for (std::uint64_t seq = 1; seq <= 5; ++seq) queue.add(call(seq, std::to_string(seq), 0, seq == 3));
  const auto all = play(queue, 0, 120'000, [](auto) { return Speech::ready; });
  CHECK(shape(all) == "c1 s1 s1 c2 s2 s2 c3 s3 c4 s4 s4 c5 s5 s5 ");
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i].begin >= all[i - 1].end);
}

TEST_CASE("without words the chime alone is played, for every call") {
  VoiceQueue queue;
  queue.add(call(1, "1"));
  queue.add(call(2, "2"));
  CHECK(shape(play(queue, 0, 20'000, [](auto) { return Speech::none; })) == "c1 c2 ");
  CHECK_FALSE(queue.busy());
}

TEST_CASE("words still being rendered are waited for, but not for ever") {
  VoiceQueue queue;
  queue.add(call(1, "1"));
  const auto late =
      play(queue, 0, 30'000, [](auto now) { return now < 3000 ? Speech::pending : Speech::ready; });
  REQUIRE(shape(late) == "c1 s1 s1 ");
  CHECK(late[1].begin == 3000);
  queue.add(call(2, "2"));
  CHECK(shape(play(queue, 40'000, 60'000, [](auto) { return Speech::pending; })) == "c2 ");
  CHECK_FALSE(queue.busy());
}

TEST_CASE("a waiting call that was taken back is not spoken; the one being spoken is finished") {
  VoiceQueue queue;
  queue.add(call(1, "1"));
  queue.add(call(2, "2"));
  queue.add(call(3, "3"));
  auto all = play(queue, 0, 1'000, [](auto) { return Speech::ready; });
  queue.keep({call(3, "3"), call(0, "0")});
  const auto rest = play(queue, 1'000, 60'000, [](auto) { return Speech::ready; });
  all.insert(all.end(), rest.begin(), rest.end());
  CHECK(shape(all) == "c1 s1 s1 c3 s3 s3 ");
}

TEST_CASE("a call that newer ones have pushed off the list is still spoken") {
  VoiceQueue queue;
  queue.add(call(1, "1"));
  queue.keep({call(5, "5"), call(4, "4"), call(3, "3"), call(2, "2")});
  CHECK(shape(play(queue, 0, 20'000, [](auto) { return Speech::ready; })) == "c1 s1 s1 ");
}
