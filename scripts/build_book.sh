#!/usr/bin/env bash
# Builds the book's site and checks it:  scripts/build_book.sh [outdir]
# The site needs no server and no network: open index.html in outdir (default site).
# BOOK_PYTHON names a Python that has scripts/requirements-book.txt installed (default: .venv's).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
outdir=$(realpath -m "${1:-site}")
python=${BOOK_PYTHON:-.venv/bin/python}
if ! "$python" -c 'import material, pymdownx' 2>/dev/null; then
  echo "build_book: $python lacks what scripts/requirements-book.txt lists; run ./dev book" >&2
  exit 1
fi

export PYTHONPATH=scripts/book${PYTHONPATH:+:$PYTHONPATH} PYTHONDONTWRITEBYTECODE=1
export NO_MKDOCS_2_WARNING=1
# Not with --quiet, which also silences the warnings that --strict counts.
if ! log=$("$python" -m mkdocs build --strict --clean --site-dir "$outdir" 2>&1); then
  printf '%s\n' "$log" >&2
  exit 1
fi
"$python" scripts/book/check_listings.py book
"$python" scripts/book/check_links.py "$outdir"
"$python" scripts/book/check_figures.py "$outdir"
echo "book: $outdir/index.html"
