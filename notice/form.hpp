// SPDX-License-Identifier: Apache-2.0
// A template: what it is called, the fields people fill in, and one design lying or standing, or both. The
// form of the files is told in docs/NOTICES.md.
#pragma once

#include "core/base/result.hpp"

#include <QByteArray>
#include <QColor>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <optional>
#include <string>
#include <vector>

namespace machiai::notice {

/// Words in the two languages of a notice.
struct Both {
  QString ja, en;
  [[nodiscard]] const QString& in(const QString& lang) const { return lang == "en" ? en : ja; }
};

enum class Kind {
  text,
  date,  ///< 2026-12-28
  dates, ///< 2026-12-29..2027-01-03, or one date
};

struct Field {
  QString name;
  Both label;
  Kind kind = Kind::text;
  bool required = false;
  Both otherwise; ///< what stands when nothing was given
  Both frame;     ///< "{}まで"; empty: the words alone
};

/// Where one field, or a bar, stands in its column.
struct Piece {
  QString field; ///< empty: a bar
  double size = 60, least = 44;
  int lines = 1;
  bool bold = false;
  QColor colour;
  QSizeF bar;
};

struct Column {
  QRectF box;
  double gap = 24;
  std::vector<Piece> pieces;
};

/// The upright name board.
struct Spine {
  QRectF box;
  double size = 88;
  QColor colour;
  Both words;
};

struct Design {
  QSizeF size;
  QByteArray drawing;
  QColor ground; ///< beside the design, where a screen has another shape
  std::vector<Spine> spines;
  std::vector<Column> columns;
};

struct Form {
  std::string id;
  Both title;
  std::vector<Field> fields;
  std::optional<Design> lying, standing; ///< one at least
};

/// Reads one file, or both shapes of a template; an empty one is not there. Errors of let_in, and invalid
/// "template_spec" with "line N: what".
[[nodiscard]] base::Result<Form> form_of(std::string id, const QByteArray& lying, const QByteArray& standing);

/// The templates that come with Machiai, in the order in which people choose.
[[nodiscard]] std::vector<std::string> own_forms();
/// One of them, or NAME.svg and NAME-portrait.svg of `directory` (the clinic's own; may be empty), which come
/// first. Errors of form_of; not_found "unknown_template".
[[nodiscard]] base::Result<Form> find_form(const std::string& id, const QString& directory);
/// Names of the clinic's own and of ours.
[[nodiscard]] std::vector<std::string> all_forms(const QString& directory);

} // namespace machiai::notice
