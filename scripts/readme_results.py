"""Puts the measured tables into README.md, between its `<!-- results:NAME -->` marks,
from book/results/NAME.json; with --check, says where README.md differs from them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"

sys.path[:0] = [str(ROOT / "tests" / "bench"), str(ROOT / "scripts" / "book")]

import glue_blocks  # noqa: E402  (from the book)
import results  # noqa: E402  (from the book)
import table  # noqa: E402  (from the bench)

# Rows of bench.json in the README; those that a run didn't measure are left out.
BENCH_ROWS = {
    "sst2_forward_1": "MiniLM, SST-2, one sentence at a time",
    "sst2_forward_32": "MiniLM, SST-2, batches of 32 in file order",
    "sst2_forward_32_sorted": "the same, peers sort by length first",
    "mrpc_forward_1": "MiniLM, MRPC, one pair at a time",
    "mrpc_forward_32": "MiniLM, MRPC, batches of 32 in file order",
    "distilbert_base_sst2_forward_32": "DistilBERT-base, SST-2, batches of 32",
    "bert_base_sst2_forward_32": "BERT-base, SST-2, batches of 32",
    "int8_forward_1": "MiniLM, SST-2, 8-bit integers, one at a time",
    "int8_forward_32": "MiniLM, SST-2, 8-bit integers, batches of 32",
    "sst2_train_32": "MiniLM, SST-2, training, batches of 32",
    "mrpc_train_32": "MiniLM, MRPC, training, batches of 32",
    "base_pair_distill": "BERT-base to DistilBERT, distillation",
    "memory_train": "MiniLM, training, memory above 16 bytes a parameter",
    "start": "MiniLM, start to first answer",
}


def source(result: dict[str, Any]) -> str:
    return (f"{result['what']}. Measured by `{result['command']}` at commit {result['commit']} on "
            f"{result['machine']}, {result['date']}.")


def demo_table(result: dict[str, Any]) -> str:
    teacher, student = result["values"]["teacher"], result["values"]["student"]
    share = result["values"]["student_share"]
    lines = ["| | teacher | student | student's share |", "|---|--:|--:|--:|"]
    for title, key, text in [
            ("parameters", "parameters", lambda value: f"{value:,}"),
            ("file", "file_bytes", lambda value: f"{value / 1e6:.1f} MB"),
            ("sentences per second", "sentences_per_second", lambda value: f"{value:.0f}"),
            ("dev accuracy", "dev_accuracy", lambda value: f"{100 * value:.1f} %")]:
        lines.append(f"| {title} | {text(teacher[key])} | {text(student[key])} | "
                     f"{100 * share[key]:.1f} % |")
    return "\n".join([*lines, "", source(result)])


def bench_row(title: str, row: dict[str, Any]) -> str:
    best = row.get("best_peer", "")
    peer = f"{table.cell(row, best)} ({table.TITLES[best]})" if best else ""
    goal = f"{row['goal']:g}×{'' if row['met'] else ', not met'}" if "goal" in row else ""
    cells = [title, table.cell(row, "ours"), table.cell(row, "torch"), peer,
             f"{row['ratio']:.2f}×", goal]
    return f"| {' | '.join(cells)} |"


def bench_table(result: dict[str, Any]) -> str:
    lines = ["| | ours | PyTorch | best peer | ratio | goal |", "|---|--:|--:|--:|--:|--:|"]
    lines += [bench_row(title, result["values"][key]) for key, title in BENCH_ROWS.items()
              if key in result["values"]]
    return "\n".join([*lines, "", source(result)])


def small_glue_table(result: dict[str, Any]) -> str:
    lines = ["| task | metric | majority | teacher | student | retained |",
             "|---|---|--:|--:|--:|--:|"]
    for task, title in glue_blocks.TASKS.items():
        for metric, row in result["values"].get(task, {}).items():
            teacher, student = (glue_blocks.spread(row[side]["mean"], row[side]["deviation"])
                                for side in ("teacher", "model"))
            retained = f"{100 * row['retained']:.1f} %" if "retained" in row else "–"
            lines.append(f"| {title} | {glue_blocks.METRICS[metric]} | "
                         f"{glue_blocks.percent(row['majority'])} | {teacher} | {student} | "
                         f"{retained} |")
    seconds = result["values"]["seconds"]
    took = "" if seconds is None else f" The trainings took {results.FORMATS['minutes'](seconds)}."
    return "\n".join([*lines, "", source(result) + took])


TABLES: dict[str, Callable[[dict[str, Any]], str]] = {
    "demo": demo_table, "small_glue": small_glue_table, "bench": bench_table}


def filled(readme: str) -> str:
    for name, table in TABLES.items():
        begin, end = f"<!-- results:{name} -->\n", f"<!-- /results:{name} -->\n"
        before, rest = readme.split(begin)
        after = rest.split(end)[1]
        path = ROOT / "book" / "results" / f"{name}.json"
        if not path.is_file():
            continue
        result = json.loads(path.read_text())
        readme = f"{before}{begin}\n{table(result)}\n\n{end}{after}"
    return readme


def main(arguments: list[str]) -> int:
    readme = README.read_text()
    wanted = filled(readme)
    if arguments == ["--check"]:
        if readme != wanted:
            print("README.md: its tables aren't those of book/results; "
                  "scripts/readme_results.py writes them", file=sys.stderr)
        return int(readme != wanted)
    README.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
