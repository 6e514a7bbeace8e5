# What the library stands on. All of it is in Debian 12 and 13.
find_package(Threads REQUIRED)
find_package(xtl REQUIRED)
find_package(xsimd REQUIRED)
find_package(xtensor REQUIRED)
find_package(xtensor-blas REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)

# Several OpenBLAS builds can be installed side by side, and the one behind the
# generic name is whichever came last. The pthread build is asked for by its own
# folder, at link time and at run time: barriers of the OpenMP build spin, and
# lose their time slice on a busy machine (book, chapter 11).
find_library(DISTILBERT_OPENBLAS NAMES openblas
             PATH_SUFFIXES openblas-pthread ${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread
             REQUIRED)
find_path(DISTILBERT_OPENBLAS_INCLUDE NAMES cblas.h
          PATH_SUFFIXES openblas-pthread ${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread openblas
          REQUIRED)
get_filename_component(DISTILBERT_OPENBLAS_FOLDER ${DISTILBERT_OPENBLAS} DIRECTORY)
