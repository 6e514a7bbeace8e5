"""Tokenizing beside Hugging Face tokenizers and flash-tokenizer, on one thread.

    tokenize_run.py [--rounds N] [--data FOLDER] [--ours PROGRAM] [--results FOLDER]

All sides have the same vocabulary, take turns round after round on the same texts, and
answer with the processor time that encoding took (see tokenize_distilbert.cpp). Ours makes ids,
type ids, offsets, words and masks; encode_batch of tokenizers does, too, encode_batch_fast
leaves offsets out, and flash-tokenizer makes ids alone. Writes
book/results/tokenizer_speed.json with medians, and the ratios of each round."""

import argparse
import csv
import importlib.metadata
import os
import shutil
import statistics
import sys
import tempfile
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any, Iterable

import record
from rows import alternate
from sides import HERE, ROOT, Side

PEERS = {"hf_fast": ["peer_tokenizers.py", "encode_batch_fast"],
         "hf": ["peer_tokenizers.py", "encode_batch"],
         "flash": ["peer_flash_tokenizer.py"]}
# What a line of multilingual.txt is counted as: the first of these in a character's name.
SCRIPTS = ["CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "HIRAGANA", "KATAKANA",
           "HANGUL", "CJK", "THAI"]


def columns(path: Path, *wanted: int) -> Iterable[str]:
    """Some columns of a GLUE file, row after row."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            yield from (row[column] for column in wanted)


def script_of(text: str) -> str:
    """The script of most of a text's letters; Latin where it is none of ours."""
    names = [unicodedata.name(c, "").split(" ", 1)[0] for c in text if c.isalpha()]
    # Japanese has more kana than ideographs, or nearly.
    counts = {script: sum(name.startswith(script) for name in names) for script in SCRIPTS}
    if counts["HIRAGANA"] + counts["KATAKANA"] > len(names) / 4:
        return "japanese"
    best = max(counts, key=lambda script: counts[script])
    return {"CJK": "chinese", "HANGUL": "korean", "DEVANAGARI": "hindi"}.get(
        best, best.lower()) if counts[best] > len(names) / 2 else "latin"


def repeated(lines: list[str], size: int) -> list[str]:
    """The lines again and again, up to some bytes."""
    once = sum(len(line.encode()) for line in lines)
    return lines * max(1, size // once)


def workloads(data: Path) -> dict[str, list[str]]:
    """The texts by name."""
    glue = data / "glue"
    multilingual = (HERE / "multilingual.txt").read_text("utf-8").splitlines()
    by_script: dict[str, list[str]] = {}
    for line in multilingual:
        by_script.setdefault(script_of(line), []).append(line)
    wiki = (data / "wikitext-2" / "test.txt").read_text("utf-8").split("\n")
    book = (data / "gutenberg" / "Dracula_345.txt").read_text("utf-8-sig")
    texts = {
        "sst2": list(columns(glue / "SST-2" / "dev.tsv", 0)) * 8,
        "qnli": list(columns(glue / "QNLI" / "dev.tsv", 1, 2))[:6000],
        "mrpc": list(columns(glue / "MRPC" / "dev.tsv", 3, 4)) * 7,
        "wikitext": [line for line in wiki if line.strip()][:2000],
        "novel": [" ".join(book.split())],
        "multilingual": repeated(multilingual, 400_000),
    }
    for script, lines in sorted(by_script.items()):
        texts[script] = repeated(lines, 100_000)
    return texts


def seconds_of(side: Side, request: str) -> float:
    return side.numbers(request)[0]


def measure(sides: dict[str, Side], path: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Speeds and ratios for the texts of a file, a line each."""
    request = f"tokenize {path}"
    size = sum(len(line) for line in path.read_bytes().split(b"\n"))
    seconds = alternate({name: partial(seconds_of, side, request)
                         for name, side in sides.items()}, rounds)
    result = {name: {"bytes_per_second": size / statistics.median(times)}
              for name, times in seconds.items()}
    for name in PEERS:
        ratios = sorted(peer / own for own, peer in zip(seconds["ours"], seconds[name]))
        result[name] |= {"ratio": statistics.median(ratios), "ratio_min": ratios[0],
                         "ratio_max": ratios[-1]}
    best = "hf_fast" if result["hf_fast"]["ratio"] < result["hf"]["ratio"] else "hf"
    result["best_hf"] = result[best] | {"method": PEERS[best][1]}
    return result


def equal_share(vocabulary: Path, texts: list[str]) -> float:
    """For how many of the texts flash-tokenizer makes the ids of tokenizers."""
    from flash_tokenizer import BertTokenizerFlash
    from tokenizers import BertWordPieceTokenizer

    flash = BertTokenizerFlash(str(vocabulary), do_lower_case=True).tokenizer
    ids = flash.batch_encode(texts, "do_not_pad", 10**9, False)
    encodings = BertWordPieceTokenizer(str(vocabulary), lowercase=True).encode_batch(texts)
    return statistics.mean(own == other.ids for own, other in zip(ids, encodings))


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    shutil.copy(ROOT / "data" / "bert-base-uncased-vocab.txt", folder / "vocab.txt")
    environment = dict(os.environ)
    sides = {"ours": Side([str(options.ours), str(folder)], environment)}
    for name, (script, *arguments) in PEERS.items():
        sides[name] = Side([sys.executable, str(HERE / script), str(folder), *arguments],
                           environment)
    values: dict[str, Any] = {}
    print(f"{'':14}{'ours':>8}{'HF':>8}{'flash':>8}   MB/s;   ours over HF's faster method, flash")
    for name, texts in workloads(options.data).items():
        path = folder / f"{name}.txt"
        path.write_text("\n".join(texts) + "\n", "utf-8")
        values[name] = result = measure(sides, path, options.rounds)
        result["flash"]["equal_ids"] = equal_share(folder / "vocab.txt", list(set(texts)))
        speeds = "".join(f"{result[side]['bytes_per_second'] / 1e6:8.1f}"
                         for side in ("ours", "best_hf", "flash"))
        hf, flash = result["best_hf"], result["flash"]
        print(f"{name:14}{speeds}   {hf['ratio']:6.1f} ({hf['ratio_min']:.1f} … "
              f"{hf['ratio_max']:.1f}, {hf['method']})  {flash['ratio']:6.1f}", flush=True)
    loads = [seconds_of(sides["ours"], f"load {folder}") for _ in range(5 * options.rounds)]
    values["load_s"] = statistics.median(loads)
    print(f"from_folder: {values['load_s'] * 1e3:.2f} ms")
    for side in sides.values():
        side.close()
    return values


def main() -> None:
    data = Path(os.environ.get("DISTILBERT_DATA", ROOT / ".." / "shared" / "data"))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--data", type=Path, default=data, help="has glue/, wikitext-2/, …")
    parser.add_argument("--ours", type=Path,
                        default=ROOT / "build/release/tests/bench/tokenize_bench")
    parser.add_argument("--results", type=Path, default=record.RESULTS, help="where to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        values = run(options, Path(folder))
    print("written:", record.write("tokenizer_speed", {
        "what": "Tokenizing with bert-base-uncased's vocabulary on one thread, a text a line; "
                "processor time",
        "command": f"tests/bench/tokenize_run.py --rounds {options.rounds}",
        "seed": None,
        "threads": 1,
        "rounds": options.rounds,
        "packages": {name: importlib.metadata.version(name)
                     for name in ("tokenizers", "flash-tokenizer")},
        "values": values,
    }, options.results))


if __name__ == "__main__":
    main()
