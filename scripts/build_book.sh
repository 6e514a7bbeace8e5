#!/usr/bin/env bash
# Builds the book's site and checks it:  scripts/build_book.sh [outdir]
# The site needs no server and no network: open index.html in outdir (default build/book).
# BOOK_PYTHON names a Python that has scripts/book/requirements.txt installed; without it
# they go into build/book-venv, once.
set -euo pipefail
cd "$(dirname "$0")/.."
outdir=$(realpath -m "${1:-build/book}")

if [[ -z "${BOOK_PYTHON:-}" ]]; then
  venv=build/book-venv
  if ! cmp -s scripts/book/requirements.txt "$venv/requirements.txt"; then
    python3 -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
      -r scripts/book/requirements.txt
    cp scripts/book/requirements.txt "$venv/requirements.txt"
  fi
  BOOK_PYTHON=$venv/bin/python
fi

export PYTHONPATH=scripts/book${PYTHONPATH:+:$PYTHONPATH} PYTHONDONTWRITEBYTECODE=1
export NO_MKDOCS_2_WARNING=1
"$BOOK_PYTHON" -m mkdocs build --strict --quiet --clean --site-dir "$outdir"
"$BOOK_PYTHON" scripts/book/check_listings.py book
"$BOOK_PYTHON" scripts/book/check_links.py "$outdir"
"$BOOK_PYTHON" scripts/book/check_figures.py "$outdir"
echo "book: $outdir/index.html"
