"""Chapter 10's tables and curves, from the results of ./dev bench glue and ablation."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from svg import SvgDrawing, dot, path, segment, svg, text

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "book" / "results"
TASKS = {"cola": "CoLA", "sst2": "SST-2", "mrpc": "MRPC", "stsb": "STS-B", "qqp": "QQP",
         "mnli": "MNLI", "qnli": "QNLI", "rte": "RTE", "wnli": "WNLI"}
METRICS = {"matthews_correlation": "Matthews", "accuracy": "accuracy", "f1": "F1",
           "pearson": "Pearson", "spearmanr": "Spearman"}
SIDES = {"ours": ("ours", "f1"), "torch": ("PyTorch", "f2")}
VARIANTS = {"hard": "labels alone", "soft": "soft labels alone", "soft_hard": "both",
            "soft_hard_cosine": "both and cosine", "soft_hard_random": "both, random weights"}


def read(file: Path) -> dict[str, Any]:
    """A result's values by task, in GLUE's order."""
    values = json.loads(file.read_text(encoding="utf-8"))["values"]
    return {task: values[task] for task in TASKS if task in values}


def table_html(head: list[str], rows: list[list[str]]) -> str:
    """The first two columns are names, the others measured."""
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = ""
    for row in rows:
        body += "<tr>" + "".join(
            f"<td>{html.escape(cell)}</td>" if place < 2
            else f'<td class="measured">{html.escape(cell)}</td>'
            for place, cell in enumerate(row)) + "</tr>"
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def spread(mean: float, deviation: float | None) -> str:
    return f"{100 * mean:.1f}" + (f" ± {100 * deviation:.1f}" if deviation is not None else "")


def glue(file: Path) -> str:
    """Both sides of every task's metrics, and what design section 5 (b) says of them."""
    rows = []
    for task, result in read(file).items():
        for metric, row in result["metrics"].items():
            p = row["welch_p"]
            rows.append([TASKS[task], METRICS[metric], f"{len(row['ours'])}, {len(row['torch'])}",
                         spread(row["ours_mean"], row["ours_sd"]),
                         spread(row["torch_mean"], row["torch_sd"]),
                         f"{100 * (row['ours_mean'] - row['torch_mean']):+.1f}",
                         "–" if p is None else f"{p:.2f}",
                         "yes" if row["reproduced"] else "no"])
    return table_html(["task", "metric", "seeds", "ours", "PyTorch", "points", "p", "alike"], rows)


def ablation(file: Path) -> str:
    """The teacher, and the student by each variant."""
    rows = [[TASKS[task], METRICS[metric], *(spread(row[name]["mean"], row[name]["sd"])
                                            for name in ("teacher", *VARIANTS))]
            for task, metrics in read(file).items() for metric, row in metrics.items()]
    return table_html(["task", "metric", "teacher", *VARIANTS.values()], rows)


def learning_curves(task: str, folder: Path = RESULTS) -> SvgDrawing:
    """The training loss of both sides over the steps, and dev's first metric after each epoch."""
    curves = read(folder / "glue.json")[task]["curves"]
    left, top, width, height = 44, 22, 250, 170
    highest = max(max(curve["losses"]) for curve in curves.values())
    metric = next(iter(curves["ours"]["epochs"]))
    scores = [score for curve in curves.values() for score in curve["epochs"][metric]]
    low, high = min(0.0, *scores), 1.0
    second = left + width + 70
    bottom = top + height
    parts = []
    for begin, title, most, least in ((left, "training loss", highest, 0.0),
                                      (second, f"{METRICS[metric]} on dev", high, low)):
        parts.append(text(begin - 34, 10, title, size=11, anchor="start", style="faint"))
        for share in (0, 0.5, 1):
            y = bottom - height * share
            parts.append(segment(begin, y, begin + width, y))
            parts.append(text(begin - 6, y + 4, f"{least + (most - least) * share:.2f}", size=10,
                              anchor="end"))
    for row, (side, (title, colour)) in enumerate(SIDES.items()):
        losses, epochs = curves[side]["losses"], curves[side]["epochs"][metric]
        line = [(left + width * (i + 0.5) / len(losses), bottom - height * loss / highest)
                for i, loss in enumerate(losses)]
        parts.append(path(line, 1))
        parts += [dot(x, y, colour, 2) for x, y in line]
        points = [(second + width * (i + 1) / len(epochs),
                   bottom - height * (score - low) / (high - low))
                  for i, score in enumerate(epochs)]
        parts.append(path(points, 1))
        parts += [dot(x, y, colour, 4) for x, y in points]
        parts.append(dot(left + 90 * row + 4, bottom + 34, colour, 4))
        parts.append(text(left + 90 * row + 14, bottom + 38, title, size=11, anchor="start"))
    parts.append(text(left + width / 2, bottom + 16, f"{curves['ours']['steps']} steps", size=10))
    parts.append(text(second + width / 2, bottom + 16,
                      f"{len(curves['ours']['epochs'][metric])} epochs", size=10))
    return SvgDrawing(svg(second + width + 20, bottom + 46, parts, f"Learning {TASKS[task]}"),
                      f"MiniLM learns {TASKS[task]}: means over the seeds, ours and PyTorch's.")
