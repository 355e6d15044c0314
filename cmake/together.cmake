# SPDX-License-Identifier: Apache-2.0
# A first build compiles the files of a large room a few at a time, which takes about half as long; what is written in
# one file can then be seen from the next, so names of a room's files differ, also where they are their own. Who works
# on a room leaves it off: every file by itself.
option(MACHIAI_TOGETHER "Compile the files of a room a few at a time" OFF)

if(MACHIAI_TOGETHER)
  # Nor does it write a debugger's lines, which take a seventh of the time; and g++ collects less often where there is memory.
  string(REPLACE " -g1" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(--param=ggc-min-heapsize=1048576 --param=ggc-min-expand=200)
  endif()
endif()

function(machiai_together)
  if(MACHIAI_TOGETHER)
    set_target_properties(${ARGN} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
    foreach(target ${ARGN})
      # For g++ 12 a type of one file is then a header's, and what it inlines across files it calls uninitialized. A local
      # name may be what another file calls something of its own.
      target_compile_options(${target} PRIVATE -Wno-subobject-linkage -Wno-maybe-uninitialized -Wno-shadow -Wshadow=local)
    endforeach()
  endif()
endfunction()
