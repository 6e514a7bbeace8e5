"""What the real MiniLM checkpoint computes for the texts in minilm/: too much to store whole,
so of every layer the norm of each token's row, three projections of it, and some columns of the
first and last row of each text; and the pooler's output in full.

Projection c of a row x is sum over j of x[j] * sin(c + j + j*j/7), j counted from 0; columns
are 0, 16, 32, ... All computed in float64 and stored as float32."""

import hashlib
import os
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

from make_models import Batch, forward
from store import HERE, Manifest, write_tensors

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VARIABLE = "DISTILBERT_MINILM"
PROJECTIONS, COLUMN_STEP = 3, 16


def find_checkpoint() -> Path | None:
    folder = os.environ.get(VARIABLE)
    if folder is None:
        return None
    data = (Path(folder) / "model.safetensors").read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256, f"{folder}: not the expected checkpoint"
    return Path(folder)


def read_batch(tokenizer, path: Path) -> Batch:
    lines = path.read_bytes().decode().removesuffix("\n").split("\n")
    parts = list(zip(*(line.split("\t") for line in lines)))
    encoded = tokenizer(*(list(part) for part in parts), padding=True, truncation=False,
                        return_tensors="pt")
    mask = encoded["attention_mask"].bool()
    return Batch(encoded["input_ids"], encoded["token_type_ids"], mask, mask.sum(1).tolist())


@torch.no_grad()
def evaluate(model, batch: Batch, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    output, pooled = forward(model.to(dtype), batch)
    result = {f"hidden_states.{i}": batch.pack(h) for i, h in enumerate(output.hidden_states)}
    return {k: v.double() for k, v in (result | {"pooler_output": pooled}).items()}


def summary(hidden: torch.Tensor, offsets: torch.Tensor) -> dict[str, torch.Tensor]:
    j = torch.arange(hidden.shape[1], dtype=torch.float64)
    rule = torch.stack([torch.sin(c + j + j * j / 7) for c in range(PROJECTIONS)], 1)
    ends = torch.stack([offsets[:-1], offsets[1:] - 1], 1).flatten()
    return {"norms": hidden.norm(dim=1), "projections": hidden @ rule,
            "rows": hidden[ends][:, ::COLUMN_STEP]}


def deviations(exact: dict, single: dict) -> dict[str, float]:
    ratios = {k: ((single[k] - v).abs().max() / v.abs().max()).item() for k, v in exact.items()}
    return {"forward_relative": float(f"{max(ratios.values()):.2g}")}


def make_part(model, tokenizer, part: str, manifest: Manifest) -> None:
    source = HERE / "minilm" / f"{part}.txt"
    batch = read_batch(tokenizer, source)
    single = evaluate(model, batch, torch.float32)
    exact = evaluate(model, batch, torch.float64)
    tensors = {"input_ids": batch.pack(batch.ids), "type_ids": batch.pack(batch.types),
               "sequence_offsets": batch.offsets()}
    for name, value in exact.items():
        if name == "pooler_output":
            tensors[name] = value.float()
        else:
            parts = summary(value, batch.offsets())
            tensors |= {f"{name}.{k}": v.float() for k, v in parts.items()}
    path = HERE / "minilm" / f"{part}.safetensors"
    write_tensors(path, tensors)
    manifest.add(source, "written by hand")
    manifest.add(path, "make_minilm.py", checkpoint_sha256=SHA256,
                 noise_floor=deviations(exact, single))


def make(manifest: Manifest) -> None:
    folder = find_checkpoint()
    if folder is None:
        print(f"minilm kept as it is: set {VARIABLE} to the folder of the checkpoint")
        manifest.keep("minilm/")
        return
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    for part in ("texts", "pairs"):
        make_part(model, tokenizer, part, manifest)
