# Warnings, linker and sanitizers, the same for every target.
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fno-plt)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees uninitialised members in coroutine frames and std::expected, and dangling pointers in
  # intrusive lists with a mark on the stack (net/ready.hpp at -O2), where there are none.
  add_compile_options(-Wno-maybe-uninitialized -Wno-dangling-pointer)
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE AND NOT DEFINED ENV{YAM_NO_CCACHE})
  # What ccache must overlook to work with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

if(YAM_SANITIZE)
  add_compile_options(-fsanitize=${YAM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -Og -g1)
  add_link_options(-fsanitize=${YAM_SANITIZE})
else()
  set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # assert stays on: our own bugs stop here
  add_link_options(-Wl,--gc-sections)
  add_compile_options(-ffunction-sections -fdata-sections)
endif()

# Six sources at a time are compiled in half the time that they take alone; a name in an anonymous namespace
# must then be the corner's only one. The fuzz build takes each source alone.
function(compile_together target)
  if(NOT YAM_FUZZ)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# For sources that run once per start, line or connection: -O1 compiles them in two thirds of the time.
function(compile_quickly)
  if(NOT YAM_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1)
  endif()
endfunction()

# One precompiled header for all that links fmt, which the library builds.
function(parse_standard_headers_once target)
  if(YAM_FUZZ)
    return()
  elseif(target STREQUAL libyam)
    target_precompile_headers(libyam PRIVATE ${PROJECT_SOURCE_DIR}/cmake/standard.hpp)
    target_compile_options(libyam PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # for ccache
  else()
    target_precompile_headers(${target} REUSE_FROM libyam)
  endif()
endfunction()
