// SPDX-License-Identifier: Apache-2.0
#include "display/board_widget.hpp"

#include "display/style.hpp"

#include <QPaintEvent>
#include <algorithm>
#include <utility>

namespace machiai::display {

namespace {

using Zones = std::vector<std::pair<ZoneId, QRectF>>;

Zones zones_of(const Layout& l) {
  Zones zones;
  const auto add = [&](ZoneId id, const QRectF& rect) {
    if (!rect.isEmpty()) zones.emplace_back(id, rect);
  };
  add(ZoneId::film, l.film);
  add(ZoneId::call, l.call);
  add(ZoneId::next, l.next);
  if (l.caption != l.notice) add(ZoneId::notice, l.notice); // upright, the caption stands in its place
  add(ZoneId::rooms, l.rooms);
  add(ZoneId::absent, l.absent);
  add(ZoneId::previous, l.previous);
  add(ZoneId::guide, l.guide);
  add(ZoneId::band, l.band);
  add(ZoneId::caption, l.caption);
  return zones;
}

/// Whether two boards say the same in a zone of words. Call and film are no such zones: they never fade.
bool same_words(ZoneId id, const Board& a, const Board& b) {
  switch (id) {
  case ZoneId::caption: return a.caption == b.caption;
  case ZoneId::next: return a.next == b.next;
  case ZoneId::notice: return a.notice == b.notice;
  case ZoneId::rooms: return a.rooms == b.rooms;
  case ZoneId::absent: return a.absent == b.absent;
  case ZoneId::previous: return a.previous == b.previous;
  case ZoneId::guide: return a.guide == b.guide;
  case ZoneId::band: return a.band == b.band;
  default: return true;
  }
}

bool fades(ZoneId id, const Frame& frame) {
  return frame.fade < 1 && !same_words(id, frame.leaving, frame.board);
}

bool same_content(ZoneId id, const Frame& a, const Frame& b) {
  if (id == ZoneId::film) {
    const bool scene = b.film.isNull() || (b.film_fade < 1 && b.film_before.isNull());
    return a.film.cacheKey() == b.film.cacheKey() && a.film_fade == b.film_fade &&
           (!scene || a.scene_s == b.scene_s);
  }
  if (id == ZoneId::call)
    return a.board.call == b.board.call && a.motion.widen == b.motion.widen &&
           a.motion.rings == b.motion.rings;
  if (a.fade != b.fade && (fades(id, a) || fades(id, b))) return false;
  return same_words(id, a.board, b.board);
}

void paint_words_of(QPainter& p, ZoneId id, const QRectF& rect, const Board& b, Shape shape) {
  switch (id) {
  case ZoneId::caption: return paint_caption(p, rect, b.caption);
  case ZoneId::next: return paint_next(p, rect, b.next, shape);
  case ZoneId::notice: return paint_notice(p, rect, b.notice);
  case ZoneId::rooms: return paint_rooms(p, rect, b.rooms, shape);
  case ZoneId::absent: return paint_absent(p, rect, b.absent);
  case ZoneId::previous: return paint_previous(p, rect, b.previous);
  case ZoneId::guide: return paint_guide(p, rect, b.guide);
  case ZoneId::band: return paint_band(p, rect, b.band, shape);
  default: return;
  }
}

void paint_film(QPainter& p, const QRectF& rect, const QImage& film) {
  const QRect place = p.worldTransform().mapRect(rect).toAlignedRect();
  p.save();
  p.resetTransform();
  const QRect target = film_target(place, film.size());
  const QRegion beside = QRegion(place) - target;
  for (const QRect& part : beside) p.fillRect(part, style::ai_deep);
  target.size() == film.size() ? p.drawImage(target.topLeft(), film) : p.drawImage(target, film);
  p.restore();
}

} // namespace

/// Its pictures come in the size of their place; they are stretched only while that changes.
QRect film_target(const QRect& place, const QSize& film) {
  constexpr int rounding = 2;
  const auto near = [](const QSize& a, const QSize& b) {
    return std::abs(a.width() - b.width()) <= rounding && std::abs(a.height() - b.height()) <= rounding;
  };
  const QSize wanted = film.scaled(place.size(), Qt::KeepAspectRatio);
  // A pixel of rounding leaves no line of ground beside the film.
  QRect target(QPoint(), near(wanted, film) ? film : near(wanted, place.size()) ? place.size() : wanted);
  target.moveCenter(place.center());
  return target;
}

Change changes(Shape shape, const Frame& from, const Frame& to) {
  Change change;
  const Layout before = layout_of(shape, from.board.face, from.motion.widen, from.board.several);
  const Layout after = layout_of(shape, to.board.face, to.motion.widen, to.board.several);
  const auto shift = [&](const Frame& f) { return placement(after.design, after.design, f.running_ms); };
  const bool same_face = from.board.face == to.board.face && from.board.several == to.board.several;
  if (shift(from) != shift(to) || (!same_face && zones_of(before) != zones_of(after))) {
    change.everything = true;
    return change;
  }
  const Zones old_zones = zones_of(before);
  const Zones new_zones = zones_of(after);
  const auto stood = [&](const std::pair<ZoneId, QRectF>& zone) {
    for (const auto& each : old_zones)
      if (each == zone) return true;
    return false;
  };
  for (const auto& zone : new_zones)
    if (!stood(zone) || !same_content(zone.first, from, to)) change.zones.push_back(zone.second);
  // Where a zone has shrunk or gone, the ground comes back.
  for (const auto& old_zone : old_zones)
    if (std::find(new_zones.begin(), new_zones.end(), old_zone) == new_zones.end())
      change.zones.push_back(old_zone.second);
  return change;
}

/// A scene is never drawn half transparent: its shapes lie on each other.
void FramePainter::paint_film_zone(QPainter& p, const QRectF& rect, const Frame& frame) {
  const bool fading = frame.film_fade < 1;
  const auto layer = [&](const QImage& film) {
    if (!film.isNull()) return paint_film(p, rect, film);
    if (!scenery_) scenery_ = std::make_unique<Scenery>();
    scenery_->paint(p, rect, frame.scene_s);
  };
  p.save();
  p.setClipRect(rect, Qt::IntersectClip);
  const bool onto_scene = fading && frame.film.isNull();
  layer(fading && !onto_scene ? frame.film_before : frame.film);
  if (fading) {
    p.setOpacity(onto_scene ? 1 - frame.film_fade : frame.film_fade);
    if (const QImage& upper = onto_scene ? frame.film_before : frame.film; !upper.isNull()) layer(upper);
  }
  style::trim_corners(p, rect);
}

void FramePainter::paint(QPainter& p, Shape shape, const Frame& frame, const QRectF& dirty) {
  const Board& b = frame.board;
  const Layout layout = layout_of(shape, b.face, frame.motion.widen, b.several);
  p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  for (const auto& [id, rect] : zones_of(layout)) {
    if (!rect.intersects(dirty)) continue;
    if (id == ZoneId::film) {
      paint_film_zone(p, rect, frame);
    } else if (id == ZoneId::call) {
      paint_call(p, rect, b.call, call_sizes(shape, frame.motion.widen, b.several), frame.motion);
    } else if (fades(id, frame)) {
      paint_words_of(p, id, rect, frame.leaving, shape);
      p.setOpacity(frame.fade);
      paint_words_of(p, id, rect, b, shape);
      p.setOpacity(1);
    } else {
      paint_words_of(p, id, rect, b, shape);
    }
  }
}

BoardWidget::BoardWidget(bool queue_only, QWidget* parent) : QWidget(parent), queue_only_(queue_only) {
  setAttribute(Qt::WA_OpaquePaintEvent);
  setCursor(Qt::BlankCursor);
}

Shape BoardWidget::shape() const {
  if (height() > width()) return Shape::portrait;
  return queue_only_ ? Shape::queue_only : Shape::landscape;
}

QTransform BoardWidget::to_device() const {
  return placement(layout_of(shape(), frame_.board.face, 0).design, size(), frame_.running_ms);
}

void BoardWidget::show_frame(const Frame& frame) {
  const Change change = changes(shape(), frame_, frame);
  frame_ = frame;
  move_gpu();
  if (!painted_ || change.everything)
    dirty_ = rect();
  else
    for (const QRectF& zone : change.zones) add_dirty(zone);
  plan_update();
}

void BoardWidget::show_film(const QImage& picture, const QImage& before, double fade) {
  frame_.film = picture;
  frame_.film_before = before;
  frame_.film_fade = fade;
  if (painted_) add_dirty(film_zone());
  plan_update();
}

QRectF BoardWidget::film_zone() const {
  return layout_of(shape(), frame_.board.face, frame_.motion.widen, frame_.board.several).film;
}

void BoardWidget::use_gpu(bool use) {
  gpu_.reset();
  if (use && windowHandle() != nullptr) gpu_ = std::make_unique<GpuPane>(*windowHandle());
  move_gpu();
  dirty_ = rect();
  plan_update();
}

/// With the layout, before the painter has its turn: the board is never covered.
void BoardWidget::move_gpu() {
  if (gpu_) gpu_->move(to_device().mapRect(film_zone()).toAlignedRect());
}

/// A film goes to the card as it is; a scene, or one that fades, as a picture that the painter makes.
void BoardWidget::paint_gpu() {
  const QRect place = gpu_->place();
  const QRectF zone = film_zone();
  const auto canvas = [&](QImage::Format format) {
    QImage image(place.size(), format);
    image.fill(Qt::transparent);
    return image;
  };
  const auto begin = [&](QPainter& p) {
    p.setRenderHints(QPainter::Antialiasing);
    p.setTransform(to_device() * QTransform::fromTranslate(-place.x(), -place.y()));
  };
  if (corners_.size() != place.size()) {
    corners_ = canvas(QImage::Format_ARGB32_Premultiplied);
    QPainter p(&corners_);
    begin(p);
    p.save(); // as for the painter, which clips what it trims
    style::trim_corners(p, zone);
  }
  QImage picture = frame_.film;
  if (picture.isNull() || frame_.film_fade < 1) {
    picture = canvas(QImage::Format_RGB32);
    QPainter p(&picture);
    begin(p);
    painter_.paint_film_zone(p, zone, frame_);
  }
  if (gpu_->show(picture, corners_)) return;
  qWarning("film: the graphics processor fails; the painter draws");
  use_gpu(false);
}

QSize BoardWidget::film_room(bool staged) const {
  const Layout layout = layout_of(shape(), frame_.board.face, staged ? 1 : 0, frame_.board.several);
  if (layout.film.isEmpty()) return {};
  return placement(layout.design, size(), 0).mapRect(layout.film).toAlignedRect().size();
}

void BoardWidget::add_dirty(const QRectF& zone) {
  if (!zone.isEmpty()) dirty_ += to_device().mapRect(zone).toAlignedRect().adjusted(-1, -1, 1, 1);
}

void BoardWidget::plan_update() {
  // In the next turn of the loop: a repaint() of the urgent zones would take everything along that has been
  // given to update() before it.
  if (!dirty_.isEmpty() && !std::exchange(update_planned_, true))
    QMetaObject::invokeMethod(
        this,
        [this] {
          update_planned_ = false;
          if (!dirty_.isEmpty()) update(dirty_);
        },
        Qt::QueuedConnection);
}

void BoardWidget::paint_at_once() {
  if (!isVisible()) return;
  // The numbers first: who is called and where. The rest follows with the next turn of the loop.
  const Layout layout = layout_of(shape(), frame_.board.face, frame_.motion.widen, frame_.board.several);
  const QTransform map = to_device();
  for (const QRectF& zone : {layout.rooms, layout.call}) {
    const QRegion urgent = dirty_ & map.mapRect(zone).toAlignedRect();
    if (!urgent.isEmpty()) repaint(urgent);
  }
}

void BoardWidget::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  const QTransform map = to_device();
  const QTransform back = map.inverted();
  QRegion region = event->region();
  if (gpu_) {
    const QRect place = gpu_->place();
    if (region.intersects(place)) paint_gpu();
    if (gpu_) region -= place;
  }
  // What a film or a scene covers whole needs no ground: thirty times a second that is a fifth of the
  // display's work.
  const QRect covered = map.mapRect(film_zone()).toRect().adjusted(1, 1, -1, -1);
  // Rectangle by rectangle: a scene and a clock that change together must not drag the zones between along.
  for (const QRect& part : region) {
    painter.save();
    painter.setClipRect(part);
    for (const QRect& ground : QRegion(part) - covered) painter.fillRect(ground, style::paper);
    painter.setTransform(map);
    painter_.paint(painter, shape(), frame_, back.mapRect(QRectF(part)));
    painter.restore();
  }
  dirty_ -= event->region();
  painted_ = true;
}

} // namespace machiai::display
