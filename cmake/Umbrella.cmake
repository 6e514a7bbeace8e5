# distilbert::distilbert is all chapters at once, for projects that use them;
# the program goes to the top of the build folder, where its name is short.
get_property(distilbert_targets DIRECTORY src PROPERTY BUILDSYSTEM_TARGETS)
set(distilbert_chapters)
foreach(target IN LISTS distilbert_targets)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY" AND target MATCHES "^distilbert_(ch[0-9]+|common)$")
    list(APPEND distilbert_chapters ${target})
  endif()
endforeach()

add_library(distilbert_all INTERFACE)
add_library(distilbert::distilbert ALIAS distilbert_all)
set_target_properties(distilbert_all PROPERTIES EXPORT_NAME distilbert)
target_link_libraries(distilbert_all INTERFACE ${distilbert_chapters})
target_include_directories(distilbert_all INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  $<INSTALL_INTERFACE:include/distilbert>)

if(TARGET distilbert)
  set_target_properties(distilbert PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()
