// SPDX-License-Identifier: Apache-2.0
// Every line of every board: inside its zone, clear of the others, and large enough to be read from its
// chair.
#include "frames.hpp"

#include <set>

using namespace machiai;
using namespace machiai::display;
using fixture::FrameOf;

namespace {

constexpr double least_px = 44;      // looks/tokens: nothing on the board below 44 px
constexpr double least_squeeze = .8; // narrower than this a word is no longer read at a glance

/// What is wrong with the lines of a frame, in words; empty: nothing.
std::vector<std::string> faults(const Frame& frame, Shape shape) {
  std::vector<std::string> found;
  const auto lines = fixture::lines_of(frame, shape);
  const auto zones = fixture::zones(frame, shape);
  const auto blame = [&](const style::Said& line, const std::string& what) {
    found.push_back("'" + line.text.toStdString() + "' " + what);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (line.px < least_px) blame(line, "is small: " + std::to_string(line.px));
    if (line.text.endsWith(u'…')) blame(line, "is cut");
    if (line.squeeze < least_squeeze) blame(line, "is squeezed: " + std::to_string(line.squeeze));
    const bool inside = std::any_of(zones.begin(), zones.end(), [&](const QRectF& zone) {
      return zone.adjusted(-1, -1, 1, 1).contains(line.ink);
    });
    if (!inside) blame(line, "is outside its zone");
    for (std::size_t k = i + 1; k < lines.size(); ++k) {
      const QRectF both = line.ink & lines[k].ink;
      if (both.width() > 3 && both.height() > 3) blame(line, "lies on '" + lines[k].text.toStdString() + "'");
    }
  }
  if (lines.empty()) found.emplace_back("nothing is said");
  return found;
}

/// Each fault once, with the first frame it was found in.
class Findings {
public:
  void look(const Frame& frame, Shape shape, const std::string& where) {
    for (const auto& fault : faults(frame, shape))
      if (seen_.insert(fault).second) text_ += fault + "  [" + where + "]\n";
  }
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  std::set<std::string> seen_;
  std::string text_;
};

std::string place(Shape shape, Lang lang, std::size_t services, std::size_t rooms) {
  constexpr const char* names[] = {"landscape", "portrait", "queue only"};
  return std::string(names[static_cast<int>(shape)]) + " " + std::string(code_of(lang)) + " " +
         std::to_string(services) + " services " + std::to_string(rooms) + " rooms";
}

} // namespace

TEST_CASE("one to six services and one to eight rooms, in each shape: no line cut, covered or too small") {
  Findings findings;
  for (const Shape shape : fixture::all_shapes)
    for (std::size_t services = 1; services <= 6; ++services)
      for (std::size_t rooms = 1; rooms <= 8; ++rooms)
        for (const bool called : {false, true})
          for (const std::int64_t page : {0, 8'000, 16'000}) {
            const auto loaded = fixture::busy(services, rooms);
            FrameOf how{shape, {Lang::ja}, page, 0, called};
            findings.look(fixture::frame_of(loaded, how), shape, place(shape, Lang::ja, services, rooms));
          }
  CHECK(findings.text() == "");
}

TEST_CASE("every state in every language fits its boxes") {
  Findings findings;
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : all_langs)
      for (const char* name :
           {"board-landscape", "board-six", "board-before", "board-closed", "board-closed-day"})
        for (const std::int64_t age : {0, 45'000, 600'000, 2'400'000})
          for (const bool called : {false, true})
            for (const std::int64_t page : {0, 12'000, 24'000}) {
              const auto loaded = fixture::board(name);
              const FrameOf how{shape, {lang}, page, age, called};
              findings.look(fixture::frame_of(loaded, how), shape,
                            place(shape, lang, 0, 0) + " " + name + " age " + std::to_string(age));
            }
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : all_langs) {
      Input input;
      set_langs(input, {lang});
      Frame frame;
      frame.board = make_board(input, false);
      findings.look(frame, shape, place(shape, lang, 0, 0) + " connecting");
    }
  CHECK(findings.text() == "");
}

TEST_CASE("an opening of another date fits the call in every language") {
  Findings findings;
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : all_langs)
      for (const char* state : {"before", "closed"})
        for (const std::size_t services : {1, 2}) {
          auto loaded = fixture::board("board-closed");
          loaded.view.state = state;
          queue::ServiceView service;
          service.name = {"内科", "Internal medicine", "ないか"};
          service.state = state;
          service.opens_at = "10:30";
          service.opens_on = "2025-12-24";
          loaded.view.services.assign(services, service);
          findings.look(fixture::frame_of(loaded, {shape, {lang}, 0, 0, false}), shape,
                        place(shape, lang, services, 0) + " " + state);
        }
  CHECK(findings.text() == "");
}

TEST_CASE("a pause fits the call in every language") {
  Findings findings;
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : all_langs) {
      auto loaded = fixture::board("board-closed");
      queue::ServiceView service;
      service.name = {"内科", "Internal medicine", "ないか"};
      service.state = "closed";
      service.closes_at = "12:00";
      loaded.view.services = {service};
      findings.look(fixture::frame_of(loaded, {shape, {lang}, 0, 0, false}), shape,
                    place(shape, lang, 1, 0) + " paused");
    }
  CHECK(findings.text() == "");
}

TEST_CASE("a long room name stands in two lines or ends, and is never condensed beyond reading") {
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : {Lang::ja, Lang::easy, Lang::en}) {
      auto loaded = fixture::board("board-landscape");
      const queue::Label name{"第一診察室（循環器内科）", "Consultation room 1 (cardiology)",
                              "だいいちしんさつしつ、じゅんかんきないか"};
      loaded.view.rooms[0].name = name;
      for (auto& call : loaded.view.calls) call.room_name = name;
      for (const auto& line :
           fixture::lines_of(fixture::frame_of(loaded, {shape, {lang}, 0, 0, true}), shape)) {
        INFO(place(shape, lang, 0, 0) << " " << line.text.toStdString());
        CHECK(line.squeeze >= .69);
      }
    }
}

TEST_CASE("open counters without anybody fit the call and the band in every language") {
  Findings findings;
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : all_langs)
      for (const bool full : {false, true})
        for (const std::size_t services : {1, 2}) {
          auto loaded = fixture::board("board-before");
          loaded.view.state = "open";
          loaded.view.waiting = 0;
          loaded.view.next.clear();
          queue::ServiceView service;
          service.name = {"内科", "Internal medicine", "ないか"};
          service.state = "open";
          service.full = full;
          loaded.view.services.assign(services, service);
          findings.look(fixture::frame_of(loaded, {shape, {lang}, 0, 0, false}), shape,
                        place(shape, lang, services, 0) + " open");
        }
  CHECK(findings.text() == "");
}

TEST_CASE("how many more are absent stands whole on its stone in every language") {
  Findings findings;
  for (const Shape shape : {Shape::landscape, Shape::portrait})
    for (const Lang lang : all_langs)
      for (const int more : {1, 2, 3, 9, 28, 94}) {
        auto loaded = fixture::board("board-landscape");
        loaded.view.services.resize(1);
        loaded.view.services.front().state = "open";
        loaded.view.services.front().absent = static_cast<int>(loaded.view.absent.size()) + more;
        for (const std::int64_t page : {0, 8'000, 16'000}) // the last of two numbers and the words
          findings.look(fixture::frame_of(loaded, {shape, {lang}, page, 0, false}), shape,
                        place(shape, lang, 1, 0) + " " + std::to_string(more) + " more");
      }
  CHECK(findings.text() == "");
}

TEST_CASE("the reasons of two neighbours never run together, in any language") {
  std::vector<std::string> reasons{"booking", "test", "hold", "urgent", "transfer", "walk_in_place", "skip"};
  for (const Shape shape : fixture::all_shapes)
    for (const Lang lang : all_langs)
      for (std::size_t turn = 0; turn < reasons.size(); ++turn) {
        std::rotate(reasons.begin(), reasons.begin() + 1, reasons.end());
        auto loaded = fixture::board("board-landscape");
        auto& next = loaded.view.next;
        REQUIRE_FALSE(next.empty());
        next.resize(5, next.front());
        QStringList tags;
        for (std::size_t i = 0; i < next.size(); ++i) {
          next[i].reason = reasons[i];
          tags << style::text(reason_tag(reasons[i], lang));
        }
        std::vector<style::Said> said;
        for (const auto& line :
             fixture::lines_of(fixture::frame_of(loaded, {shape, {lang}, 0, 0, false}), shape))
          if (line.px == 44 && tags.contains(line.text)) said.push_back(line);
        CHECK(said.size() >= 2);
        for (const auto& one : said) {
          INFO(code_of(lang) << " " << one.text.toStdString() << " " << one.squeeze);
          CHECK(one.squeeze >= .75);
          for (const auto& other : said)
            if (other.ink.left() > one.ink.left()) CHECK(other.ink.left() - one.ink.right() >= 16);
        }
      }
}

TEST_CASE("a name that no wall can show is found by the same measure") {
  auto loaded = fixture::busy(2, 3);
  loaded.view.rooms[0].name.ja = "内視鏡検査および超音波検査のための第二検査室";
  CHECK_FALSE(faults(fixture::frame_of(loaded, {}), Shape::landscape).empty());
  // And a number over another's place.
  Frame frame = fixture::frame_of(fixture::busy(1, 3), {});
  frame.board.call.below = std::string(60, 'W');
  CHECK_FALSE(faults(frame, Shape::landscape).empty());
}

TEST_CASE("zones of boards of several services stay inside the screen and apart from each other") {
  for (const Shape shape : fixture::all_shapes)
    for (const Face face : {Face::before, Face::calling})
      for (const double widen : {0.0, .5, 1.0}) {
        const Layout l = layout_of(shape, face, widen, true);
        const std::vector<QRectF> zones{l.film,  l.call,   l.next,     l.notice,
                                        l.rooms, l.absent, l.previous, l.band};
        for (std::size_t i = 0; i < zones.size(); ++i) {
          if (zones[i].isEmpty()) continue;
          CHECK(QRectF(QPointF(), l.design).contains(zones[i]));
          for (std::size_t k = i + 1; k < zones.size(); ++k) CHECK_FALSE(zones[i].intersects(zones[k]));
        }
        if (!l.film.isEmpty()) CHECK(l.film.width() / l.film.height() == Approx(16.0 / 9).epsilon(.01));
      }
}

TEST_CASE("the called number is never below 101 mm on a 43-inch panel") {
  for (const Shape shape : fixture::all_shapes)
    for (const bool several : {false, true})
      for (const double widen : {0.0, 1.0}) CHECK(call_sizes(shape, widen, several).number >= 240);
}
