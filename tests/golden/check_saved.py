"""Opens folders that our program saved with transformers, and compares what they compute with
what our program computed from them."""

from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

from make_models import Batch, forward
from store import TOLERANCES


def open_folder(folder: Path):
    """The model in float32, by the class that its configuration names; no name may be left."""
    config = transformers.AutoConfig.from_pretrained(folder)
    model, report = getattr(transformers, config.architectures[0]).from_pretrained(
        folder, attn_implementation="eager", output_loading_info=True)
    left = {key: names for key, names in report.items() if names}
    assert not left, f"{folder}: {left}"
    return model.eval()


def separator(folder: Path) -> int:
    vocabulary = folder / "vocab.txt"
    if not vocabulary.exists():
        return -1
    return vocabulary.read_text(encoding="utf-8").split("\n").index("[SEP]")


def read_batch(tensors: dict[str, torch.Tensor], sep: int) -> Batch:
    """Pads the packed ids again. A pair's second part, type 1, follows the first [SEP]."""
    offsets = tensors["sequence_offsets"].tolist()
    lengths = [end - begin for begin, end in zip(offsets, offsets[1:])]
    ids = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, (begin, length) in enumerate(zip(offsets, lengths)):
        row = tensors["input_ids"][begin : begin + length]
        ids[i, :length], mask[i, :length] = row, 1
        types[i, 1:length] = (torch.cumsum(row == sep, 0)[:-1] > 0).long()
    return Batch(ids, types, mask.bool(), lengths)


@torch.no_grad()
def compute(model, batch: Batch) -> dict[str, torch.Tensor]:
    output, pooled = forward(model, batch)
    result = {f"hidden_states.{i}": batch.pack(h) for i, h in enumerate(output.hidden_states)}
    if pooled is not None:
        result["pooler_output"] = pooled
    if "start_logits" in output:
        result["logits"] = batch.pack(torch.stack([output.start_logits, output.end_logits], -1))
    elif "logits" in output:
        by_token = output.logits.dim() == 3
        result["logits"] = batch.pack(output.logits) if by_token else output.logits
    return result


def check_saved(folder: Path, written: Path) -> None:
    model = open_folder(folder)
    tensors = load_file(written)
    expected = compute(model, read_batch(tensors, separator(folder)))
    found = {name for name in tensors if name not in ("input_ids", "sequence_offsets")}
    assert found == set(expected), f"{written}: {sorted(found ^ set(expected))}"
    allowed = TOLERANCES["forward"]["float"]
    for name, value in expected.items():
        assert tensors[name].shape == value.shape, f"{written}: {name} {tensors[name].shape}"
        deviation = (tensors[name] - value).abs().max().item()
        limit = allowed["absolute"] + allowed["relative"] * value.abs().max().item()
        print(f"{folder.name} {name}: deviation {deviation:.2e}, allowed {limit:.2e}")
        assert deviation <= limit, f"{written}: {name} deviates by {deviation}"
