// SPDX-License-Identifier: Apache-2.0
#include "display/memory.hpp"
#include "fixture.hpp"

#include <QTemporaryDir>

using namespace machiai;
using namespace machiai::display;

TEST_CASE("a display remembers its last view and the last call it announced") {
  const QTemporaryDir dir;
  const QString path = dir.filePath("state/display-1.json");
  CHECK_FALSE(load_memory(path).view);
  const auto loaded = fixture::board("board-landscape");
  REQUIRE(save_memory(path, {{412, 1764034260000}, loaded.view, 1764034320000}).has_value());
  const Memory memory = load_memory(path);
  CHECK(memory.announced == Announced{412, 1764034260000});
  CHECK(memory.view_at_ms == 1764034320000);
  REQUIRE(memory.view);
  CHECK(wire::to_json(*memory.view) == wire::to_json(loaded.view));
}

TEST_CASE("a damaged memory is an empty one") {
  const QTemporaryDir dir;
  const QString path = dir.filePath("display-1.json");
  for (const char* text :
       {"", "{", "[]", "{\"announced\":\"x\",\"view\":{}}", "{\"announced\":-1,\"view\":7}"}) {
    QFile file(path);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    const Memory memory = load_memory(path);
    CHECK(memory.announced == Announced{});
    CHECK_FALSE(memory.view);
  }
}

TEST_CASE("a memory that cannot be written says so") {
  const auto status = save_memory("/proc/none/display-1.json", Memory{});
  REQUIRE_FALSE(status);
  CHECK(status.error().reason == "state_not_saved");
}
