// SPDX-License-Identifier: Apache-2.0
#include "desk/sheet.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

Sheet::Sheet(Shared c, seat::Scene& scene, const QRectF& box, const QString& title, bool closes)
    : c_(std::move(c)), scene_(scene), box_(box), said_(title),
      pieces_(std::make_shared<std::vector<std::function<void(QPainter&)>>>()) {
  seat::Touchable scrim{closes ? "scrim-close" : "scrim", c_->say("close-panel"),
                        QRectF(QPointF(0, 0), design_size),
                        [](QPainter& p, bool) {
                          QColor veil = look::ink;
                          veil.setAlphaF(0.4F);
                          p.fillRect(QRectF(QPointF(0, 0), design_size), veil);
                        },
                        closes};
  scrim.tab = false;
  scene.touch.push_back(std::move(scrim));
  // Disabled: it takes no touch and keeps the closing area below it from taking one.
  ground_ = scene.touch.size();
  scene.touch.push_back({"sheet", title, box,
                         [box, pieces = pieces_](QPainter& p, bool) {
                           look::panel_box(p, box, 18, look::panel, look::ai_act, 3);
                           for (const auto& piece : *pieces) {
                             p.save();
                             piece(p);
                             p.restore();
                           }
                         },
                         false});
  line(QRectF(box.left() + 28, box.top() + 14, box.width() - 220, 56), title,
       {28, true, look::ink, c_->lang});
}

Sheet::~Sheet() {
  scene_.touch[ground_].label = said_;
}

void Sheet::close() {
  const bool back = parent_of(c_->screen.panel) != Panel::none || !c_->screen.inside.other.empty();
  key("close-panel", QRectF(box_.right() - 152, box_.top() + 14, 128, 56),
      c_->say(back ? "back-panel" : "close-panel"), {.px = 20});
}

void Sheet::undo(const std::vector<std::string>& of) {
  const UndoBar& last = c_->screen.undo;
  if (!last.own || std::find(of.begin(), of.end(), last.what) == of.end()) return;
  key("undo-here", QRectF(box_.right() - 392, box_.top() + 14, 228, 56),
      c_->say("undo.here", {{"s", QString::number(last.seconds_left)}}), {.primary = true, .px = 20});
}

void Sheet::key(const QString& name, const QRectF& box, const QString& words, const KeyLook& how) {
  add_key(c_, scene_, name, box, words, how.enabled, how.primary, how.chosen, how.px);
}

void Sheet::action(const QString& name, const QRectF& box, const ActionLook& is) {
  scene_.touch.push_back(
      {name, is.title + " " + is.sub, box,
       [=, lang = c_->lang](QPainter& p, bool pressed) { paint_action(p, box, is, pressed, lang); },
       is.enabled});
}

void Sheet::line(const QRectF& box, const QString& words, const look::Type& type, int flags) {
  said_ += " " + words;
  paint([=](QPainter& p) { look::line_text(p, box, words, type, flags); });
}

void Sheet::text(const QRectF& box, const QString& words, const look::Type& type, int flags) {
  said_ += " " + words;
  paint([=](QPainter& p) { look::text(p, box, words, type, flags); });
}

void Sheet::pad(const QRectF& box) {
  add_pad(c_, scene_, "pad-", box, {8, 8});
}

void Sheet::pager(const QRectF& box) {
  const int page = c_->screen.inside.page;
  if (c_->screen.pages < 2) return;
  key("list-up", QRectF(box.left(), box.top(), 150, box.height()), c_->say("list-up"),
      {.enabled = page > 0, .px = 20});
  key("list-down", QRectF(box.right() - 150, box.top(), 150, box.height()), c_->say("list-down"),
      {.enabled = page + 1 < c_->screen.pages, .px = 20});
  line(QRectF(box.left() + 160, box.top(), box.width() - 320, box.height()),
       QString("%1 / %2").arg(page + 1).arg(c_->screen.pages), {18, false, look::ink_2, c_->lang},
       Qt::AlignCenter);
}

bool Sheet::waits(const QRectF& box) {
  const Inquiry& inquiry = c_->screen.found.inquiry;
  if (!c_->screen.reachable && inquiry.key.empty()) {
    text(box, c_->say("away"), {22, false, look::ink_2, c_->lang}, Qt::AlignCenter);
    return true;
  }
  if (!inquiry.failed.empty()) {
    text(QRectF(box.left(), box.top(), box.width(), box.height() - 76), reason_words(*c_, inquiry.failed),
         {22, false, look::kaki, c_->lang}, Qt::AlignCenter);
    key("ask-again", QRectF(box.center().x() - 150, box.bottom() - 68, 300, 60), c_->say("ask-again"),
        {.enabled = free(), .primary = true});
    return true;
  }
  if (inquiry.key.empty() || inquiry.flying) {
    line(box, c_->say("reading"), {22, false, look::ink_2, c_->lang}, Qt::AlignCenter);
    return true;
  }
  return false;
}

void add_refusal(const Shared& c, seat::Scene& scene) {
  const QString words = told_words(*c);
  if (words.isEmpty()) return;
  const QRectF box(16, 730, 1248, 62);
  scene.touch.push_back({"told", QString(words).remove('*'), box,
                         [=](QPainter& p, bool) {
                           look::panel_box(p, box, 14, look::kaki_pale, look::kaki, 3);
                           look::icon(p, "warn", QRectF(36, box.center().y() - 15, 30, 30), look::kaki);
                           look::runs(p, 80, box.center().y() + 8,
                                      starred(words, {22, false, look::kaki, c->lang}), box.width() - 90);
                         },
                         false});
}

} // namespace machiai::desk
