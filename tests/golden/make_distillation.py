"""A whole distillation step on tiny models, in float64: a masked BERT teacher, a DistilBERT
student, the three losses, their sum and all gradients; and values small enough for a pencil.

Weights follow a rule instead of a file: parameters in the ASCII order of their names (tied ones
once, under the embedding's name), k the place counted from 0, i the index into the row-major
values; "printed" holds 0.1 sin(k + 1 + i), "full_rank" 0.5 sin(k + i + i^2 / 7); LayerNorm
weights add 1. Matrices of the first rule have rank 2 and barely tell the two directions of the
KL divergence apart; those of the second do."""

import json
from typing import Callable

import torch
import torch.nn.functional as F
from transformers import BertConfig, BertForMaskedLM, DistilBertConfig, DistilBertForMaskedLM

from store import HERE, Manifest, float32_values, randn, write_json, write_tensors

TEMPERATURE = 2.0
WEIGHTS = {"soft": 5.0, "masked_lm": 2.0, "cosine": 1.0}
IDS = [[2, 5, 4, 7, 3], [2, 6, 8, 9, 10, 3]]
LABELS = [[-100, -100, 6, -100, -100], [-100, 6, -100, -100, 1, -100]]
RULES: dict[str, Callable] = {
    "printed": lambda k, i: 0.1 * torch.sin(k + 1 + i),
    "full_rank": lambda k, i: 0.5 * torch.sin(k + i + i * i / 7),
}
TEACHER = BertConfig(vocab_size=11, hidden_size=8, num_hidden_layers=4, num_attention_heads=2,
                     intermediate_size=16, max_position_embeddings=6, type_vocab_size=2)
STUDENT = DistilBertConfig(vocab_size=11, dim=8, n_layers=2, n_heads=2, hidden_dim=16,
                           max_position_embeddings=6)


def fill(model, rule: Callable):
    model.double()
    for k, (name, parameter) in enumerate(sorted(model.named_parameters())):
        value = rule(k, torch.arange(parameter.numel(), dtype=torch.float64))
        if "norm" in name.lower() and name.endswith("weight"):
            value = value + 1
        with torch.no_grad():
            parameter.copy_(value.view_as(parameter))
    model.set_attn_implementation("eager")
    return model.eval()


def soft_loss(student, teacher, temperature=TEMPERATURE):
    """KL(teacher || student) of the softened distributions, mean over rows, times T^2."""
    return F.kl_div(F.log_softmax(student / temperature, -1), F.softmax(teacher / temperature, -1),
                    reduction="batchmean") * temperature**2


def cosine_loss(student, teacher):
    return F.cosine_embedding_loss(student, teacher, torch.ones(len(student)).to(student))


def padded(rows: list[list[int]], fill_value: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [fill_value] * (longest - len(row)) for row in rows])


def step(rule: Callable):
    """Both models' outputs, the losses and, in the student's parameters, the gradients."""
    teacher, student = fill(BertForMaskedLM(TEACHER), rule), fill(DistilBertForMaskedLM(STUDENT),
                                                                  rule)
    ids = padded(IDS, 0)
    mask = padded([[1] * len(row) for row in IDS], 0)
    labels, real = padded(LABELS, -100), mask.bool()
    with torch.no_grad():
        of_teacher = teacher(input_ids=ids, attention_mask=mask, output_hidden_states=True)
    of_student = student(input_ids=ids, attention_mask=mask, output_hidden_states=True)
    s, t = of_student.logits[real], of_teacher.logits[real]
    hs, ht = of_student.hidden_states[-1][real], of_teacher.hidden_states[-1][real]
    terms = {
        "soft": soft_loss(s, t),
        "masked_lm": F.cross_entropy(s, labels[real], ignore_index=-100),
        "cosine": cosine_loss(hs, ht),
        "mean_squared_error": ((s - t) ** 2).sum() / len(s),
    }
    return student, {"student": (s, hs), "teacher": (t, ht)}, terms


def make_step(name: str, manifest: Manifest) -> None:
    student, outputs, terms = step(RULES[name])
    total = sum(weight * terms[term] for term, weight in WEIGHTS.items())
    total.backward()
    gradients = {n: p.grad for n, p in student.named_parameters()}
    tensors = {f"gradient.{n}": g for n, g in gradients.items()}
    for side, (logits, hidden) in outputs.items():
        tensors |= {f"logits.{side}": logits, f"hidden_states.{side}": hidden}
    path = HERE / "distillation" / f"{name}.safetensors"
    write_tensors(path, tensors)
    manifest.add(path, "make_distillation.py")
    s, t = outputs["student"][0].detach(), outputs["teacher"][0]
    losses = {key: value.item() for key, value in terms.items()} | {"total": total.item()}
    norm = torch.stack([g.norm() for g in gradients.values()]).norm().item()
    report = {
        "rule": {"printed": "0.1*sin(k+1+i)", "full_rank": "0.5*sin(k+i+i*i/7)"}[name],
        "teacher": configuration(TEACHER), "student": configuration(STUDENT),
        "teacher_parameters": len(list(fill(BertForMaskedLM(TEACHER), RULES[name]).parameters())),
        "student_parameters": len(gradients),
        "temperature": TEMPERATURE, "weights": WEIGHTS, "input_ids": IDS, "labels": LABELS,
        "losses": losses,
        "soft_the_other_way_round": soft_loss(t, s).item(),
        "gradient_norm": norm,
        "gradient_absolute_sums": {n: gradients[n].abs().sum().item() for n in sorted(gradients)},
        "teacher_logits_token_1": t[1].tolist(), "student_logits_token_1": s[1].tolist(),
    }
    if name == "printed":
        check_printed(losses, norm)
    path = path.with_suffix(".json")
    write_json(path, report)
    manifest.add(path, "make_distillation.py")


def configuration(config) -> dict:
    """The keys of config.json that shape the model."""
    keys = ("model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
            "intermediate_size", "type_vocab_size", "dim", "n_layers", "n_heads", "hidden_dim",
            "max_position_embeddings")
    return {key: value for key, value in config.to_dict().items() if key in keys}


def check_printed(losses: dict[str, float], norm: float) -> None:
    """Digits of an independent run of the same step, so that this file cannot drift."""
    known = {"soft": 0.005760103501, "masked_lm": 2.284641335695, "cosine": 0.333153713796,
             "mean_squared_error": 0.126976611291, "total": 4.931236902691}
    for name, value in known.items():
        assert abs(losses[name] - value) < 1e-12, name
    assert abs(norm - 4.891057762430) < 1e-12


def gradient_case(function: Callable, student: list, teacher: list, **notes) -> dict:
    s = torch.tensor(student, dtype=torch.float64, requires_grad=True)
    t = torch.tensor(teacher, dtype=torch.float64)
    loss = function(s, t)
    loss.backward()
    return {"student": student, "teacher": teacher, **notes, "loss": loss.item(),
            "gradient": s.grad.tolist()}


def adamw_steps() -> dict:
    parameter = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.AdamW([parameter], lr=0.1, weight_decay=0.01, eps=1e-8)
    gradients, result = [0.5, -0.2, 0.3], []
    for gradient in gradients:
        parameter.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
        result.append(parameter.item())
    return {"start": 1.0, "learning_rate": 0.1, "weight_decay": 0.01, "epsilon": 1e-8,
            "betas": [0.9, 0.999], "gradients": gradients, "parameters": result}


def clipped() -> dict:
    parameter = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor([1.8, 2.4], dtype=torch.float64)
    norm = torch.nn.utils.clip_grad_norm_([parameter], 1.0).item()
    return {"gradient": [1.8, 2.4], "max_norm": 1.0, "norm": norm,
            "clipped": parameter.grad.tolist(), "clipped_norm": parameter.grad.norm().item()}


def gelu_values() -> dict:
    x = torch.tensor([-3, -2.699, -1, -0.5, 0, 0.5, 1, 2.699, 3], dtype=torch.float64)
    x.requires_grad_()
    y = F.gelu(x)
    y.sum().backward()
    return {"x": x.tolist(), "y": y.tolist(), "derivative": x.grad.tolist(),
            "tanh_form": F.gelu(x, approximate="tanh").tolist()}


def make_pencil(manifest: Manifest) -> None:
    first = ([[1.0, 2, 3], [0, 0, 1]], [[2.0, 1, 0], [0, 1, 0]])
    second = ([[1.0, 2, 4], [0, 0, 1]], [[2.0, 1, 0], [3, 1, 0]])
    rows = torch.tensor([[1.0, 2, 3, 4]], dtype=torch.float64)
    nothing = ([[1.0, 2, 3], [0, 0, 0], [1, 0, 0]], [[3.0, 2, 1], [1, 2, 3], [0, 0, 0]])
    report = {
        "soft_loss": [gradient_case(soft_loss, *first, temperature=2.0,
                                    note="rows are permutations: both directions agree"),
                      gradient_case(soft_loss, *second, temperature=2.0)],
        "soft_loss_the_other_way_round": soft_loss(
            *(torch.tensor(m, dtype=torch.float64) for m in reversed(second))).item(),
        "mean_squared_error": gradient_case(
            lambda s, t: ((s - t) ** 2).sum() / len(s), *first),
        "cosine_loss": [gradient_case(cosine_loss, [[1.0, 2, 3]], [[3.0, 2, 1]]),
                        gradient_case(cosine_loss, [[1.0, 2, 3]], [[0.0, 0, 0]],
                                      note="an all-zero row counts 1"),
                        gradient_case(cosine_loss, *nothing)],
        "adamw": adamw_steps(), "clip": clipped(), "gelu": gelu_values(),
        "layer_norm": {"x": rows[0].tolist(), "epsilon": 1e-12,
                       "y": F.layer_norm(rows, (4,), eps=1e-12)[0].tolist()},
    }
    path = HERE / "distillation" / "pencil.json"
    write_json(path, report)
    json.loads(path.read_text())
    manifest.add(path, "make_distillation.py")


def make_losses(manifest: Manifest) -> None:
    """The soft and the cosine loss on random rows at several temperatures, with gradients."""
    tensors = {}
    student, teacher = (float32_values(2 * randn(f"distillation/{side}", 9, 13))
                        for side in ("student", "teacher"))
    teacher[8] = 0
    cases = {f"soft_{t:g}": (lambda s, t=t: soft_loss(s, teacher, t)) for t in (1.0, 2.0, 4.5)}
    cases["cosine"] = lambda s: cosine_loss(s, teacher)
    for name, function in cases.items():
        s = student.clone().requires_grad_()
        loss = function(s)
        loss.backward()
        tensors |= {f"loss.{name}": loss.detach().reshape(1), f"gradient.{name}": s.grad}
    path = HERE / "distillation" / "losses.safetensors"
    write_tensors(path, tensors | {"student": student, "teacher": teacher})
    manifest.add(path, "make_distillation.py")


def make(manifest: Manifest) -> None:
    for name in RULES:
        make_step(name, manifest)
    make_pencil(manifest)
    make_losses(manifest)
