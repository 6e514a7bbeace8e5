# cmake --install: the program, the headers below include/distilbert, the chapter
# libraries, and what find_package(distilbert) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS distilbert_all distilbert_options ${distilbert_chapters}
        EXPORT distilbert-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET distilbert)
  install(TARGETS distilbert RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY src/ DESTINATION include/distilbert
        FILES_MATCHING PATTERN "*.hpp"
        PATTERN "cli" EXCLUDE PATTERN "python" EXCLUDE PATTERN "learn" EXCLUDE)
install(FILES LICENSE NOTICE LICENSES/Apache-2.0.txt LICENSES/Unicode-3.0.txt
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/distilbert)
install(EXPORT distilbert-targets NAMESPACE distilbert:: DESTINATION ${package_folder})
configure_package_config_file(cmake/distilbertConfig.cmake.in
  ${PROJECT_BINARY_DIR}/distilbertConfig.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/distilbertConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/distilbertConfig.cmake
              ${PROJECT_BINARY_DIR}/distilbertConfigVersion.cmake
        DESTINATION ${package_folder})
