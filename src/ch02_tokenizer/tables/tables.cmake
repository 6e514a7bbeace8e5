# A small program turns data/unicode into C++ tables while the project builds.
# Paths are the project's own, so that this works inside another project too.
add_executable(distilbert_generate_character_tables
  ${CMAKE_CURRENT_LIST_DIR}/generate_character_tables.cpp)
target_compile_features(distilbert_generate_character_tables PRIVATE cxx_std_20)
target_link_libraries(distilbert_generate_character_tables PRIVATE distilbert_warnings)

set(unicode_folder ${PROJECT_SOURCE_DIR}/data/unicode)
set(character_tables ${CMAKE_CURRENT_BINARY_DIR}/character_tables.cpp)
file(GLOB unicode_files CONFIGURE_DEPENDS ${unicode_folder}/*.txt)
add_custom_command(
  OUTPUT ${character_tables}
  COMMAND distilbert_generate_character_tables ${unicode_folder} ${character_tables}
  DEPENDS distilbert_generate_character_tables ${unicode_files}
  COMMENT "Writing the character tables"
  VERBATIM)
target_sources(distilbert_ch02 PRIVATE ${character_tables})
