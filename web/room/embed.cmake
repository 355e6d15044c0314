# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=files.cpp -DFILES="/path=file;..." -P embed.cmake: writes the files as one C++ source.
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(arrays "")
set(rows "")
set(nth 0)
foreach(pair ${FILES})
  string(REGEX MATCH "^([^=]+)=(.+)$" _ ${pair})
  set(path ${CMAKE_MATCH_1})
  set(file ${CMAKE_MATCH_2})
  string(REGEX MATCH "[a-z]+$" ending ${file})
  file(READ ${file} bytes HEX)
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND arrays "constexpr char f${nth}[] = {${bytes}};\n")
  string(APPEND rows "    {\"${path}\", \"${type_${ending}}\", {f${nth}, ${size}}},\n")
  math(EXPR nth "${nth} + 1")
endforeach()
file(WRITE ${OUT} "// SPDX-License-Identifier: Apache-2.0
#include \"web/room/files.hpp\"
namespace machiai::web {
namespace {
${arrays}constexpr File files[] = {
${rows}};
} // namespace
std::span<const File> room_files() {
  return files;
}
} // namespace machiai::web
")
