// SPDX-License-Identifier: Apache-2.0
// A notice as a picture: the same code, and so the same pixels, for the preview and for the wall.
#pragma once

#include "core/base/result.hpp"
#include "notice/form.hpp"

#include <QImage>
#include <QSize>
#include <map>
#include <string>
#include <vector>

namespace machiai::notice {

struct Notice {
  std::string form;
  std::string lang = "ja";                   ///< "ja" or "en"
  std::map<std::string, std::string> fields; ///< dates in ISO 8601; '\n' breaks a line
  bool operator==(const Notice&) const = default;
};

/// Something that stands against showing it.
struct Fault {
  std::string field;
  std::string reason; ///< "unknown_field", "notice_field_missing", "bad_date", "bad_period", "bad_text",
                      ///< "notice_too_long"
  int over = 0;       ///< so many characters too long
  int fits = 0;       ///< and so many would do
  bool operator==(const Fault&) const = default;
};

/// What is wrong with it in the shape of a screen; empty: it may be shown.
[[nodiscard]] std::vector<Fault> check(const Form& form, const Notice& notice, bool standing);
/// As an error, for those who want one: invalid, with "FIELD" or "FIELD: N characters too long (M fit)" in
/// the detail.
[[nodiscard]] base::Status may_show(const Form& form, const Notice& notice, bool standing);

/// The picture in these pixels, lying or standing as they are. Errors of may_show.
[[nodiscard]] base::Result<QImage> picture(const Form& form, const Notice& notice, const QSize& size);

/// What a field shows: "12月28日(月)まで".
[[nodiscard]] base::Result<QString> words_of(const Field& field, const std::string& value,
                                             const QString& lang);

/// "2026-12-28" as a sentence says it.
[[nodiscard]] std::optional<QString> said_date(const std::string& iso, const QString& lang);

} // namespace machiai::notice
