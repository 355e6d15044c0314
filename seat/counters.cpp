// SPDX-License-Identifier: Apache-2.0
#include "seat/counters.hpp"

#include "seat/phrases.hpp"

#include <QFile>
#include <algorithm>

// A static library's resources are only linked in when somebody names them.
static void load_counters() {
  Q_INIT_RESOURCE(look);
}

namespace machiai::seat {

namespace {

const Phrases& usual() {
  static const Phrases table = [] {
    load_counters();
    QFile file(":/look/counters.json");
    const QByteArray json = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
    return Phrases::parse(json).value_or(Phrases{});
  }();
  return table;
}

bool has_kanji(const QString& words) {
  return std::any_of(words.begin(), words.end(),
                     [](QChar c) { return c.unicode() >= 0x3400 && c.unicode() <= 0x9FFF; });
}

} // namespace

QString counter_name(const QString& ja, const QString& en, const QString& reading, const QString& lang) {
  if (lang == "ja") return ja;
  if (lang == "easy" && !has_kanji(ja)) return ja;
  if (lang == "easy" && !reading.isEmpty()) return reading;
  if (lang == "en" && !en.isEmpty()) return en;
  if (usual().has(ja, lang)) return usual()(ja, lang);
  const bool reads_kanji = lang == "easy" || lang == "zh";
  return reads_kanji || en.isEmpty() ? ja : en;
}

QString room_name(const QString& ja, const QString& en, const QString& reading, const QString& lang) {
  if (lang == "ja" || lang == "zh") return ja;
  if (lang != "easy") return en.isEmpty() ? ja : en;
  if (reading.isEmpty()) return ja;
  // A reading is written for the voice: "しんさつしつ、いち". The number of a room is read from its digits.
  qsizetype digits = ja.size();
  while (digits > 0 && ja[digits - 1].isDigit()) --digits;
  const qsizetype last = reading.lastIndexOf(u'、');
  QString text = last >= 0 && digits < ja.size() ? reading.left(last) + ja.mid(digits) : reading;
  return text.replace(u'、', u' ');
}

} // namespace machiai::seat
