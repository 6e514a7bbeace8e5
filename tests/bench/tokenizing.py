"""The rows of the tokenizer, all on one thread: megabytes of text a second."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import figures
import rows
from sides import HERE, ROOT, Side, Sides, clean_environment, python_peer

VOCABULARY = ROOT / "downloads" / "minilm-l6-v2"
TEXTS = ROOT / "build" / "bench" / "texts"
# File of GLUE, columns with text, from 0.
ENGLISH = (("SST-2/train.tsv", (0,), 12000), ("MRPC/train.tsv", (3, 4), 99999),
           ("STS-B/dev.tsv", (7, 8), 99999))
COPIES = 40  # of the multilingual text, which is small


@dataclass(frozen=True)
class TokenizeRow(rows.Row):
    """Ours beside tokenizers, which the goal is about, and flash-tokenizer."""

    text: str

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        file = written_text(self.text, sides.glue)
        programs = {"ours": [str(sides.build / "tests/bench/tokenize_bench")],
                    "tokenizers": python_peer("tokenizers"),
                    "flash_tokenizer": python_peer("flash_tokenizer")}
        sides.close()
        running = {name: Side([*program, str(VOCABULARY)], clean_environment({}))
                   for name, program in programs.items()}
        times = rows.alternate({name: lambda side=side: side.numbers(f"tokenize {file}")[0]
                                for name, side in running.items()}, rounds)
        for side in running.values():
            side.close()
        compared = figures.compare(times, 1)
        size = file.stat().st_size
        rates = {f"{name}_bytes_per_second": size / compared[f"{name}_s"] for name in times}
        return {"unit": "bytes_per_second", "text_bytes": size, **compared, **rates,
                "best_peer": "tokenizers", **compared["peers"]["tokenizers"]}

    def quick(self) -> "rows.Row | None":
        return replace(self) if self.text == "english" else None


def written_text(name: str, glue: Path) -> Path:
    """A file of the text, a sentence a line."""
    path = TEXTS / f"{name}.txt"
    if not path.is_file():
        TEXTS.mkdir(parents=True, exist_ok=True)
        if name == "english":
            text = "\n".join(sentences(glue)) + "\n"
        else:
            text = (HERE / "multilingual.txt").read_text(encoding="utf-8") * COPIES
        path.write_text(text, encoding="utf-8")
    return path


def sentences(glue: Path) -> list[str]:
    """GLUE's sentences, those of a pair one after the other."""
    found = []
    for name, columns, count in ENGLISH:
        lines = (glue / name).read_text(encoding="utf-8-sig").split("\n")[1:count + 1]
        found += [line.rstrip("\r").split("\t")[column] for line in lines if line
                  for column in columns]
    return found


def all_rows() -> list[rows.Row]:
    return [TokenizeRow(name=f"tokenize_{text}", title=f"tokenizing, one thread, {words}",
                        model="", goal=20.0, text=text)
            for text, words in (("english", "English"), ("multilingual", "many languages"))]
