# What yam is measured against, and the load that measures it: plain programs without libyam.
set(bench_programs)
foreach(name epoll_echo udp_echo bare_copy load bare_tftp tftp_swarm)
  add_executable(bench_${name} EXCLUDE_FROM_ALL bench/${name}.cpp)
  set_target_properties(bench_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  list(APPEND bench_programs bench_${name})
endforeach()
add_custom_target(bench_programs DEPENDS ${bench_programs})
