// SPDX-License-Identifier: Apache-2.0
#include "seat/phrases.hpp"

#include <QJsonDocument>
#include <QJsonObject>

namespace machiai::seat {

std::optional<Phrases> Phrases::parse(const QByteArray& json) {
  const QJsonDocument document = QJsonDocument::fromJson(json);
  if (!document.isObject()) return std::nullopt;
  Phrases phrases;
  const QJsonObject keys = document.object();
  for (auto key = keys.begin(); key != keys.end(); ++key) {
    if (!key->isObject()) return std::nullopt;
    const QJsonObject languages = key->toObject();
    for (auto words = languages.begin(); words != languages.end(); ++words)
      phrases.words_[key.key()][words.key()] = words->toString();
  }
  return phrases;
}

QString Phrases::operator()(const QString& key, const QString& lang, const Fill& fill) const {
  const auto found = words_.constFind(key);
  if (found == words_.constEnd()) return key;
  QString words = key;
  for (const QString& choice : {lang, QStringLiteral("en"), QStringLiteral("ja")}) {
    if (const auto in = found->constFind(choice); in != found->constEnd()) {
      words = *in;
      break;
    }
  }
  for (const auto& [name, value] : fill) words.replace("{" + name + "}", value);
  return words;
}

bool Phrases::has(const QString& key, const QString& lang) const {
  const auto found = words_.constFind(key);
  return found != words_.constEnd() && found->contains(lang);
}

} // namespace machiai::seat
