// SPDX-License-Identifier: Apache-2.0
// The words of a seat by key and language, read from a JSON file that is compiled into the program.
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace machiai::seat {

/// {"key": {"ja": "…", "en": "…"}}; a place holder is {name}.
class Phrases {
public:
  using Fill = QList<std::pair<QString, QString>>;

  /// Nothing when it is not an object of objects.
  [[nodiscard]] static std::optional<Phrases> parse(const QByteArray& json);
  /// The words in `lang`; without them in English, then in Japanese, then the key itself.
  [[nodiscard]] QString operator()(const QString& key, const QString& lang, const Fill& fill = {}) const;
  [[nodiscard]] bool has(const QString& key) const { return words_.contains(key); }
  [[nodiscard]] QStringList keys() const { return words_.keys(); }
  [[nodiscard]] bool has(const QString& key, const QString& lang) const;

private:
  QHash<QString, QHash<QString, QString>> words_;
};

} // namespace machiai::seat
