# The public library: libyam.a, the headers of these rooms, and how CMake (yam::yam) and pkg-config (yam) find
# it. What a room keeps to itself is named here; tui and cli keep everything.
include(CMakePackageConfigHelpers)

set(public_rooms base wire proto net store service)
set(private_headers)  # as "net/thing.hpp"

install(TARGETS yam RUNTIME)
install(TARGETS libyam EXPORT yam ARCHIVE)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

file(GLOB_RECURSE public_headers CONFIGURE_DEPENDS
     RELATIVE ${PROJECT_SOURCE_DIR}/yam ${PROJECT_SOURCE_DIR}/yam/*.hpp)
list(JOIN public_rooms "|" rooms)
list(FILTER public_headers INCLUDE REGEX "^(${rooms})/")
list(FILTER public_headers EXCLUDE REGEX "_test\\.hpp$")
list(REMOVE_ITEM public_headers ${private_headers})
foreach(header ${public_headers})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES yam/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/yam/${folder})
endforeach()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/yam)
configure_package_config_file(cmake/yamConfig.cmake.in ${PROJECT_BINARY_DIR}/yamConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/yamConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT yam NAMESPACE yam:: DESTINATION ${package_folder} FILE yamTargets.cmake)
install(FILES ${PROJECT_BINARY_DIR}/yamConfig.cmake ${PROJECT_BINARY_DIR}/yamConfigVersion.cmake
        DESTINATION ${package_folder})

# The .pc file finds the prefix from where it lies, so an installed tree can be moved.
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/yam.pc.in yam.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/yam.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
