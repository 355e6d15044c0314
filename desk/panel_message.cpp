// SPDX-License-Identifier: Apache-2.0
// Temporary messages: which are shown, and a preview of each before it is.
#include "core/queue/decide.hpp"
#include "core/wire/notices.hpp"
#include "desk/sheet.hpp"

#include <array>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr std::size_t most_messages = 6;

QString words_of(const queue::MessageView& message, const char* lang) {
  return QString::fromStdString(wire::notice_words(message, lang));
}

/// As the wall and the kiosk will show it.
void add_preview(Sheet& sheet, const QRectF& box, const QString& title, const QString& words,
                 const char* lang) {
  const Context& c = sheet.c();
  sheet.line(QRectF(box.left(), box.top(), box.width(), 32), title, {18, true, look::ink_2, c.lang});
  const QRectF at = box.adjusted(0, 34, 0, 0);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, at, 12, look::yamabuki_pale, look::line_strong, 2);
    look::icon(p, "notice", QRectF(at.left() + 14, at.center().y() - 18, 36, 36), look::ink);
  });
  sheet.text(at.adjusted(64, 6, -14, -6), words, {24, true, look::ink, lang});
}

void add_shown(Sheet& sheet) {
  const Context& c = sheet.c();
  const auto& messages = c.screen.messages;
  sheet.line(QRectF(112, 140, 560, 44),
             messages.empty() ? c.say("messages.none")
                              : c.say("messages.shown", {{"n", QString::number(messages.size())}}),
             {20, true, look::ink, c.lang});
  for (std::size_t i = 0; i < std::min(messages.size(), most_messages); ++i) {
    const auto& message = messages[i];
    const QRectF box(112, 190 + static_cast<double>(i) * 84, 560, 76);
    sheet.paint([=](QPainter& p) { look::panel_box(p, box, 12, look::yamabuki_pale); });
    const QString words = words_of(message, c.lang == "ja" ? "ja" : "en").replace('\n', ' ');
    sheet.text(QRectF(box.left() + 14, box.top() + 2, 388, 48), words, {18, true, look::ink, c.lang});
    sheet.line(QRectF(box.left() + 14, box.top() + 49, 388, 24),
               c.say("messages.until", {{"t", QString::fromStdString(message.until)}}),
               {16, false, look::ink_2, c.lang});
    sheet.key(QString("unmessage-%1").arg(message.id), QRectF(box.right() - 144, box.top() + 8, 134, 60),
              c.say("unmessage"), {.enabled = sheet.free(), .px = 19});
  }
}

void add_numbers(Sheet& sheet, double y, const QString& label, const QString& prefix,
                 const std::vector<std::pair<int, QString>>& choices, int chosen) {
  const Context& c = sheet.c();
  sheet.line(QRectF(228, y, 824, 34), label, {19, true, look::ink, c.lang});
  const double count = static_cast<double>(choices.size());
  const double wide = (824 - 8 * (count - 1)) / count;
  for (std::size_t i = 0; i < choices.size(); ++i)
    sheet.key(prefix + QString::number(choices[i].first),
              QRectF(228 + static_cast<double>(i) * (wide + 8), y + 36, wide, 56), choices[i].second,
              {.chosen = choices[i].first == chosen, .px = 19});
}

} // namespace

void add_messages(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(90, 64, 1100, 654), c->say("messages.title"));
  sheet.close();
  sheet.undo({"message_put", "message_taken"});
  add_shown(sheet);
  sheet.line(QRectF(700, 140, 460, 44), c->say("messages.new"), {20, true, look::ink, c->lang});
  const bool room = c->screen.messages.size() < most_messages;
  for (std::size_t i = 0; i < queue::message_patterns.size(); ++i) {
    const QString pattern = QString::fromUtf8(queue::message_patterns[i].data(),
                                              static_cast<qsizetype>(queue::message_patterns[i].size()));
    const QRectF box(700 + static_cast<double>(i % 2) * 236, 190 + grid_row(i, 2) * 100, 228, 88);
    sheet.key("pattern-" + pattern, box, c->say("pattern." + pattern),
              {.enabled = sheet.free() && room, .px = 21});
  }
  sheet.text(QRectF(700, 596, 468, 100), c->say(room ? "messages.hint" : "messages.full"),
             {18, false, look::ink_2, c->lang});
}

void add_message(const Shared& c, seat::Scene& scene) {
  const MessageDraft& draft = c->screen.inside.message;
  const bool written = draft.pattern == "free";
  Sheet sheet(c, scene, QRectF(200, 64, 880, 654), c->say("pattern." + QString::fromStdString(draft.pattern)),
              false);
  sheet.close();
  if (written) sheet.line(QRectF(228, 140, 824, 34), c->say("message.words"), {19, true, look::ink, c->lang});
  std::vector<std::pair<int, QString>> minutes{{0, c->say("message.untimed")}};
  for (const int n : {10, 15, 20, 30, 45, 60})
    minutes.emplace_back(n, c->say("time.minutes", {{"n", QString::number(n)}}));
  if (!written) add_numbers(sheet, 138, c->say("message.minutes"), "minutes-", minutes, draft.minutes);
  const std::vector<std::pair<int, QString>> showing{{30, c->say("showing.30")},
                                                     {60, c->say("showing.60")},
                                                     {120, c->say("showing.120")},
                                                     {240, c->say("showing.240")},
                                                     {720, c->say("showing.720")}};
  add_numbers(sheet, 246, c->say("message.showing"), "showing-", showing, draft.show_minutes);
  const queue::MessageView preview{0, draft.pattern, draft.text, draft.minutes, ""};
  add_preview(sheet, QRectF(228, 352, 824, 116), c->say("message.ja"), words_of(preview, "ja"), "ja");
  add_preview(sheet, QRectF(228, 476, 824, 116), c->say(written ? "message.as_written" : "message.en"),
              words_of(preview, "en"), written ? "ja" : "en");
  const bool ready = sheet.free() && (!written || !draft.text.empty());
  sheet.key("message-do", QRectF(228, 612, 824, 84), c->say("message-do"),
            {.enabled = ready, .primary = true, .px = 28});
}

} // namespace machiai::desk
