# Configuring and building, for ./dev and its helpers. Sourced from the root.

# configure PRESET [OPTION...]: CMake, with ccache where there is one.
configure() {
  local preset=$1
  shift
  local options=()
  if command -v ccache >/dev/null; then
    options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  run_logged "configure-$preset" cmake --preset "$preset" "${options[@]}" "$@"
}

# Two thirds of a gigabyte a compiler is what the heavy headers take.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ {print int($2 / 700000)}' /proc/meminfo)
  ((memory < 1)) && memory=1
  echo $((cores < memory ? cores : memory))
}

# build PRESET [TARGET...]
build() {
  local preset=$1 name target targets=()
  shift
  for target in "$@"; do targets+=(--target "$target"); done
  name="build-$preset"
  run_logged "$name" cmake --build "build/$preset" -j "$(build_jobs)" "${targets[@]}"
}

# build_program PRESET: the program alone, without its tests.
build_program() {
  say "building build/$1/distilbert"
  configure "$1" && build "$1" distilbert || exit 1
}

# The OpenBLAS kernel this processor can run. OpenBLAS reads the variable when it
# is loaded, and older versions take an ancient kernel on a newer processor. The
# user's own setting is left alone.
set_openblas_kernel() {
  [[ -z ${OPENBLAS_CORETYPE:-} ]] || return 0
  local kernel
  kernel=$(openblas_kernel </proc/cpuinfo)
  [[ -z $kernel ]] || export OPENBLAS_CORETYPE=$kernel
}

# Reads /proc/cpuinfo, prints a kernel's name or nothing.
openblas_kernel() {
  local flags
  flags=" $(sed -n 's/^flags[[:space:]]*: //p' | head -n 1) "
  if [[ $flags == *" avx512_bf16 "* ]]; then
    echo Cooperlake
  elif [[ $flags == *" avx512bw "* && $flags == *" avx512dq "* && $flags == *" avx512vl "* ]]; then
    echo SkylakeX
  elif [[ $flags == *" avx2 "* && $flags == *" fma "* ]]; then
    echo Haswell
  fi
}

# Where tests find the pretrained teacher. The user's own setting is left alone.
set_minilm() {
  if [[ -z ${DISTILBERT_MINILM:-} && -d downloads/minilm-l6-v2 ]]; then
    export DISTILBERT_MINILM=$PWD/downloads/minilm-l6-v2
  fi
}
