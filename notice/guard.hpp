// SPDX-License-Identifier: Apache-2.0
// What of an SVG is let in. A template is copied piece by piece from a list of what is allowed: no script, no
// link, no entity, no foreign content ever reaches the code that draws.
#pragma once

#include "core/base/result.hpp"

#include <QByteArray>
#include <QHash>
#include <QSizeF>
#include <QString>
#include <vector>

namespace machiai::notice {

/// The namespace of what says where words stand (docs/NOTICES.md).
inline constexpr const char* marks_namespace = "urn:machiai:notice";

/// One element of that namespace.
struct Mark {
  QString name;
  QHash<QString, QString> attributes;
  int parent = -1; ///< index of the mark it lies in
  qint64 line = 0;
};

struct Drawing {
  QSizeF size;    ///< of its viewBox, which begins at 0,0
  QByteArray svg; ///< the copy, without the marks
  std::vector<Mark> marks;
};

/// Errors, all invalid, with "line N: what" in the detail: "template_unreadable", "template_script",
/// "template_link", "template_entity", "template_element", "template_picture", "template_too_large".
[[nodiscard]] base::Result<Drawing> let_in(const QByteArray& svg);

} // namespace machiai::notice
