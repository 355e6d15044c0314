// SPDX-License-Identifier: Apache-2.0
#include "display/urgent.hpp"

#include "notice/page.hpp"

#include <algorithm>

namespace machiai::display {

void Urgent::take(const std::optional<queue::NoticeView>& told) {
  if (told == told_) return;
  told_ = told;
  pictures_.clear();
  drawable_ = true;
}

const QImage& Urgent::picture(const QSize& size) {
  QImage& kept = pictures_[{size.width(), size.height()}];
  if (!told_ || !drawable_ || !kept.isNull() || size.isEmpty()) return kept;
  notice::Notice content{told_->form, told_->lang, {}};
  for (const queue::NoticeText& each : told_->texts) content.fields[each.field] = each.text;
  const auto form = notice::find_form(content.form, templates_);
  const auto drawn =
      form ? notice::picture(*form, content, size) : base::Result<QImage>(tl::unexpected(form.error()));
  if (!drawn) {
    qWarning("the urgent notice cannot be drawn (%s)", drawn.error().reason.c_str());
    drawable_ = false;
    return kept;
  }
  kept = *drawn;
  return kept;
}

queue::MessageView Urgent::in_words() const {
  queue::MessageView words;
  if (!told_) return words;
  words.pattern = "free";
  for (const queue::NoticeText& each : told_->texts) {
    if (!words.text.empty()) words.text += " ";
    words.text += each.text;
  }
  std::replace(words.text.begin(), words.text.end(), '\n', ' ');
  words.until = base::clock_text(told_->until);
  return words;
}

Turn Urgent::turn() const {
  if (!told_) return {};
  const std::string item = "urgent-" + std::to_string(told_->id);
  return {item, "", told_->since, told_->until, "urgent_notice", "notice", "urgent", 0};
}

Schedule given_way(const Turn& notice) {
  Turn scene;
  scene.from = notice.from;
  scene.until = notice.until;
  scene.reason = "urgent_notice";
  return {scene, std::nullopt, true};
}

} // namespace machiai::display
