# SPDX-License-Identifier: Apache-2.0
# Headers of libraries that the files of a kind begin with are parsed once. Every file still names what it
# uses: -DMACHIAI_PRECOMPILE=OFF compiles each by itself.
option(MACHIAI_PRECOMPILE "Parse the libraries' headers once" ON)

function(machiai_headers kind)
  cmake_parse_arguments(HEADERS "" "" "LINK;FILES" ${ARGN})
  add_library(headers_${kind} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompile.cpp)
  target_link_libraries(headers_${kind} PRIVATE machiai_flags ${HEADERS_LINK})
  target_precompile_headers(headers_${kind} PRIVATE ${HEADERS_FILES})
  set(headers_${kind}_link ${HEADERS_LINK} PARENT_SCOPE)
endfunction()

# machiai_precompile(KIND TARGETS...). From a precompiled header g++ 12 no longer knows that the strings' own code is the
# system's, and warns of it (GCC bug 105651).
function(machiai_precompile kind)
  if(MACHIAI_PRECOMPILE)
    foreach(target ${ARGN})
      target_precompile_headers(${target} REUSE_FROM headers_${kind})
      target_link_libraries(${target} PRIVATE ${headers_${kind}_link}) # their macros have to be the same
      target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
    endforeach()
  endif()
endfunction()

set(plain <algorithm> <array> <charconv> <chrono> <cmath> <cstdint> <deque> <filesystem> <functional> <map> <memory>
          <optional> <set> <string> <string_view> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
set(json ${plain} <boost/json.hpp>)
if(MACHIAI_PRECOMPILE)
  machiai_headers(plain LINK fmt::fmt FILES ${plain})
  machiai_headers(json LINK fmt::fmt Boost::json FILES ${json})
  machiai_headers(net LINK fmt::fmt Boost::json OpenSSL::SSL
                  FILES ${json} <boost/asio.hpp> <boost/asio/ssl.hpp> <boost/beast/core.hpp> <boost/beast/http.hpp>
                        <boost/beast/ssl.hpp> <boost/beast/websocket.hpp> <boost/beast/websocket/ssl.hpp>)
  machiai_headers(qt LINK fmt::fmt Qt6::Widgets Qt6::Svg FILES ${plain} <QtCore> <QtGui> <QtWidgets>)
  machiai_headers(catch LINK fmt::fmt FILES ${plain} <catch2/catch.hpp>)
  machiai_headers(qt_catch LINK fmt::fmt Qt6::Widgets Qt6::Svg FILES ${plain} <QtCore> <QtGui> <QtWidgets> <catch2/catch.hpp>)
endif()
