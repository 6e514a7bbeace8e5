#!/usr/bin/env bash
# ./dev check [PART...], once everything is installed. The parts, all of them when
# none is named: sanitizers avx2 tidy doxygen fuzz mutants.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/lib/log.sh
. scripts/lib/build.sh
. scripts/lib/count.sh

python=$PWD/.venv/bin/python
fuzz_seconds=${DISTILBERT_FUZZ_SECONDS:-30}

# Leaks count too; a sanitizer's finding ends the test program.
check_sanitizers() {
  say "building (asan)"
  if ! { configure asan && build asan; }; then
    count_failure "build with sanitizers"
    return
  fi
  ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    count_all "tests with sanitizers" "$python" scripts/run_ctest.py build/asan
}

# Every loop has another width there, and OpenBLAS another kernel.
check_avx2() {
  local chapters=(ch01_tensor ch04_layers ch05_attention ch07_distilbert ch11_speed)
  say "building (avx2)"
  if ! { configure avx2 && build avx2 "${chapters[@]/#/test_}"; }; then
    count_failure "build for AVX2"
    return
  fi
  local IFS='|'
  OPENBLAS_CORETYPE=Haswell count_all "tests with AVX2" "$python" scripts/run_ctest.py \
    build/avx2 -R "${chapters[*]}"
}

check_tidy() {
  if ! configure release; then
    count_failure "configuring for clang-tidy"
    return
  fi
  count_all "clang-tidy" "$python" scripts/run_clang_tidy.py build/release
}

# Each program in tests/fuzz starts from its corpus and gets half a minute.
check_fuzz() {
  local program name corpus
  compgen -G "tests/fuzz/*.cpp" >/dev/null || return 0
  say "building (fuzz)"
  if ! { configure fuzz && build fuzz fuzz_targets; }; then
    count_failure "build of the fuzz targets"
    return
  fi
  for program in build/fuzz/tests/fuzz/fuzz_*; do
    [[ -f $program && -x $program ]] || continue
    name=${program##*/}
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus" build/fuzz/findings
    count "$name" "$program" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 \
      -artifact_prefix=build/fuzz/findings/ -print_final_stats=1 \
      "$corpus" "tests/fuzz/corpus/${name#fuzz_}"
  done
}

# All of them, or as many as there is time for until DISTILBERT_MUTANTS_END, in seconds as
# `date +%s` counts them; but never less than 12 minutes, as most of that is the build.
check_mutants() {
  local minutes=inf least=12
  if [[ -n ${DISTILBERT_MUTANTS_END:-} ]]; then
    minutes=$(((DISTILBERT_MUTANTS_END - $(date +%s)) / 60))
    ((minutes >= least)) || minutes=$least
  fi
  count_all "mutants" "$python" scripts/run_mutants.py --minutes "$minutes"
}

check_part() {
  case "$1" in
    sanitizers) check_sanitizers ;;
    avx2) check_avx2 ;;
    tidy) check_tidy ;;
    doxygen) count_all "Doxygen" "$python" scripts/run_doxygen.py ;;
    fuzz) check_fuzz ;;
    mutants) check_mutants ;;
  esac
}

all_parts=(sanitizers avx2 tidy doxygen fuzz mutants)
parts=("$@")
(($# > 0)) || parts=("${all_parts[@]}")
for part in "${parts[@]}"; do
  if [[ " ${all_parts[*]} " != *" $part "* ]]; then
    complain "./dev check has no part $part; expected: ${all_parts[*]}"
    exit 2
  fi
done
set_openblas_kernel
set_minilm
for part in "${parts[@]}"; do
  check_part "$part"
done
close_count
