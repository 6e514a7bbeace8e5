"""What torch's AdamW, the reference's linear schedule, its choice of parameters that decay and
torch's clipping do, step by step, in float64."""

import torch
from transformers import Trainer, get_linear_schedule_with_warmup

from make_models import CLASSES, Sizes, make_config, class_of
from store import HERE, Manifest, float32_values, randn, write_json

STEPS = 8
SCHEDULES = [(10, 0), (10, 3), (10, 10), (7, 1), (1, 0), (345, 0), (20, 4)]
SHOWN = 25  # learning rates of longer schedules are given for the first and last steps only


def gradients_of(name: str, size: int) -> list[list[float]]:
    """Ordinary gradients, then some so small that it shows where epsilon is added, then zero."""
    rows = [float32_values(randn(f"optimizer/{name}/{step}", size)) for step in range(STEPS)]
    for row in rows:
        row[0] *= 1e-8
        row[1] *= 1e-3
    rows[STEPS - 1] *= 0
    return [row.tolist() for row in rows]


def adamw(options: dict, decays: list[float]) -> dict:
    sizes = {"first": 4, "second": 3}
    start = {name: float32_values(randn(f"optimizer/{name}", n)) for name, n in sizes.items()}
    parameters = {name: value.clone().requires_grad_() for name, value in start.items()}
    groups = [{"params": [p], "weight_decay": d} for p, d in zip(parameters.values(), decays)]
    optimizer = torch.optim.AdamW(groups, foreach=False, **options)
    schedule = get_linear_schedule_with_warmup(optimizer, 2, STEPS + 2)
    gradients = {name: gradients_of(name, n) for name, n in sizes.items()}
    rates, after = [], {name: [] for name in sizes}
    for step in range(STEPS):
        rates.append(schedule.get_last_lr()[0])
        for name, parameter in parameters.items():
            parameter.grad = torch.tensor(gradients[name][step], dtype=torch.float64)
        optimizer.step()
        schedule.step()
        for name, parameter in parameters.items():
            after[name].append(parameter.tolist())
    return {
        "betas": options["betas"], "epsilon": options["eps"], "learning_rates": rates,
        "groups": [{"name": name, "weight_decay": decay, "start": start[name].tolist(),
                    "gradients": gradients[name], "parameters": after[name]}
                   for name, decay in zip(sizes, decays)],
    }


def schedule_values(steps: int, warmup: int) -> dict:
    """The learning rate of each update, the first being number 0; the last two are past the
    end."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = get_linear_schedule_with_warmup(optimizer, warmup, steps)
    factors = []
    for _ in range(steps + 2):
        factors.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    shown = list(range(len(factors)))
    if len(shown) > 2 * SHOWN:
        shown = shown[:SHOWN] + shown[-SHOWN:]
    return {"steps": steps, "warmup": warmup, "updates": shown,
            "factors": [factors[i] for i in shown]}


def decay_names(family: str, head: str) -> dict:
    model = class_of(family, head)(make_config(family, head, Sizes(layers=2)))
    names = [name for name, _ in model.named_parameters()]
    decayed = set(Trainer.get_decay_parameter_names(None, model)) & set(names)
    return {"model": f"{family}_{head}", "decay": sorted(decayed),
            "no_decay": sorted(set(names) - decayed)}


def clipping(max_norm: float, scale: float) -> dict:
    """Three gradients under one norm; left alone where the norm is below the maximum."""
    before = [float32_values(scale * randn(f"clip/{i}", n)) for i, n in enumerate((5, 3, 1))]
    parameters = [torch.zeros_like(g).requires_grad_() for g in before]
    for parameter, gradient in zip(parameters, before):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return {"max_norm": max_norm, "gradients": [g.tolist() for g in before], "norm": norm.item(),
            "clipped": [p.grad.tolist() for p in parameters]}


def make(manifest: Manifest) -> None:
    plain = {"lr": 1e-2, "betas": (0.9, 0.999), "eps": 1e-8}
    report = {
        "adamw": [adamw(plain, [0.0, 0.0]), adamw(plain, [0.01, 0.0]),
                  adamw({"lr": 5e-4, "betas": (0.9, 0.98), "eps": 1e-6}, [0.1, 0.01])],
        "linear_schedule": [schedule_values(*case) for case in SCHEDULES],
        "clip": [clipping(1.0, 3.0), clipping(5.0, 0.1), clipping(1.0, 1e-3)],
        "decay": [decay_names(family, head) for family in ("bert", "distilbert")
                  for head in CLASSES],
    }
    path = HERE / "training" / "optimizer.json"
    write_json(path, report)
    manifest.add(path, "make_optimizer.py")
