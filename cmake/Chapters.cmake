# One library per chapter. A chapter names the chapters it needs, and CMake gives
# it their headers and nothing else: an include of a later chapter doesn't build.

add_library(distilbert_options INTERFACE)
target_compile_features(distilbert_options INTERFACE cxx_std_20)
# Obeys "#pragma omp simd" above single loops; brings no threads and no runtime.
target_compile_options(distilbert_options INTERFACE -fopenmp-simd)
if(DISTILBERT_NATIVE)
  # Tensor types cross the library's border and their alignment depends on the
  # instruction set, so whoever links the library compiles for it too.
  target_compile_options(distilbert_options INTERFACE -march=native)
endif()

# Warnings for our own targets, where we are the main project.
add_library(distilbert_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(distilbert_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
endif()

# distilbert_library(STEM [NEEDS targets...] [PRIVATE targets...])
# The static library of folder src/STEM, target distilbert_chNN (or _common).
function(distilbert_library stem)
  cmake_parse_arguments(arg "" "" "NEEDS;PRIVATE" ${ARGN})
  string(REGEX REPLACE "^(ch[0-9]+)_.*$" "\\1" short ${stem})
  set(target distilbert_${short})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${stem}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${stem}/*.hpp)
  add_library(${target} STATIC ${sources} ${headers})
  add_library(distilbert::${short} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${short})
  # A chapter sees its own folder and those of the chapters it needs, each
  # through a folder of links that holds that chapter alone.
  set(include_root ${CMAKE_BINARY_DIR}/include/${stem})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${stem} ${include_root}/${stem} SYMBOLIC)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${include_root}>
    $<INSTALL_INTERFACE:include/distilbert>)
  target_link_libraries(${target} PUBLIC distilbert_options ${arg_NEEDS}
                        PRIVATE $<BUILD_INTERFACE:distilbert_warnings> ${arg_PRIVATE})
endfunction()
