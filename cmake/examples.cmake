# The library's manual: each examples/NAME.cpp is a program of its own on the public headers. They are no part
# of `all`; the target `examples` builds them into examples/ of the build folder.
file(GLOB example_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cpp)
compile_quickly(${example_sources})
set(example_programs)
foreach(source ${example_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(example_${name} EXCLUDE_FROM_ALL ${source})
  target_link_libraries(example_${name} PRIVATE libyam fmt::fmt)  # fmt for the precompiled header alone
  parse_standard_headers_once(example_${name})
  set_target_properties(example_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
  list(APPEND example_programs example_${name})
endforeach()
add_custom_target(examples DEPENDS ${example_programs})
