"""Puts the measured tables into README.md, between its `<!-- results:NAME -->` marks,
from book/results/NAME.json; with --check, says where README.md differs from them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"

BENCH_ROWS = {
    "sst2_forward_1": "SST-2 sentences, forward, batch 1",
    "sst2_forward_32": "SST-2 sentences, forward, batch 32",
    "sst2_train_32": "SST-2 sentences, training, batch 32",
    "mrpc_forward_1": "MRPC pairs, forward, batch 1",
    "mrpc_forward_32": "MRPC pairs, forward, batch 32",
    "mrpc_train_32": "MRPC pairs, training, batch 32",
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


def bench_table(result: dict[str, Any]) -> str:
    lines = ["| per second | ours | PyTorch | ratio |", "|---|--:|--:|--:|"]
    for key, title in BENCH_ROWS.items():
        row = result["values"][key]
        lines.append(f"| {title} | {row['ours_per_second']:.0f} | {row['torch_per_second']:.0f} | "
                     f"{row['ratio']:.2f}× |")
    return "\n".join([*lines, "", source(result)])


TABLES: dict[str, Callable[[dict[str, Any]], str]] = {"demo": demo_table, "bench": bench_table}


def filled(readme: str) -> str:
    for name, table in TABLES.items():
        begin, end = f"<!-- results:{name} -->\n", f"<!-- /results:{name} -->\n"
        before, rest = readme.split(begin)
        after = rest.split(end)[1]
        result = json.loads((ROOT / "book" / "results" / f"{name}.json").read_text())
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
