// SPDX-License-Identifier: Apache-2.0
#include "core/wire/playbill.hpp"

#include "core/wire/fields.hpp"

#include <utility>

namespace machiai::wire {

namespace json = boost::json;

namespace {

bool flag_at(const json::object& o, const char* name) {
  const json::value* found = o.if_contains(name);
  return found != nullptr && found->is_bool() && found->as_bool();
}

std::optional<Turn> turn_from_json(const json::value* value) {
  const json::object* o = value == nullptr ? nullptr : value->if_object();
  const json::value* title = o == nullptr ? nullptr : o->if_contains("title");
  if (title == nullptr || !title->is_object()) return std::nullopt;
  const auto item = text_at(*o, "item");
  const auto kind = text_at(*o, "kind");
  const auto reason = text_at(*o, "reason");
  const auto from = base::parse_iso_instant(text_at(*o, "from").value_or(""));
  const auto until = base::parse_iso_instant(text_at(*o, "until").value_or(""));
  const json::value* version = o->if_contains("version");
  if (!item || !kind || !reason || !from || !until || *until <= *from) return std::nullopt;
  Turn turn;
  turn.item = *item;
  turn.kind = *kind;
  turn.reason = *reason;
  turn.from = *from;
  turn.until = *until;
  turn.sha256 = text_at(*o, "sha256").value_or("");
  turn.programme = text_at(*o, "programme").value_or("");
  if (version != nullptr && version->is_int64()) turn.version = static_cast<int>(version->as_int64());
  turn.title = text_at(title->as_object(), "ja").value_or("");
  turn.title_en = text_at(title->as_object(), "en").value_or("");
  return turn;
}

} // namespace

std::optional<Playbill> playbill_from_json(const json::object& view) {
  auto now = turn_from_json(view.if_contains("now"));
  auto next = turn_from_json(view.if_contains("next"));
  const json::value* programmes = view.if_contains("programmes");
  if (!now || !next || programmes == nullptr || !programmes->is_array()) return std::nullopt;
  Playbill bill{std::move(*now), std::move(*next), {}, {}};
  bill.paused = flag_at(view, "paused");
  bill.muted = flag_at(view, "muted");
  for (const json::value& each : programmes->as_array()) {
    const json::object* row = each.if_object();
    const auto id = row == nullptr ? std::nullopt : text_at(*row, "programme");
    const auto state = row == nullptr ? std::nullopt : text_at(*row, "state");
    const auto deadline =
        row == nullptr ? std::nullopt : base::parse_iso_instant(text_at(*row, "deadline").value_or(""));
    if (!id || !state || !deadline) return std::nullopt;
    const bool owed = *state == "waiting" || *state == "swapped";
    if (owed && (bill.waiting.empty() || *deadline < bill.deadline)) {
      bill.waiting = *id;
      bill.deadline = *deadline;
    }
  }
  return bill;
}

} // namespace machiai::wire
