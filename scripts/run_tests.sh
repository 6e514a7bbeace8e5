#!/usr/bin/env bash
# ./dev test, once everything is installed: the release build and all its tests.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. scripts/lib/log.sh
. scripts/lib/build.sh
. scripts/lib/count.sh

say "building (release)"
if ! { configure release && build release; }; then
  count_failure "release build"
  close_count
  exit 1
fi

set_openblas_kernel
set_minilm
say "running the tests (OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-unset})"
python=$PWD/.venv/bin/python
count_all "C++ tests" "$python" scripts/run_ctest.py build/release
for folder in tests/*/; do
  folder=${folder%/}
  if compgen -G "$folder/test_*.py" >/dev/null; then
    count_all "$folder" "$python" scripts/run_python_tests.py "$folder"
  fi
done
count "consumer projects" bash tests/consumer/run.sh build/release
if compgen -G "notebooks/*.ipynb" >/dev/null; then
  count_all "notebooks" "$python" scripts/run_notebooks.py notebooks
fi
if [[ -f scripts/build_book.sh ]]; then
  count "book" bash scripts/build_book.sh
fi
count "the tables of README.md" "$python" scripts/readme_results.py --check
count_all "style" "$python" scripts/check_style.py
close_count
