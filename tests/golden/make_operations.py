"""Each operation alone, in float64: inputs, output, a gradient that arrives at the output, and
the gradients that leave at the inputs. All inputs are values that float32 holds exactly."""

from typing import Callable

import torch
import torch.nn.functional as F

from store import HERE, Manifest, float32_values, randint, randn, write_tensors

Tensors = dict[str, torch.Tensor]


def values(name: str, *shape: int) -> torch.Tensor:
    return float32_values(randn(f"operations/{name}", *shape))


def differentiate(function: Callable, inputs: Tensors, upstream: torch.Tensor,
                  dtype: torch.dtype) -> Tensors:
    inputs = {k: v.detach().to(dtype).requires_grad_() for k, v in inputs.items()}
    output = function(**inputs)
    output.backward(upstream.to(dtype).view_as(output))
    result = {"output": output.detach().reshape(upstream.shape)}
    result |= {f"gradient.{name}": value.grad for name, value in inputs.items()}
    return {name: value.double() for name, value in result.items()}


def noise_floor(exact: Tensors, single: Tensors) -> dict[str, float]:
    """Deviation of PyTorch's own float32 from its float64, relative to each tensor's scale."""
    floor = {}
    for name, value in exact.items():
        ratio = (single[name] - value).abs().max() / value.abs().max()
        floor[name] = float(f"{ratio:.2g}")
    return floor


def write_operation(manifest: Manifest, name: str, function: Callable, inputs: Tensors,
                    constants: Tensors | None = None) -> None:
    shape = function(**inputs).shape or (1,)
    upstream = values(f"{name}/upstream", *shape)
    exact = differentiate(function, inputs, upstream, torch.float64)
    single = differentiate(function, inputs, upstream, torch.float32)
    path = HERE / "operations" / f"{name}.safetensors"
    extra = {"upstream.output": upstream} | (constants or {})
    write_tensors(path, inputs | exact | extra)
    manifest.add(path, "make_operations.py", noise_floor=noise_floor(exact, single))


def linear(manifest: Manifest) -> None:
    inputs = {"input": values("linear/input", 7, 5), "weight": values("linear/weight", 4, 5),
              "bias": values("linear/bias", 4)}
    write_operation(manifest, "linear", F.linear, inputs)


def embedding(manifest: Manifest) -> None:
    """Ids repeat, and 0 occurs: PyTorch gives no gradient to a row declared as padding, which
    is how the reference's models declare row 0 of the word table."""
    ids = torch.tensor([3, 1, 3, 10, 0, 7, 3, 0, 5])
    table = values("embedding/table", 11, 6)
    upstream = values("embedding/upstream", len(ids), 6)
    plain = table.clone().requires_grad_()
    F.embedding(ids, plain).backward(upstream)
    padded = table.clone().requires_grad_()
    F.embedding(ids, padded, padding_idx=0).backward(upstream)
    path = HERE / "operations" / "embedding.safetensors"
    write_tensors(path, {
        "ids": ids, "table": table, "output": F.embedding(ids, table),
        "upstream.output": upstream, "gradient.table": plain.grad,
        "gradient.table_with_padding_0": padded.grad,
    })
    manifest.add(path, "make_operations.py")


def layer_norm(manifest: Manifest) -> None:
    """Rows: four ordinary ones, one a thousandth of them, two that are nearly constant (where
    the mean of squares minus the square of the mean loses its digits), one large."""
    rows = values("layer_norm/input", 8, 12)
    rows[4] *= 1e-3
    rows[5] = 0.5 + 0.01 * rows[5]
    rows[6] = -2 + 0.05 * rows[6]
    rows[7] *= 1e3
    inputs = {"input": float32_values(rows), "weight": 1 + 0.25 * values("layer_norm/weight", 12),
              "bias": values("layer_norm/bias", 12)}
    inputs = {name: float32_values(value) for name, value in inputs.items()}
    write_operation(manifest, "layer_norm",
                    lambda input, weight, bias: F.layer_norm(input, (12,), weight, bias, 1e-12),
                    inputs, {"epsilon": torch.tensor([1e-12], dtype=torch.float64)})


def element_wise(manifest: Manifest) -> None:
    """GELU where its tanh form differs most (2.699), at its tails, at zero and around it."""
    special = torch.tensor([0.0, 1e-8, -1e-8, 2.699, -2.699, 1.0, -1.0, 6.0, -6.0, 14.0, -14.0,
                            30.0, -30.0, 0.5, -0.5, -0.7518], dtype=torch.float64)
    points = torch.cat([special, 2 * values("element_wise/input", 48)]).reshape(4, 16)
    inputs = {"input": float32_values(points)}
    write_operation(manifest, "gelu", lambda input: F.gelu(input), inputs)
    write_operation(manifest, "tanh", torch.tanh, inputs)
    write_operation(manifest, "relu", torch.relu, inputs)


def softmax(manifest: Manifest) -> None:
    """Rows far from zero overflow where the maximum is not subtracted first."""
    rows = 2 * values("softmax/input", 6, 7)
    rows[3] += 1000
    rows[4] -= 1000
    rows[5, 2] = 90
    write_operation(manifest, "softmax", lambda input: F.softmax(input, -1),
                    {"input": float32_values(rows)})


def losses(manifest: Manifest) -> None:
    logits = 2 * values("softmax_cross_entropy/logits", 9, 7)
    logits[6] += 500
    labels = torch.tensor([3, -100, 0, 6, -100, 2, 1, 3, -100])
    write_operation(manifest, "softmax_cross_entropy",
                    lambda logits: F.cross_entropy(logits, labels, ignore_index=-100),
                    {"logits": float32_values(logits)}, {"labels": labels})
    target = values("mean_squared_error/target", 6)
    write_operation(manifest, "mean_squared_error",
                    lambda prediction: F.mse_loss(prediction.squeeze(1), target.to(prediction)),
                    {"prediction": values("mean_squared_error/prediction", 6, 1)},
                    {"target": target})
    teacher, mask = values("masked_mse/teacher", 7, 5), torch.tensor([1, 0, 1, 1, 0, 1, 1])

    def masked(student):
        chosen = mask.bool()
        difference = student[chosen] - teacher.to(student)[chosen]
        return (difference**2).sum() / chosen.sum()

    write_operation(manifest, "masked_mean_squared_error", masked,
                    {"student": values("masked_mse/student", 7, 5)},
                    {"teacher": teacher, "mask": mask})


def dropout(manifest: Manifest) -> None:
    """Inverted dropout with the mask given: 1 keeps, 0 drops, kept values grow by 1/(1-p)."""
    mask = (randint("dropout/mask", 0, 10, 6, 8) >= 3).long()
    write_operation(manifest, "dropout", lambda input: input * mask.to(input) / (1 - 0.3),
                    {"input": values("dropout/input", 6, 8)},
                    {"mask": mask, "probability": torch.tensor([0.3], dtype=torch.float64)})


def attention(manifest: Manifest) -> None:
    """Three heads of four over packed sequences; each sequence attends to itself only."""
    heads, offsets = 3, [0, 5, 6, 15, 17]
    inputs = {name: float32_values(1.5 * values(f"attention/{name}", offsets[-1], 12))
              for name in ("query", "key", "value")}

    def one(query, key, value):
        query, key, value = (t.reshape(len(t), heads, -1).transpose(0, 1)
                             for t in (query, key, value))
        scores = query @ key.transpose(1, 2) * query.shape[-1] ** -0.5
        probabilities = F.softmax(scores, -1)
        return (probabilities @ value).transpose(0, 1).reshape(query.shape[1], -1), probabilities

    spans = list(zip(offsets, offsets[1:]))

    def packed(**inputs):
        return torch.cat([one(*(t[b:e] for t in inputs.values()))[0] for b, e in spans])

    constants = {"heads": torch.tensor([heads]), "sequence_offsets": torch.tensor(offsets)}
    for i, (b, e) in enumerate(spans):
        constants[f"probabilities.{i}"] = one(*(t[b:e] for t in inputs.values()))[1]
    write_operation(manifest, "attention", packed, inputs, constants)


def make(manifest: Manifest) -> None:
    for operation in (linear, embedding, layer_norm, element_wise, softmax, losses, dropout,
                      attention):
        operation(manifest)
