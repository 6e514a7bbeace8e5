"""The table that ./dev bench prints, a line for each row as it is done."""

from typing import Any

TITLES = {"ours": "ours", "torch": "PyTorch", "torch_compiled": "compiled",
          "onnx": "ONNX Runtime", "ctranslate2": "CTranslate2", "tokenizers": "tokenizers",
          "flash_tokenizer": "flash-tokenizer", "one_thread": "on one thread",
          "gemm": "the BLAS alone"}
SIDES = ("ours", "torch", "torch_compiled", "onnx", "ctranslate2")
WIDTH = 46


def header() -> str:
    columns = "".join(f"{TITLES[side]:>14}" for side in SIDES)
    return f"{'':{WIDTH}}{columns}{'ratio':>8}{'spread':>15}{'goal':>7}"


def number(value: float) -> str:
    """Three digits or more, no more decimals than needed for that."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}"


def cell(values: dict[str, Any], side: str) -> str:
    """What a side did in the row, in the row's unit."""
    unit = values.get("unit", "per_second")
    if f"{side}_{unit}" not in values:
        return ""
    value = values[f"{side}_{unit}"]
    return {"per_second": lambda: f"{number(value)}/s",
            "s": lambda: f"{number(1e3 * value)} ms",
            "bytes": lambda: f"{number(1e-6 * value)} MB",
            "flops": lambda: f"{number(1e-9 * value)} GF/s",
            "bytes_per_second": lambda: f"{number(1e-6 * value)} MB/s",
            "lost": lambda: f"{100 * value:.2f} pts"}[unit]()


def goal(values: dict[str, Any]) -> str:
    if "goal" not in values:
        return ""
    return f"{values['goal']:.2f} {'met' if values['met'] else 'NOT MET'}"


def line(title: str, values: dict[str, Any]) -> str:
    """A row; the ratio is to the best peer, which is marked by a star."""
    columns = ""
    for side in SIDES:
        star = "*" if values.get("best_peer") == side else " "
        columns += f"{cell(values, side):>13}{star}"
    others = [f"{TITLES[side]} {cell(values, side)}" for side in TITLES
              if side not in SIDES and cell(values, side)]
    spread = (f"{values['ratio_min']:.2f} … {values['ratio_max']:.2f}"
              if "ratio_min" in values else "")
    return (f"{title:{WIDTH}}{columns}{values['ratio']:8.2f}{spread:>15}   "
            f"{goal(values):13}{', '.join(others)}").rstrip()
