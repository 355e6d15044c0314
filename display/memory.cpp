// SPDX-License-Identifier: Apache-2.0
#include "display/memory.hpp"

#include "core/wire/views.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace machiai::display {

namespace json = boost::json;

namespace {

template <class T> T number_or_zero(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const T number = value->to_number<T>(error);
  return error ? T{0} : number;
}

} // namespace

Memory load_memory(const QString& path) {
  Memory memory;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return memory;
  boost::system::error_code error;
  const json::value value = json::parse(file.readAll().toStdString(), error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return memory;
  memory.announced.call = number_or_zero<std::uint64_t>(*object, "announced");
  memory.announced.at_ms = number_or_zero<std::int64_t>(*object, "announced_at");
  memory.view_at_ms = number_or_zero<std::int64_t>(*object, "view_at");
  const json::value* view = object->if_contains("view");
  if (view == nullptr || !view->is_object()) return memory;
  if (auto board = wire::board_from_json(view->get_object())) memory.view = std::move(*board);
  return memory;
}

base::Status save_memory(const QString& path, const Memory& memory) {
  json::object object{{"announced", memory.announced.call},
                      {"announced_at", memory.announced.at_ms},
                      {"view_at", memory.view_at_ms}};
  if (memory.view) object["view"] = wire::to_json(*memory.view);
  QDir().mkpath(QFileInfo(path).path());
  QSaveFile file(path);
  const std::string text = json::serialize(object) + "\n";
  if (!file.open(QIODevice::WriteOnly) ||
      file.write(text.data(), qint64(text.size())) != qint64(text.size()) || !file.commit())
    return base::fail(base::Error::Code::storage, "state_not_saved");
  return {};
}

} // namespace machiai::display
