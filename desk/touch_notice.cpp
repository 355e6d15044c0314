// SPDX-License-Identifier: Apache-2.0
// The urgent notice's panels: what is chosen, and what is sent.
#include "desk/model.hpp"

#include <charconv>

namespace machiai::desk {

namespace json = boost::json;

namespace {

Step show(Glass glass) {
  const NoticeDraft& draft = glass.inside.notice;
  if (!notice_fits(draft)) return nothing(std::move(glass));
  json::object fields;
  for (const auto& [field, text] : draft.texts)
    if (!text.empty()) fields[field] = text;
  json::object args{{"template", draft.form},
                    {"lang", draft.lang},
                    {"fields", std::move(fields)},
                    {"minutes", draft.minutes}};
  return send(std::move(glass), "notice-do", "notice", std::move(args));
}

} // namespace

std::optional<Step> touch_notice(const queue::DeskView&, bool free, const Glass& glass,
                                 std::string_view name) {
  Glass next = glass;
  NoticeDraft& draft = next.inside.notice;
  if (const auto form = after(name, "form-")) {
    open_panel(next, Panel::notice);
    next.inside.notice.form = *form;
    return nothing(std::move(next));
  }
  if (const auto minutes = after(name, "notice-minutes-")) {
    std::from_chars(minutes->data(), minutes->data() + minutes->size(), draft.minutes);
    return nothing(std::move(next));
  }
  if (const auto lang = after(name, "notice-lang-")) {
    draft.lang = *lang;
    return nothing(std::move(next));
  }
  if (!free) return std::nullopt;
  if (name == "notice-do") return show(std::move(next));
  if (name == "notice-clear") return send(std::move(next), name, "notice_clear", json::object{});
  return std::nullopt;
}

} // namespace machiai::desk
