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
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

if(YAM_SANITIZE)
  add_compile_options(-fsanitize=${YAM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1 -g1)
  add_link_options(-fsanitize=${YAM_SANITIZE})
else()
  set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # assert stays on: our own bugs stop here
  add_link_options(-Wl,--gc-sections)
  add_compile_options(-ffunction-sections -fdata-sections)
endif()
