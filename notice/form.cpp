// SPDX-License-Identifier: Apache-2.0
#include "notice/form.hpp"

#include "core/base/text.hpp"
#include "notice/guard.hpp"

#include <QDir>
#include <QFile>
#include <algorithm>

// A static library's resources are only linked in when somebody names them.
static void load_resources() {
  Q_INIT_RESOURCE(notice);
}

namespace machiai::notice {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t most_fields = 8;
constexpr std::size_t longest_id = 32;
constexpr double least_px = 10, most_px = 400;
constexpr int most_lines = 12;
constexpr qint64 most_read = 1 << 20;

/// Reads the marks of one design.
class Reader {
public:
  Reader(const Drawing& drawing, Form& form, bool first) : drawing_(drawing), form_(form), first_(first) {}

  Result<Design> run() {
    design_.size = drawing_.size;
    design_.drawing = drawing_.svg;
    design_.ground = QColor(Qt::white);
    for (const Mark& mark : drawing_.marks) MACHIAI_TRY(read(mark));
    if (design_.columns.empty()) return no({}, "no column");
    return std::move(design_);
  }

private:
  static tl::unexpected<Error> no(const Mark& mark, const QString& what) {
    return fail(Error::Code::invalid, "template_spec",
                QString("line %1: %2 %3").arg(mark.line).arg(mark.name, what.left(60)).toStdString());
  }

  Status read(const Mark& mark) {
    if (mark.name == "template") return head(mark);
    if (mark.name == "spine") return spine(mark);
    if (mark.name == "column") return column(mark);
    if (mark.name != "field" && mark.name != "bar") return no(mark, "is unknown");
    const bool inside = mark.parent >= 0 && drawing_.marks[std::size_t(mark.parent)].name == "column";
    if (!inside) return no(mark, "stands in no column");
    return mark.name == "field" ? field(mark) : bar(mark);
  }

  Status head(const Mark& mark) {
    if (first_) form_.title = both(mark, "");
    if (mark.attributes.contains("ground")) {
      const auto ground = colour(mark, "ground");
      MACHIAI_TRY(ground);
      design_.ground = *ground;
    }
    return {};
  }

  Status spine(const Mark& mark) {
    const auto box = box_of(mark);
    MACHIAI_TRY(box);
    const auto size = number(mark, "size", 88, least_px, most_px);
    MACHIAI_TRY(size);
    const auto fill = colour(mark, "fill");
    MACHIAI_TRY(fill);
    design_.spines.push_back({*box, *size, *fill, both(mark, "")});
    return {};
  }

  Status column(const Mark& mark) {
    const auto box = box_of(mark);
    MACHIAI_TRY(box);
    const auto gap = number(mark, "gap", 24, 0, most_px);
    MACHIAI_TRY(gap);
    design_.columns.push_back({*box, *gap, {}});
    return {};
  }

  Status bar(const Mark& mark) {
    const auto wide = number(mark, "width", 110, 1, design_.size.width());
    MACHIAI_TRY(wide);
    const auto high = number(mark, "height", 8, 1, most_px);
    MACHIAI_TRY(high);
    const auto fill = colour(mark, "fill");
    MACHIAI_TRY(fill);
    Piece piece;
    piece.bar = {*wide, *high};
    piece.colour = *fill;
    design_.columns.back().pieces.push_back(piece);
    return {};
  }

  Status field(const Mark& mark) {
    Piece piece;
    piece.field = mark.attributes.value("name");
    if (!base::is_plain_id(piece.field.toStdString(), longest_id)) return no(mark, "needs a name");
    const auto size = number(mark, "size", 60, least_px, most_px);
    MACHIAI_TRY(size);
    const auto least = number(mark, "least", *size, least_px, *size);
    MACHIAI_TRY(least);
    const auto lines = number(mark, "lines", 1, 1, most_lines);
    MACHIAI_TRY(lines);
    const auto fill = colour(mark, "fill");
    MACHIAI_TRY(fill);
    piece.size = *size;
    piece.least = *least;
    piece.lines = static_cast<int>(*lines);
    piece.bold = mark.attributes.value("bold") == "yes";
    piece.colour = *fill;
    const bool twice = std::any_of(design_.columns.begin(), design_.columns.end(), [&](const Column& each) {
      return std::any_of(each.pieces.begin(), each.pieces.end(),
                         [&](const Piece& other) { return other.field == piece.field; });
    });
    if (twice) return no(mark, "stands here twice");
    design_.columns.back().pieces.push_back(piece);
    return first_ ? define(mark) : known(mark);
  }

  /// The lying design tells what the fields are; the standing one only places them.
  Status define(const Mark& mark) {
    Field made;
    made.name = mark.attributes.value("name");
    made.label = both(mark, "");
    made.otherwise = both(mark, "-default");
    made.frame = both(mark, "-form");
    made.required = mark.attributes.value("required") == "yes";
    const QString type = mark.attributes.value("type", "text");
    if (type != "text" && type != "date" && type != "dates") return no(mark, "type is text, date or dates");
    made.kind = type == "date" ? Kind::date : type == "dates" ? Kind::dates : Kind::text;
    for (const QString& frame : {made.frame.ja, made.frame.en})
      if (!frame.isEmpty() && frame.count("{}") != 1) return no(mark, "a form holds {} once");
    if (made.label.ja.isEmpty() || made.label.en.isEmpty()) return no(mark, "needs ja and en");
    if (form_.fields.size() >= most_fields) return no(mark, "is one too many");
    form_.fields.push_back(std::move(made));
    return {};
  }

  Status known(const Mark& mark) const {
    const QString name = mark.attributes.value("name");
    const bool is = std::any_of(form_.fields.begin(), form_.fields.end(),
                                [&](const Field& each) { return each.name == name; });
    return is ? Status{} : no(mark, "is not in the other shape");
  }

  static Both both(const Mark& mark, const QString& what) {
    return {mark.attributes.value("ja" + what), mark.attributes.value("en" + what)};
  }

  static Result<double> number(const Mark& mark, const QString& name, double otherwise, double least,
                               double most) {
    if (!mark.attributes.contains(name)) return otherwise;
    bool is = false;
    const double value = mark.attributes.value(name).toDouble(&is);
    if (!is || !(value >= least && value <= most)) return no(mark, name);
    return value;
  }

  static Result<QColor> colour(const Mark& mark, const QString& name) {
    const QColor given(mark.attributes.value(name));
    if (!given.isValid()) return no(mark, name);
    return given;
  }

  [[nodiscard]] Result<QRectF> box_of(const Mark& mark) const {
    double side[4] = {};
    const char* names[] = {"x", "y", "width", "height"};
    for (int i = 0; i < 4; ++i) {
      if (!mark.attributes.contains(names[i])) return no(mark, names[i]);
      const auto value = number(mark, names[i], 0, 0, std::max(design_.size.width(), design_.size.height()));
      MACHIAI_TRY(value);
      side[i] = *value;
    }
    const QRectF box(side[0], side[1], side[2], side[3]);
    if (box.isEmpty() || !QRectF(QPointF(), design_.size).contains(box))
      return no(mark, "leaves the picture");
    return box;
  }

  const Drawing& drawing_;
  Form& form_;
  bool first_;
  Design design_;
};

QByteArray bytes_of(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.read(most_read) : QByteArray();
}

Result<Form> read_form(const std::string& id, const QString& base_path) {
  const QByteArray lying = bytes_of(base_path + ".svg");
  const QByteArray standing = bytes_of(base_path + "-portrait.svg");
  if (lying.isEmpty() && standing.isEmpty()) return fail(Error::Code::not_found, "unknown_template", id);
  return form_of(id, lying, standing);
}

} // namespace

Result<Form> form_of(std::string id, const QByteArray& lying, const QByteArray& standing) {
  Form form;
  form.id = std::move(id);
  for (const auto& [svg, design] : {std::pair{&lying, &form.lying}, {&standing, &form.standing}}) {
    if (svg->isEmpty()) continue;
    const auto drawing = let_in(*svg);
    MACHIAI_TRY(drawing);
    auto made = Reader(*drawing, form, form.fields.empty()).run();
    MACHIAI_TRY(made);
    *design = std::move(*made);
  }
  if (form.fields.empty()) return fail(Error::Code::invalid, "template_spec", "no field");
  if (form.title.ja.isEmpty())
    form.title = {QString::fromStdString(form.id), QString::fromStdString(form.id)};
  return form;
}

std::vector<std::string> own_forms() {
  return {"closure", "hours", "vaccination", "doctor", "request", "free"};
}

Result<Form> find_form(const std::string& id, const QString& directory) {
  if (!base::is_plain_id(id, longest_id) || id.front() == '.')
    return fail(Error::Code::not_found, "unknown_template");
  const QString name = QString::fromStdString(id);
  if (!directory.isEmpty()) {
    auto theirs = read_form(id, QDir(directory).filePath(name));
    if (theirs || theirs.error().reason != "unknown_template") return theirs;
  }
  load_resources();
  return read_form(id, ":/templates/" + name);
}

std::vector<std::string> all_forms(const QString& directory) {
  std::vector<std::string> names = own_forms();
  if (directory.isEmpty()) return names;
  for (const QString& file : QDir(directory).entryList({"*.svg"}, QDir::Files, QDir::Name)) {
    const std::string id = file.chopped(4).toStdString();
    const bool second =
        file.endsWith("-portrait.svg") && QFile::exists(QDir(directory).filePath(file.chopped(13) + ".svg"));
    if (!second && std::find(names.begin(), names.end(), id) == names.end()) names.push_back(id);
  }
  return names;
}

} // namespace machiai::notice
