// SPDX-License-Identifier: Apache-2.0
#include "notice/guard.hpp"

#include "notice/guards.hpp"

#include <QBuffer>
#include <QImageReader>
#include <QRegularExpression>
#include <QSet>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>
#include <optional>

namespace machiai::notice {

using base::Error;
using base::fail;
using base::Status;

namespace {

constexpr qsizetype most_bytes = 256 * 1024;
constexpr int most_elements = 2000, most_depth = 24;
constexpr qsizetype longest_value = 20'000;
constexpr qsizetype largest_picture = 200 * 1024;
constexpr int largest_side = 2048; // of a picture
constexpr double least_size = 100, most_size = 4096, largest_number = 50'000;

const QString svg_namespace = QStringLiteral("http://www.w3.org/2000/svg");
const QString xlink_namespace = QStringLiteral("http://www.w3.org/1999/xlink");

const QSet<QString>& elements() {
  static const QSet<QString> all{"svg",     "g",    "defs",     "rect",           "circle",
                                 "ellipse", "line", "polygon",  "linearGradient", "radialGradient",
                                 "stop",    "path", "polyline", "image"};
  return all;
}

/// Read by nobody: left out with all that is in them.
bool is_remark(QStringView name) {
  return name == u"title" || name == u"desc" || name == u"metadata";
}

const QSet<QString>& attributes() {
  static const QSet<QString> all{"id",
                                 "x",
                                 "y",
                                 "width",
                                 "height",
                                 "cx",
                                 "cy",
                                 "r",
                                 "rx",
                                 "ry",
                                 "fx",
                                 "fy",
                                 "x1",
                                 "y1",
                                 "x2",
                                 "y2",
                                 "points",
                                 "d",
                                 "transform",
                                 "viewBox",
                                 "offset",
                                 "gradientUnits",
                                 "gradientTransform",
                                 "spreadMethod",
                                 "preserveAspectRatio",
                                 "fill",
                                 "fill-opacity",
                                 "fill-rule",
                                 "stroke",
                                 "stroke-width",
                                 "stroke-linecap",
                                 "stroke-linejoin",
                                 "stroke-opacity",
                                 "stroke-dasharray",
                                 "stroke-dashoffset",
                                 "stroke-miterlimit",
                                 "opacity",
                                 "stop-color",
                                 "stop-opacity"};
  return all;
}

/// Copies what is allowed and remembers the marks; stops at the first thing that is not.
class Doorkeeper {
public:
  explicit Doorkeeper(const QByteArray& svg) : in_(svg), out_(&drawing_.svg) {}

  base::Result<Drawing> run() {
    while (!in_.atEnd()) MACHIAI_TRY(token(in_.readNext()));
    if (in_.hasError()) return no("template_unreadable", in_.errorString());
    if (!drawing_.size.isValid()) return no("template_unreadable", "no svg element");
    return std::move(drawing_);
  }

private:
  tl::unexpected<Error> no(const char* reason, const QString& what) const {
    return tl::unexpected(
        Error{Error::Code::invalid, reason,
              QString("line %1: %2").arg(in_.lineNumber()).arg(what.left(80)).toStdString()});
  }

  Status token(QXmlStreamReader::TokenType type) {
    switch (type) {
    case QXmlStreamReader::DTD: return entity("a document type");
    case QXmlStreamReader::EntityReference: return entity("an entity");
    case QXmlStreamReader::ProcessingInstruction: return entity("a processing instruction");
    case QXmlStreamReader::StartElement: return begin();
    case QXmlStreamReader::EndElement: return end();
    case QXmlStreamReader::Characters:
      // Words stand in fields, where they are measured.
      if (!in_.isWhitespace()) return no("template_element", "text outside a field");
      return {};
    default: return {}; // remarks go, and errors are told at the end
    }
  }

  [[nodiscard]] Status entity(const QString& what) const {
    if (guard_on(Guard::entities)) return no("template_entity", what);
    return {};
  }

  Status begin() {
    const QString name = in_.name().toString();
    if (stops(Guard::size, ++count_ > most_elements)) return no("template_too_large", "too many elements");
    if (stops(Guard::size, ++depth_ > most_depth)) return no("template_too_large", "nested too deeply");
    if (in_.namespaceUri() == QLatin1String(marks_namespace)) return mark(name);
    if (stops(Guard::scripts, name.compare(u"script", Qt::CaseInsensitive) == 0))
      return no("template_script", name);
    if (in_.namespaceUri() != svg_namespace) return no("template_element", name);
    if (is_remark(name)) {
      in_.skipCurrentElement();
      --depth_;
      return {};
    }
    if (stops(Guard::elements, !elements().contains(name))) return no("template_element", name);
    const bool root = depth_ == 1;
    if (root != (name == "svg")) return no("template_element", name);
    if (root) MACHIAI_TRY(measure());
    out_.writeStartElement(name);
    if (root) {
      out_.writeDefaultNamespace(svg_namespace);
      out_.writeNamespace(xlink_namespace, "xlink");
    }
    for (const QXmlStreamAttribute& each : in_.attributes()) MACHIAI_TRY(attribute(name, each));
    return {};
  }

  Status end() {
    --depth_;
    if (in_.namespaceUri() == QLatin1String(marks_namespace)) {
      open_ = open_ < 0 ? -1 : drawing_.marks[static_cast<std::size_t>(open_)].parent;
      return {};
    }
    out_.writeEndElement();
    return {};
  }

  Status mark(const QString& name) {
    if (depth_ < 2) return no("template_unreadable", "no svg element");
    Mark made{name, {}, open_, in_.lineNumber()};
    for (const QXmlStreamAttribute& each : in_.attributes()) {
      if (each.value().size() > longest_value) return no("template_too_large", each.name().toString());
      made.attributes.insert(each.name().toString(), each.value().toString());
    }
    open_ = static_cast<int>(drawing_.marks.size());
    drawing_.marks.push_back(std::move(made));
    return {};
  }

  /// The root says how large it is, and begins at 0,0.
  Status measure() {
    const QStringList box =
        in_.attributes().value("viewBox").toString().split(QRegularExpression("[ ,]+"), Qt::SkipEmptyParts);
    if (box.size() != 4 || box[0].toDouble() != 0 || box[1].toDouble() != 0)
      return no("template_unreadable", "a viewBox \"0 0 WIDTH HEIGHT\" is needed");
    const double wide = box[2].toDouble(), high = box[3].toDouble();
    if (stops(Guard::size,
              !(wide >= least_size && high >= least_size && wide <= most_size && high <= most_size)))
      return no("template_too_large", "viewBox");
    drawing_.size = {wide, high};
    return {};
  }

  Status attribute(const QString& element, const QXmlStreamAttribute& given) {
    const QString name = given.name().toString();
    const QString value = given.value().toString();
    if (stops(Guard::scripts, name.startsWith(u"on", Qt::CaseInsensitive)))
      return no("template_script", name);
    if (name == "href" || given.namespaceUri() == xlink_namespace) return link(element, name, value);
    if (!given.namespaceUri().isEmpty()) return {}; // an editor's own
    if (value.size() > longest_value) return no("template_too_large", name);
    if (name == "style") return style(value);
    return property(name, value);
  }

  /// "fill:#fff;stroke:none": each as an attribute of its own.
  Status style(const QString& text) {
    for (const QString& part : text.split(u';', Qt::SkipEmptyParts)) {
      const qsizetype colon = part.indexOf(u':');
      if (colon < 0) return no("template_unreadable", "style");
      MACHIAI_TRY(property(part.left(colon).trimmed(), part.mid(colon + 1).trimmed()));
    }
    return {};
  }

  Status property(const QString& name, const QString& value) {
    static const QRegularExpression own("^url\\(#[A-Za-z0-9_-]{1,40}\\)$");
    static const QRegularExpression outside("url\\s*\\(|://|data:|@import|expression\\s*\\(",
                                            QRegularExpression::CaseInsensitiveOption);
    if (stops(Guard::scripts, value.contains("javascript:", Qt::CaseInsensitive)))
      return no("template_script", name);
    if (stops(Guard::links, value.contains(outside) && !own.match(value).hasMatch()))
      return no("template_link", name);
    if (!attributes().contains(name)) return {};
    MACHIAI_TRY(numbers(name, value));
    out_.writeAttribute(name, value);
    return {};
  }

  Status numbers(const QString& name, const QString& value) const {
    static const QRegularExpression number("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    if (value.startsWith(u'#')) return {};
    for (auto each = number.globalMatch(value); each.hasNext();)
      if (stops(Guard::size, !(std::abs(each.next().captured().toDouble()) <= largest_number)))
        return no("template_too_large", name);
    return {};
  }

  /// The one thing that may be named is a picture inside the file.
  Status link(const QString& element, const QString& name, const QString& value) {
    if (stops(Guard::links, element != "image" || name != "href")) return no("template_link", name);
    for (const char* kind : {"data:image/png;base64,", "data:image/jpeg;base64,"})
      if (value.startsWith(QLatin1String(kind)))
        return picture(value, QByteArray::fromBase64(value.mid(qsizetype(qstrlen(kind))).toLatin1()));
    if (value.startsWith("data:")) return refused_picture(value);
    if (guard_on(Guard::links)) return no("template_link", value);
    return {};
  }

  [[nodiscard]] Status refused_picture(const QString& what) const {
    if (guard_on(Guard::pictures)) return no("template_picture", what);
    return {};
  }

  Status picture(const QString& value, QByteArray bytes) {
    if (stops(Guard::size, bytes.size() > largest_picture)) return no("template_too_large", "a picture");
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer);
    const QSize size = reader.size();
    const QByteArray format = reader.format();
    if (stops(Guard::size, size.width() > largest_side || size.height() > largest_side))
      return no("template_too_large", "a picture");
    if ((format != "png" && format != "jpeg") || reader.read().isNull())
      return refused_picture("it cannot be read");
    out_.writeAttribute("xlink:href", value);
    return {};
  }

  QXmlStreamReader in_;
  Drawing drawing_;
  QXmlStreamWriter out_;
  int count_ = 0, depth_ = 0, open_ = -1;
};

} // namespace

base::Result<Drawing> let_in(const QByteArray& svg) {
  if (stops(Guard::size, svg.size() > most_bytes))
    return fail(Error::Code::invalid, "template_too_large", std::to_string(svg.size()) + " bytes");
  return Doorkeeper(svg).run();
}

} // namespace machiai::notice
