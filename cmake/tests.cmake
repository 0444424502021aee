# One test program per room, the fuzz targets and their replays. They are no part of `all`: a release build
# stays quick.
find_package(GTest)  # not needed to build what people run

# The bad network that machines are tested in; no part of the library.
room_sources(sim sim_sources)
add_library(yam_sim STATIC EXCLUDE_FROM_ALL ${sim_sources})
target_link_libraries(yam_sim PUBLIC libyam PRIVATE fmt::fmt)
parse_standard_headers_once(yam_sim)

set(test_programs)
foreach(room base wire proto sim net store service tui cli)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/yam/${room}/*_test.cpp)
  if(tests AND GTest_FOUND)
    add_executable(${room}_test EXCLUDE_FROM_ALL ${tests})
    set(tested libyam)
    if(room MATCHES "proto|sim")
      set(tested yam_sim)
    endif()
    if(room MATCHES "tui|cli")
      set(tested yam_screen)
    endif()
    target_link_libraries(${room}_test PRIVATE ${tested} fmt::fmt OpenSSL::SSL GTest::gtest_main)
    if(room STREQUAL service)  # what it makes for the decoders
      target_link_libraries(${room}_test PRIVATE ZLIB::ZLIB brotlienc zstd)
    endif()
    parse_standard_headers_once(${room}_test)
    list(APPEND test_programs ${room}_test)
  endif()
endforeach()
add_custom_target(unit_tests DEPENDS ${test_programs})

# Each fuzz/NAME.cpp is two programs: fuzz_NAME, which libFuzzer drives for as long as one likes (the fuzz
# preset, clang), and replay_NAME, which plays the corpus in fuzz/corpus/NAME and a fixed set of mutations of
# it with any compiler. Build them all with fuzz_targets and fuzz_replays.
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*.cpp)
set(fuzz_programs)
set(replay_programs)
foreach(source ${fuzz_sources})
  get_filename_component(name ${source} NAME_WE)

  add_executable(replay_${name} EXCLUDE_FROM_ALL ${source} ${PROJECT_SOURCE_DIR}/fuzz/driver/replay.cpp)
  target_link_libraries(replay_${name} PRIVATE yam_screen fmt::fmt)
  target_compile_definitions(replay_${name} PRIVATE YAM_REPLAY_NAME="${name}"
                             YAM_REPLAY_CORPUS="${PROJECT_SOURCE_DIR}/fuzz/corpus/${name}")
  list(APPEND replay_programs replay_${name})

  if(YAM_FUZZ)
    add_executable(fuzz_${name} EXCLUDE_FROM_ALL ${source})
    target_link_libraries(fuzz_${name} PRIVATE yam_screen fmt::fmt)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    list(APPEND fuzz_programs fuzz_${name})
  endif()
endforeach()
add_custom_target(fuzz_replays DEPENDS ${replay_programs})
if(YAM_FUZZ)
  add_custom_target(fuzz_targets DEPENDS ${fuzz_programs})
endif()
