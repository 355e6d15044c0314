// SPDX-License-Identifier: Apache-2.0
#include "display/announce.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::display {

std::string number_sentence(std::string_view number) {
  return fmt::format("{}番の、かた。", spoken_number(number));
}

std::string room_sentence(std::string_view room_reading) {
  return fmt::format("{}へ、お入りください。", one_line(room_reading));
}

std::string announcement(std::string_view number, std::string_view room_reading) {
  return number_sentence(number) + room_sentence(room_reading);
}

std::vector<std::string> likely_sentences(const queue::BoardView& board) {
  std::vector<std::string> sentences;
  const auto add = [&](std::string sentence) {
    if (std::find(sentences.begin(), sentences.end(), sentence) == sentences.end())
      sentences.push_back(std::move(sentence));
  };
  const auto near = std::min(static_cast<std::size_t>(std::max(board.near, 0)), board.next.size());
  for (std::size_t i = 0; i < near; ++i) add(number_sentence(board.next[i].number));
  for (const auto& room : board.rooms) add(room_sentence(spoken_room(room.name)));
  for (const auto& stone : board.next) add(number_sentence(stone.number));
  for (const auto& room : board.rooms)
    if (!room.number.empty()) add(number_sentence(room.number));
  for (const auto& stone : board.absent) add(number_sentence(stone.number));
  return sentences;
}

std::vector<queue::CallView> fresh_calls(const std::vector<queue::CallView>& listed, const Announced& last,
                                         std::int64_t hub_now_ms) {
  std::vector<queue::CallView> fresh;
  for (const auto& call : listed) {
    const std::int64_t at = base::to_ms(call.at);
    const bool later = call.call > last.call || at > last.at_ms;
    if (later && call.call != last.call && hub_now_ms - at <= announce_within_ms) fresh.push_back(call);
  }
  std::reverse(fresh.begin(), fresh.end());
  return fresh;
}

} // namespace machiai::display
