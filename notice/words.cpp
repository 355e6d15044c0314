// SPDX-License-Identifier: Apache-2.0
// From what people typed to what the notice says.
#include "core/base/clock.hpp"
#include "core/base/text.hpp"
#include "notice/page.hpp"

#include <array>

namespace machiai::notice {

using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t longest_line = 2000; // what fits is found out by setting it

/// "2026-12-29..2027-01-03" the other way round, or of one day.
bool reversed(const std::string& value) {
  const auto dots = value.find("..");
  if (dots == std::string::npos) return false;
  const auto from = base::parse_iso_date(value.substr(0, dots));
  const auto to = base::parse_iso_date(value.substr(dots + 2));
  return from && to && *to <= *from;
}

std::optional<QString> said_dates(const std::string& value, const QString& lang) {
  const auto dots = value.find("..");
  if (dots == std::string::npos) return said_date(value, lang);
  const auto from = base::parse_iso_date(value.substr(0, dots));
  const auto to = base::parse_iso_date(value.substr(dots + 2));
  if (!from || !to) return std::nullopt;
  const auto begin = said_date(value.substr(0, dots), lang), end = said_date(value.substr(dots + 2), lang);
  return lang == "en" ? *begin + QStringLiteral(" – ") + *end : *begin + QStringLiteral("〜") + *end;
}

} // namespace

std::optional<QString> said_date(const std::string& iso, const QString& lang) {
  static constexpr std::array days_ja{"日", "月", "火", "水", "木", "金", "土"};
  static constexpr std::array days_en{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months_en{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto date = base::parse_iso_date(iso);
  if (!date) return std::nullopt;
  const auto weekday = static_cast<std::size_t>(base::weekday(*date));
  const int month = std::stoi(iso.substr(5, 2)), day = std::stoi(iso.substr(8, 2));
  if (lang == "en")
    return QString::fromUtf8("%1\u00A0%2\u00A0%3")
        .arg(days_en[weekday])
        .arg(day)
        .arg(months_en[static_cast<std::size_t>(month - 1)]);
  return QString::fromUtf8("%1月%2日(%3)").arg(month).arg(day).arg(QString::fromUtf8(days_ja[weekday]));
}

Result<QString> words_of(const Field& field, const std::string& value, const QString& lang) {
  const std::string name = field.name.toStdString();
  if (value.empty()) {
    if (field.required) return fail(Error::Code::invalid, "notice_field_missing", name);
    return field.otherwise.in(lang);
  }
  QString words = QString::fromStdString(value);
  if (field.kind == Kind::text) {
    for (const QString& line : words.split(u'\n'))
      if (const auto plain = base::check_text(line.toStdString(), longest_line); !plain)
        return fail(Error::Code::invalid, plain.error().reason == "bad_text" ? "bad_text" : "notice_too_long",
                    name);
  } else {
    if (field.kind != Kind::date && reversed(value)) return fail(Error::Code::invalid, "bad_period", name);
    const auto said = field.kind == Kind::date ? said_date(value, lang) : said_dates(value, lang);
    if (!said) return fail(Error::Code::invalid, "bad_date", name);
    words = *said;
  }
  const QString& frame = field.frame.in(lang);
  return frame.isEmpty() ? words : QString(frame).replace("{}", words);
}

} // namespace machiai::notice
