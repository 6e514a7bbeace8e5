#!/usr/bin/env bash
# tests/consumer/run.sh BUILD: two outside projects that use the library, one as
# installed from BUILD, one with the sources inside its own build. Both must build,
# run, read the same tokens and compute the same logits.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd -- "$1" && pwd)
work=$root/build/consumer
ids="2 5 8 10 11 5 9 13 12 3"
launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi

# consume KIND [CMAKE OPTION...]: builds tests/consumer/KIND and runs it.
consume() {
  local kind=$1
  shift
  cmake -S "$root/tests/consumer/$kind" -B "$work/$kind" -G Ninja \
    "${launcher[@]}" "$@"
  cmake --build "$work/$kind" --target consumer -j "$(nproc)"
  "$work/$kind/consumer" "$root/tests/consumer/vocabulary" \
    "$root/tests/golden/models/distilbert_sequence_classification" | tee "$work/$kind.txt"
  if [[ $(cat "$work/$kind.txt") != "$ids  "* ]]; then
    echo "ids expected: $ids, found: $(cat "$work/$kind.txt")" >&2
    exit 1
  fi
}

rm -rf "$work/prefix"
cmake --install "$build" --prefix "$work/prefix"
consume installed -DCMAKE_PREFIX_PATH="$work/prefix"
# Not optimised: this compiles the chapters a second time, and is about whether
# they build.
consume subproject -DDISTILBERT_SOURCE="$root"
if ! cmp "$work/installed.txt" "$work/subproject.txt"; then
  echo "the installed library and the sources disagree" >&2
  exit 1
fi
