"""Small random BERT and DistilBERT models with every head: weights as a Hugging Face folder,
and what PyTorch computes from them in float64: hidden states, logits, loss and gradients."""

import copy
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
import transformers
from safetensors import safe_open

from store import HERE, Manifest, float32_values, randint, randn, write_tensors

FAMILIES = {"bert": "Bert", "distilbert": "DistilBert"}
CLASSES = {
    "body": "Model",
    "masked_lm": "ForMaskedLM",
    "sequence_classification": "ForSequenceClassification",
    "regression": "ForSequenceClassification",
    "token_classification": "ForTokenClassification",
    "question_answering": "ForQuestionAnswering",
}
LABELS = {"sequence_classification": 3, "regression": 1, "token_classification": 5}
LENGTHS = [7, 1, 40, 2, 12, 5]
# Where these three meet, the row that enters the first layer norm of a bare body is a thousandth
# of the others, and an epsilon of 1e-5 instead of 1e-12 changes it beyond recognition. Models
# with a head go without: that row's gradient is a thousand times the others' and would hide
# their errors.
SMALL_WORD, SMALL_POSITION, SMALL_TYPE, SMALL = 7, 3, 0, 1e-3


@dataclass
class Sizes:
    hidden: int = 24
    layers: int = 3
    heads: int = 4
    intermediate: int = 48
    vocabulary: int = 61
    positions: int = 40
    lengths: list[int] = field(default_factory=lambda: list(LENGTHS))


@dataclass
class Batch:
    """Sequences padded with zeros to the longest; mask is true at real tokens."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    lengths: list[int]

    def pack(self, padded: torch.Tensor) -> torch.Tensor:
        """[n, longest, ...] to [tokens, ...]: the real tokens, one after another."""
        return padded[self.mask]

    def offsets(self) -> torch.Tensor:
        return torch.cumsum(torch.tensor([0] + self.lengths), 0)


def make_config(family: str, head: str, sizes: Sizes, **extra):
    options = {"vocab_size": sizes.vocabulary, "max_position_embeddings": sizes.positions}
    if head in LABELS:
        options["num_labels"] = LABELS[head]
    if family == "bert":
        options |= {
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.intermediate,
        }
        return transformers.BertConfig(**(options | extra))
    options |= {
        "dim": sizes.hidden,
        "n_layers": sizes.layers,
        "n_heads": sizes.heads,
        "hidden_dim": sizes.intermediate,
    }
    return transformers.DistilBertConfig(**(options | extra))


def class_of(family: str, head: str):
    return getattr(transformers, FAMILIES[family] + CLASSES[head])


def fill(model, name: str, small: float) -> None:
    """Full-rank random weights in which nothing is trivial: biases and layer norms included."""
    for parameter_name, parameter in model.named_parameters():
        value = randn(f"{name}/{parameter_name}", *parameter.shape)
        if parameter_name.endswith("bias"):
            value *= 0.3
        elif "norm" in parameter_name.lower():
            value = 1 + 0.2 * value
        elif "embeddings" in parameter_name:
            value *= 0.5
        else:
            value *= 1.3 / parameter.shape[1] ** 0.5
        for table, row in (
            ("word_embeddings", SMALL_WORD),
            ("position_embeddings", SMALL_POSITION),
            ("token_type_embeddings", SMALL_TYPE),
        ):
            if table in parameter_name:
                value[row] *= small
        with torch.no_grad():
            parameter.copy_(value)


def make_model(family: str, head: str, sizes: Sizes, name: str, **extra):
    model = class_of(family, head)(make_config(family, head, sizes, **extra))
    fill(model, name, SMALL if head == "body" else 1.0)
    model.set_attn_implementation("eager")
    return model.eval()


def make_batch(family: str, sizes: Sizes, name: str) -> Batch:
    """Random ids above 0 (0 is padding); types of a pair, of a single text, and mixed ones."""
    longest = max(sizes.lengths)
    ids = torch.zeros(len(sizes.lengths), longest, dtype=torch.int64)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, length in enumerate(sizes.lengths):
        ids[i, :length] = randint(f"{name}/ids/{i}", 1, sizes.vocabulary, length)
        mask[i, :length] = 1
        if family == "bert" and i % 3 == 2:
            types[i, :length] = randint(f"{name}/types/{i}", 0, 2, length)
        elif family == "bert" and i % 3 == 0:
            types[i, length // 2 + 1 : length] = 1
        if length > SMALL_POSITION:
            ids[i, SMALL_POSITION], types[i, SMALL_POSITION] = SMALL_WORD, SMALL_TYPE
    return Batch(ids, types, mask.bool(), sizes.lengths)


def make_labels(head: str, batch: Batch, sizes: Sizes, name: str) -> torch.Tensor | None:
    """Labels in padded form; -100 marks positions without one."""
    n, key = len(batch.lengths), f"{name}/labels"
    if head == "sequence_classification":
        return randint(key, 0, LABELS[head], n)
    if head == "regression":
        return float32_values(2.5 + randn(key, n))
    if head == "question_answering":
        spans = [randint(f"{key}/{i}", 0, length, 2) for i, length in enumerate(batch.lengths)]
        return torch.stack(spans)
    if head in ("masked_lm", "token_classification"):
        classes = sizes.vocabulary if head == "masked_lm" else LABELS[head]
        labels = randint(key, 0, classes, *batch.ids.shape)
        share = 3 if head == "masked_lm" else 2
        kept = randint(f"{key}/kept", 0, 4, *batch.ids.shape) < share
        return labels.masked_fill(~(kept & batch.mask), -100)
    return None


def question_answering_loss(logits, labels, mask):
    """The mean over starts and ends of the cross-entropy over each sequence's own tokens.

    The reference lets padding compete for the span when a batch is padded; one sequence at a
    time it computes this (checked in `evaluate`)."""
    logits = logits.masked_fill(~mask[:, :, None], -torch.inf)
    return (F.cross_entropy(logits[..., 0], labels[:, 0])
            + F.cross_entropy(logits[..., 1], labels[:, 1])) / 2


def forward(model, batch: Batch, **labels):
    inputs = {"input_ids": batch.ids, "attention_mask": batch.mask.long()}
    if model.config.model_type == "bert":
        inputs["token_type_ids"] = batch.types
    pooled = []
    pooler = getattr(model.base_model, "pooler", None)
    hook = pooler.register_forward_hook(lambda *call: pooled.append(call[2])) if pooler else None
    output = model(**inputs, **labels, output_hidden_states=True)
    if hook:
        hook.remove()
    return output, pooled[0] if pooled else None


def logits_of(output, head: str) -> torch.Tensor:
    if head == "question_answering":
        return torch.stack([output.start_logits, output.end_logits], -1)
    return output.logits


def loss_of(model, head, batch, labels, output, pooled, upstream):
    if head == "body":
        loss = (output.last_hidden_state[batch.mask] * upstream["last_hidden_state"]).sum()
        return loss if pooled is None else loss + (pooled * upstream["pooler_output"]).sum()
    if head == "question_answering":
        return question_answering_loss(logits_of(output, head), labels, batch.mask)
    return output.loss


def evaluate(model, head: str, batch: Batch, labels, upstream, dtype) -> dict[str, torch.Tensor]:
    """All outputs and gradients of the model in the type given, returned as float64."""
    model = copy.deepcopy(model).to(dtype)
    given = {}
    if labels is not None and head != "question_answering":
        given["labels"] = labels.to(dtype) if labels.is_floating_point() else labels
    upstream = {key: value.to(dtype) for key, value in upstream.items()}
    output, pooled = forward(model, batch, **given)
    loss = loss_of(model, head, batch, labels, output, pooled, upstream)
    result = {f"hidden_states.{i}": batch.pack(h) for i, h in enumerate(output.hidden_states)}
    if pooled is not None:
        result["pooler_output"] = pooled
    if head != "body":
        logits = logits_of(output, head)
        by_token = head in ("masked_lm", "token_classification", "question_answering")
        result["logits"] = batch.pack(logits) if by_token else logits
    loss.backward()
    result["loss"] = loss.detach().reshape(1)
    for name, parameter in model.named_parameters():
        result[f"gradient.{name}"] = parameter.grad
    return {name: value.detach().double() for name, value in result.items()}


def one_by_one(model, head: str, batch: Batch, labels) -> tuple[torch.Tensor, torch.Tensor]:
    """Last hidden states, and question answering's loss, of each sequence alone, unpadded."""
    model = copy.deepcopy(model).double()
    hidden, losses = [], []
    for i, length in enumerate(batch.lengths):
        alone = Batch(batch.ids[i : i + 1, :length], batch.types[i : i + 1, :length],
                      batch.mask[i : i + 1, :length], [length])
        given = {}
        if head == "question_answering":
            given = {"start_positions": labels[i, :1], "end_positions": labels[i, 1:]}
        output, _ = forward(model, alone, **given)
        hidden.append(output.hidden_states[-1][0].detach())
        losses.append(output.loss.detach() if given else torch.tensor(0.0))
    return torch.cat(hidden), torch.stack(losses).mean()


def noise_floor(exact: dict, single: dict) -> dict[str, float]:
    """How far float32 is from float64 in PyTorch itself: the largest deviation of a forward
    tensor relative to its scale, and the largest share of a gradient's tolerance used up."""
    names = [name for name in exact if name.startswith("gradient.")]
    overall = torch.stack([exact[name].norm() for name in names]).norm()
    shares = [
        (single[name] - exact[name]).norm() / (1e-4 * exact[name].norm() + 1e-6 * overall)
        for name in names
    ]
    forward_names = [name for name in exact if name not in names]
    ratios = [(single[n] - exact[n]).abs().max() / exact[n].abs().max() for n in forward_names]
    return {
        "forward_relative": float(f"{max(ratios):.3g}"),
        "gradient_share_of_tolerance": float(f"{max(shares):.3g}"),
    }


def save_folder(model, folder: Path) -> None:
    """config.json and model.safetensors as transformers writes them, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        model.save_pretrained(scratch)
        for name in ("config.json", "model.safetensors"):
            (folder / name).write_bytes((Path(scratch) / name).read_bytes())
            (folder / name).chmod(0o644)


def packed_inputs(batch: Batch, labels) -> dict[str, torch.Tensor]:
    tensors = {
        "input_ids": batch.pack(batch.ids),
        "type_ids": batch.pack(batch.types),
        "sequence_offsets": batch.offsets(),
    }
    if labels is not None:
        labels = labels.float() if labels.is_floating_point() else labels
        tensors["labels"] = batch.pack(labels) if labels.shape == batch.ids.shape else labels
    return tensors


def make_upstream(head: str, family: str, batch: Batch, sizes: Sizes, name: str) -> dict:
    """Gradients that reach a bare body from outside; empty for models with a head."""
    if head != "body":
        return {}
    tokens = sum(batch.lengths)
    upstream = {"last_hidden_state": randn(f"{name}/upstream", tokens, sizes.hidden)}
    if family == "bert":
        upstream["pooler_output"] = randn(f"{name}/pooled", len(batch.lengths), sizes.hidden)
    return {key: float32_values(value) for key, value in upstream.items()}


def make_golden(family: str, head: str, manifest: Manifest) -> None:
    name, sizes = f"{family}_{head}", Sizes()
    folder = HERE / "models" / name
    model = make_model(family, head, sizes, name)
    save_folder(model, folder)
    batch = make_batch(family, sizes, name)
    labels = make_labels(head, batch, sizes, name)
    upstream = make_upstream(head, family, batch, sizes, name)
    exact = evaluate(model, head, batch, labels, upstream, torch.float64)
    single = evaluate(model, head, batch, labels, upstream, torch.float32)
    alone, loss = one_by_one(model, head, batch, labels)
    assert torch.allclose(alone, exact[f"hidden_states.{sizes.layers}"], rtol=0, atol=1e-12)
    if head == "question_answering":
        assert torch.allclose(loss, exact["loss"][0], rtol=1e-12)
    tensors = packed_inputs(batch, labels) | exact
    tensors |= {f"upstream.{key}": value for key, value in upstream.items()}
    write_tensors(folder / "expected.safetensors", tensors)
    manifest.add(folder / "config.json", "make_models.py")
    manifest.add(folder / "model.safetensors", "make_models.py")
    manifest.add(folder / "expected.safetensors", "make_models.py",
                 noise_floor=noise_floor(exact, single))


def make(manifest: Manifest) -> None:
    for family in ("bert", "distilbert"):
        for head in CLASSES:
            make_golden(family, head, manifest)
