"""Chapter 10's tables and curves, from the results of ./dev bench glue and ablation and of
./dev glue."""

from __future__ import annotations

import html
import json
import math
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
CONTRASTS = {"soft_labels_alone": "soft labels alone less labels alone",
             "soft_labels": "both less labels alone", "hard_labels": "both less soft labels alone",
             "cosine": "both and cosine less both",
             "initialisation": "both less both, random weights"}
NOTHING = "–"


def load(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))


def by_task(result: dict[str, Any]) -> dict[str, Any]:
    """A result's values by task, in GLUE's order."""
    return {task: result["values"][task] for task in TASKS if task in result["values"]}


def table_html(head: list[str], rows: list[list[str]]) -> str:
    """The first two columns are names, the others measured."""
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = ""
    for row in rows:
        body += "<tr>" + "".join(
            f"<td>{html.escape(cell)}</td>" if place < 2
            else f'<td class="measured">{html.escape(cell)}</td>'
            for place, cell in enumerate(row)) + "</tr>"
    return f'<table class="results"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def origins(result: dict[str, Any], name: str) -> list[str]:
    """The machines or the dates of the runs; where they don't say, of the report."""
    found = {one for row in result["values"].values() if isinstance(row, dict)
             for one in row.get(f"{name}s", [])}
    return sorted(found) or [result[name]]


def with_source(result: dict[str, Any], *tables: str) -> str:
    """Tables, and under them what was measured, by which command, where and when."""
    what = result["what"][0].upper() + result["what"][1:]
    machines, dates = " and ".join(origins(result, "machine")), origins(result, "date")
    when = " to ".join(dict.fromkeys((dates[0], dates[-1])))
    return (f'<figure class="results">{"".join(tables)}<figcaption class="measured">'
            f"{html.escape(what)}. Measured by <code>{html.escape(result['command'])}</code> on "
            f"{html.escape(machines)}, {html.escape(when)}.</figcaption></figure>")


def count(number: int | None) -> str:
    return NOTHING if number is None else f"{number:,}"


def percent(value: float | None) -> str:
    """A score, or a dash where there is none: Pearson's of a constant, say."""
    return NOTHING if value is None else f"{100 * value:.1f}"


def spread(mean: float | None, deviation: float | None) -> str:
    return percent(mean) + (f" ± {percent(deviation)}" if deviation is not None else "")


def signed(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")


def p_value(p: float | None) -> str:
    """Three decimals, and one more where three wouldn't tell on which side of 0.01 it is."""
    if p is None:
        return NOTHING
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}" if p < 0.02 else f"{p:.3f}"


def seeds(row: dict[str, Any]) -> str:
    """How many there are, of both sides where they differ."""
    ours, theirs = (len(row[side]) for side in SIDES)
    return str(ours) if ours == theirs else f"{ours}, {theirs}"


def difference(row: dict[str, Any]) -> str:
    """Ours less PyTorch's in points, and where the true difference may lie."""
    points = signed(100 * (row["ours_mean"] - row["torch_mean"]))
    interval = row.get("difference_interval_points")
    return points if interval is None else f"{points} ({' … '.join(map(signed, interval))})"


def glue(file: Path) -> str:
    """Both sides of every task's metrics, and what design section 5 (b) says of them."""
    result = load(file)
    rows = []
    for task, values in by_task(result).items():
        for metric, row in values["metrics"].items():
            alike = row.get("reproduced")
            rows.append([TASKS[task], METRICS[metric], count(values.get("train_rows")),
                         count(values.get("epochs")), seeds(row),
                         percent(values.get("majority", {}).get(metric)),
                         *(spread(row[f"{side}_mean"], row[f"{side}_sd"]) for side in SIDES),
                         difference(row), p_value(row["welch_p"]),
                         NOTHING if alike is None else "yes" if alike else "no"])
    return with_source(result, table_html(
        ["task", "metric", "rows", "epochs", "seeds", "majority",
         *(title for title, _ in SIDES.values()), "points", "p", "alike"], rows))


def ablation(file: Path) -> str:
    """The teacher, and the student by each variant; then the differences of variants that show
    what a part brings, in points."""
    result = load(file)
    metrics = [(TASKS[task], METRICS[metric], row) for task, values in by_task(result).items()
               for metric, row in values.items() if metric in METRICS]
    scores = table_html(
        ["task", "metric", "teacher", *VARIANTS.values()],
        [[task, metric, *(spread(row[name]["mean"], row[name]["sd"])
                          for name in ("teacher", *VARIANTS))] for task, metric, row in metrics])
    return with_source(result, scores, table_html(
        ["task", "metric", *CONTRASTS.values()],
        [[task, metric, *(contrast(row["contrasts"][part]) for part in CONTRASTS)]
         for task, metric, row in metrics]))


def contrast(found: dict[str, Any]) -> str:
    """A difference of two variants, in points."""
    deviation, p = found["sd"], found["p"]
    return (signed(found["mean"]) + (f" ± {deviation:.1f}" if deviation is not None else "")
            + (f", p {p_value(p)}" if p is not None else ""))


def small_glue(file: Path) -> str:
    """Teacher and distilled student on the small tasks, beside an answer that reads nothing."""
    result = load(file)
    tasks = [(TASKS[task], METRICS[metric], row) for task, metrics in by_task(result).items()
             for metric, row in metrics.items()]
    tasks += [("average", metric.replace("_", " "), row)
              for metric, row in result["values"].get("average", {}).items()]
    rows = [[task, metric, percent(row.get("majority")),
             *(spread(row[side]["mean"], row[side].get("deviation"))
               for side in ("teacher", "model")),
             percent(row.get("retained")), p_value(row.get("p"))] for task, metric, row in tasks]
    return with_source(result, table_html(
        ["task", "metric", "majority", "teacher", "student", "retained", "p"], rows))


def axis(low: float, high: float) -> list[float]:
    """Round numbers, three to six of them, the first and the last around all values."""
    span = (high - low) or 1.0
    step = 10.0 ** math.floor(math.log10(span / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if span / (factor * step) <= 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * i for i in range(first, max(last, first + 1) + 1)]


def learning_curves(task: str, folder: Path = RESULTS) -> SvgDrawing:
    """The training loss of both sides over the steps, and dev's first metric after each epoch."""
    curves = by_task(load(folder / "glue.json"))[task]["curves"]
    left, top, width, height = 44, 22, 250, 170
    second, bottom = left + width + 70, top + height
    metric = next(iter(curves["ours"]["epochs"]))
    means = {side: [100 * score for score in curves[side]["epochs"][metric]] for side in SIDES}
    each = {side: [[100 * score for score in seed]
                   for seed in curves[side].get("epoch_seeds", {}).get(metric, [])]
            for side in SIDES}
    scores = [score for side in SIDES for line in (means[side], *each[side]) for score in line]
    losses = axis(0, max(max(curves[side]["losses"]) for side in SIDES))
    marks = axis(min(scores), max(scores))
    parts = []
    for begin, title, ticks in ((left, "training loss", losses),
                                (second, f"{METRICS[metric]} on dev, per cent", marks)):
        parts.append(text(begin - 34, 10, title, size=11, anchor="start", style="faint"))
        for tick in ticks:
            y = level(tick, ticks, bottom, height)
            parts.append(segment(begin, y, begin + width, y))
            parts.append(text(begin - 6, y + 4, f"{tick:.3g}", size=10, anchor="end"))
    epochs = len(means["ours"])
    for row, (side, (title, colour)) in enumerate(SIDES.items()):
        line = [(left + width * (i + 0.5) / len(curves[side]["losses"]),
                 level(loss, losses, bottom, height))
                for i, loss in enumerate(curves[side]["losses"])]
        parts.append(path(line, 1))
        parts += [dot(x, y, colour, 2) for x, y in line]
        middles = [second + width * (i + 0.5) / epochs for i in range(epochs)]
        # The sides' seeds stand beside each other.
        parts += [dot(x + 16 * row - 8, level(score, marks, bottom, height), f"{colour} soft", 3)
                  for seed in each[side] for x, score in zip(middles, seed)]
        points = [(x, level(score, marks, bottom, height))
                  for x, score in zip(middles, means[side])]
        parts.append(path(points, 1))
        parts += [dot(x, y, colour, 4) for x, y in points]
        parts.append(dot(left + 90 * row + 4, bottom + 34, colour, 4))
        parts.append(text(left + 90 * row + 14, bottom + 38, title, size=11, anchor="start"))
    parts.append(text(left + width / 2, bottom + 16, f"{curves['ours']['steps']} steps", size=10))
    parts += [text(second + width * (i + 0.5) / epochs, bottom + 16, f"epoch {i + 1}", size=10)
              for i in range(epochs)]
    faint = "; faint, each seed's score" if any(each.values()) else ""
    return SvgDrawing(svg(second + width + 20, bottom + 46, parts, f"Learning {TASKS[task]}"),
                      f"MiniLM learns {TASKS[task]}: means over the seeds, ours and "
                      f"PyTorch's{faint}.")


def level(value: float, ticks: list[float], bottom: float, height: float) -> float:
    """Where a value stands on an axis that goes up from `bottom`."""
    return bottom - height * (value - ticks[0]) / (ticks[-1] - ticks[0])
