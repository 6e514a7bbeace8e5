"""Counts what the tokenizer makes of the texts of GLUE tasks, for chapter 2 of the book.

    measure_tokenizer.py GLUE     writes book/results/tokenizer.json

GLUE is a folder in the official layout. The counts depend on the texts and the vocabulary only, not
on the machine; nothing is timed.
"""

from __future__ import annotations

import csv
import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import outputs

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = "book/examples/bert"
# Task: the file, and the columns that hold its texts.
FILES = {
    "sst2": ("SST-2/train.tsv", ["sentence"]),
    "mrpc": ("MRPC/train.tsv", ["#1 String", "#2 String"]),
    "stsb": ("STS-B/train.tsv", ["sentence1", "sentence2"]),
}


def read_texts(path: Path, columns: list[str]) -> list[str]:
    """The texts of the columns, pairs joined by a tab."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    places = [rows[0].index(column) for column in columns]
    return ["\t".join(row[place] for place in places)
            for row in rows[1:] if len(row) == len(rows[0])]


def tokenize(texts: list[str], pairs: bool) -> list[dict[str, Any]]:
    """What the program makes of each text."""
    command = [str(outputs.program()), "tokenize", "--model", str(ROOT / VOCABULARY)]
    result = subprocess.run(command + ["--pairs"] * pairs, input="\n".join(texts) + "\n",
                            capture_output=True, text=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def count(texts: list[str], pairs: bool) -> dict[str, Any]:
    """Lengths in tokens, special ones included, and how words come apart."""
    answers = tokenize(texts, pairs)
    lengths = sorted(len(answer["ids"]) for answer in answers)
    tokens = [token for answer in answers for token in answer["tokens"]
              if token not in ("[CLS]", "[SEP]")]
    words = sum(not token.startswith("##") for token in tokens)
    return {
        "texts": len(texts),
        "words": words,
        "tokens_per_word": len(tokens) / words,
        "unknown_words": tokens.count("[UNK]"),
        "length_median": lengths[len(lengths) // 2],
        "length_99_percent": lengths[len(lengths) * 99 // 100],
        "length_longest": lengths[-1],
    }


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    glue = Path(sys.argv[1])
    values = {task: count(read_texts(glue / name, columns), len(columns) == 2)
              for task, (name, columns) in FILES.items()}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.strip()
    result = {
        "name": "tokenizer",
        "what": "What the tokenizer makes of GLUE's training texts, bert-base-uncased's vocabulary",
        "command": "scripts/book/measure_tokenizer.py GLUE",
        "commit": commit,
        "seed": None,
        "machine": "any: nothing is timed",
        "date": datetime.date.today().isoformat(),
        "values": values,
    }
    path = ROOT / "book" / "results" / "tokenizer.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
