"""Twenty steps of training of two of the small models, dropout off, in float64: losses,
gradient norms, learning rates and every parameter at the end. One decays its weights, by the
reference's rule; both clip, and warm up."""

import copy

import torch
from transformers import Trainer, get_linear_schedule_with_warmup

from make_models import Batch, Sizes, class_of, forward, make_batch, make_labels, packed_inputs
from store import HERE, Manifest, randint, write_tensors

STEPS, ROWS, BATCH, WARMUP, RATE, MAX_NORM = 20, 14, 4, 4, 5e-3, 1.0
CASES = [("bert", "sequence_classification", 0.01), ("distilbert", "regression", 0.0)]


def load(family: str, head: str, dtype: torch.dtype):
    folder = HERE / "models" / f"{family}_{head}"
    model = class_of(family, head).from_pretrained(folder, dtype=dtype,
                                                   attn_implementation="eager")
    return model.eval()


def select(batch: Batch, rows: list[int]) -> Batch:
    lengths = [batch.lengths[i] for i in rows]
    longest = max(lengths)
    return Batch(batch.ids[rows, :longest], batch.types[rows, :longest],
                 batch.mask[rows, :longest], lengths)


def parameter_groups(model, decay: float) -> list[dict]:
    decayed = set(Trainer.get_decay_parameter_names(None, model))
    named = list(model.named_parameters())
    return [
        {"params": [p for n, p in named if n in decayed], "weight_decay": decay},
        {"params": [p for n, p in named if n not in decayed], "weight_decay": 0.0},
    ]


def train(model, batch: Batch, labels, order, decay: float) -> dict[str, torch.Tensor]:
    optimizer = torch.optim.AdamW(parameter_groups(model, decay), lr=RATE, foreach=False)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, STEPS)
    if labels.is_floating_point():
        labels = labels.to(model.dtype)
    losses, norms, rates = [], [], []
    for rows in order.tolist():
        rates.append(schedule.get_last_lr()[0])
        loss = forward(model, select(batch, rows), labels=labels[rows])[0].loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM).item())
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    result = {"losses": losses, "gradient_norms": norms, "learning_rates": rates}
    tensors = {k: torch.tensor(v, dtype=torch.float64) for k, v in result.items()}
    return tensors | {f"final.{n}": p.detach().double() for n, p in model.named_parameters()}


def make_case(family: str, head: str, decay: float, manifest: Manifest) -> None:
    name = f"tiny_{family}"
    lengths = [int(n) for n in randint(f"{name}/lengths", 1, 20, ROWS)]
    sizes = Sizes(lengths=lengths)
    batch = make_batch(family, sizes, name)
    labels = make_labels(head, batch, sizes, name)
    order = torch.stack([randint(f"{name}/order/{step}", 0, ROWS, BATCH)
                         for step in range(STEPS)])
    exact = train(load(family, head, torch.float64), batch, labels, order, decay)
    single = train(load(family, head, torch.float32), batch, copy.deepcopy(labels), order, decay)
    loss, loss32 = exact["losses"], single["losses"]
    floor = ((loss - loss32).abs() / loss.clamp(min=0.1)).max()
    path = HERE / "training" / f"{name}.safetensors"
    write_tensors(path, packed_inputs(batch, labels) | {"order": order} | exact)
    manifest.add(path, "make_tiny_training.py", model=f"models/{family}_{head}",
                 recipe={"steps": STEPS, "learning_rate": RATE, "warmup_steps": WARMUP,
                         "weight_decay": decay, "max_grad_norm": MAX_NORM,
                         "betas": [0.9, 0.999], "epsilon": 1e-8, "dropout": 0},
                 noise_floor={"losses": float(f"{floor:.2g}")})


def make(manifest: Manifest) -> None:
    for case in CASES:
        make_case(*case, manifest)
