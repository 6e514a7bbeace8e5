"""The forms in which real checkpoints come: without the prefix, with LayerNorm.gamma, with a
position_ids buffer, in half precision, with tied weights stored or left out, and so on. Each is
a tiny model folder that transformers itself opens with the outputs given beside it."""

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import torch
from safetensors.torch import load_file

from make_models import (
    Batch,
    Sizes,
    class_of,
    forward,
    logits_of,
    make_batch,
    make_model,
    packed_inputs,
    save_folder,
)
from store import HERE, Manifest, write_json, write_tensors

SIZES = Sizes(hidden=16, layers=2, heads=2, intermediate=32, vocabulary=31, positions=24,
              lengths=[6, 1, 24, 9])
Tensors = dict[str, torch.Tensor]


@dataclass
class Variant:
    name: str
    family: str
    saved_head: str
    rewrite: Callable[[Tensors], Tensors] = lambda tensors: tensors
    opened_head: str = ""  # where it differs from the head that was saved
    options: dict = field(default_factory=dict)  # of the configuration
    without: tuple[str, ...] = ()  # keys that config.json lacks
    replaced: dict = field(default_factory=dict)  # keys of config.json that are changed
    dtype: torch.dtype = torch.float32  # of the tensors in the file
    unaligned: bool = False
    note: str = ""


def without_prefix(tensors: Tensors) -> Tensors:
    return {k.removeprefix("bert.").removeprefix("distilbert."): v for k, v in tensors.items()}


def with_prefix(tensors: Tensors) -> Tensors:
    return {f"bert.{k}": v for k, v in tensors.items()}


def gamma_beta(tensors: Tensors) -> Tensors:
    def old(name: str) -> str:
        name = name.replace("LayerNorm.weight", "LayerNorm.gamma")
        return name.replace("LayerNorm.bias", "LayerNorm.beta")

    return {old(k): v for k, v in tensors.items()}


def position_ids(tensors: Tensors) -> Tensors:
    ids = torch.arange(SIZES.positions)[None]
    prefix = "bert." if any(k.startswith("bert.") for k in tensors) else ""
    return tensors | {f"{prefix}embeddings.position_ids": ids}


def decoder_present(tensors: Tensors) -> Tensors:
    """The tied tensors under their second names too, as old files have them."""
    tied = {}
    if "cls.predictions.bias" in tensors:
        tied["cls.predictions.decoder.bias"] = tensors["cls.predictions.bias"].clone()
        words = tensors["bert.embeddings.word_embeddings.weight"]
        tied["cls.predictions.decoder.weight"] = words.clone()
    else:
        words = tensors["distilbert.embeddings.word_embeddings.weight"]
        tied["vocab_projector.weight"] = words.clone()
    return tensors | tied


MASKED_LM, SEQUENCE = "masked_lm", "sequence_classification"
VARIANTS = [
    Variant("bert_no_prefix", "bert", SEQUENCE, without_prefix,
            note="body names without 'bert.' under a classifier",
            replaced={"position_embedding_type": "absolute", "gradient_checkpointing": False}),
    Variant("bert_with_prefix", "bert", "body", with_prefix,
            note="a bare body whose names carry 'bert.'"),
    Variant("distilbert_no_prefix", "distilbert", SEQUENCE, without_prefix,
            note="body names without 'distilbert.' under a classifier"),
    Variant("bert_gamma_beta", "bert", MASKED_LM, gamma_beta,
            note="LayerNorm.gamma and LayerNorm.beta for weight and bias"),
    Variant("bert_position_ids", "bert", SEQUENCE, position_ids,
            note="an int64 buffer position_ids"),
    Variant("bert_body_position_ids", "bert", "body", position_ids,
            note="an int64 buffer position_ids in a file without prefix"),
    Variant("bert_f16", "bert", SEQUENCE, dtype=torch.float16, note="weights in F16"),
    Variant("bert_bf16", "bert", SEQUENCE, dtype=torch.bfloat16, note="weights in BF16"),
    Variant("bert_f64", "bert", SEQUENCE, dtype=torch.float64, note="weights in F64"),
    Variant("distilbert_f16", "distilbert", MASKED_LM, dtype=torch.float16,
            note="weights in F16"),
    Variant("bert_tied_absent", "bert", MASKED_LM,
            note="no cls.predictions.decoder.*: tied to the embeddings and to the bias"),
    Variant("bert_tied_present", "bert", MASKED_LM, decoder_present,
            note="cls.predictions.decoder.weight and .bias stored as well"),
    Variant("distilbert_tied_absent", "distilbert", MASKED_LM,
            note="no vocab_projector.weight: tied to the embeddings"),
    Variant("distilbert_tied_present", "distilbert", MASKED_LM, decoder_present,
            note="vocab_projector.weight stored as well",
            replaced={"tie_weights_": True}),
    Variant("bert_missing_head", "bert", MASKED_LM, opened_head=SEQUENCE,
            note="a masked language model opened as a classifier: its head is missing"),
    Variant("distilbert_missing_head", "distilbert", MASKED_LM, opened_head=SEQUENCE,
            note="a masked language model opened as a classifier: its head is missing"),
    Variant("distilbert_sinusoidal", "distilbert", MASKED_LM,
            options={"sinusoidal_pos_embds": True},
            note="position table of sines and cosines, stored like any other"),
    Variant("bert_layer_norm_eps", "bert", MASKED_LM, options={"layer_norm_eps": 0.01},
            note="every layer norm takes its epsilon from the configuration"),
    Variant("bert_unaligned", "bert", SEQUENCE, unaligned=True,
            note="a header of odd length, so that no tensor is aligned for its type"),
    Variant("bert_no_architectures", "bert", SEQUENCE, options={"num_labels": 2},
            without=("architectures", "id2label", "label2id"),
            note="the head is known by its tensors, and two labels are assumed"),
]


def sinusoid(positions: int, size: int) -> torch.Tensor:
    """angle(p, j) = p / 10000^(2 floor(j/2) / size); sine in even columns, cosine in odd."""
    j = torch.arange(size)
    angle = torch.arange(positions)[:, None] / 10000 ** (2 * (j // 2) / size).double()
    return torch.where(j % 2 == 0, angle.sin(), angle.cos())


def rewrite_weights(variant: Variant, path: Path) -> None:
    tensors = variant.rewrite(load_file(path))
    write_tensors(path, {k: v.to(variant.dtype) if v.is_floating_point() else v
                         for k, v in tensors.items()})
    if variant.unaligned:
        data = path.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        header = data[8 : 8 + length].rstrip(b" ")
        header += b" " * (1 - len(header) % 2)
        path.write_bytes(struct.pack("<Q", len(header)) + header + data[8 + length :])


def rewrite_config(variant: Variant, path: Path) -> None:
    config = json.loads(path.read_text())
    config = {k: v for k, v in config.items() if k not in variant.without} | variant.replaced
    if variant.opened_head:
        config["architectures"] = [class_of(variant.family, variant.opened_head).__name__]
    path.write_text(json.dumps(config, indent=2) + "\n")


@torch.no_grad()
def outputs(model, head: str, batch: Batch, with_head: bool) -> Tensors:
    output, pooled = forward(model, batch)
    result = {f"hidden_states.{i}": batch.pack(h) for i, h in enumerate(output.hidden_states)}
    if pooled is not None and with_head:
        result["pooler_output"] = pooled
    if head != "body" and with_head:
        logits = logits_of(output, head)
        result["logits"] = batch.pack(logits) if head == MASKED_LM else logits
    return result


def reopened(folder: Path, variant: Variant, head: str):
    """The folder as transformers opens it, in float64, and what it says about its names."""
    model, report = class_of(variant.family, head).from_pretrained(
        folder, dtype=torch.float64, attn_implementation="eager", output_loading_info=True)
    assert not report["mismatched_keys"] and not report["error_msgs"]
    return model.eval(), {key: sorted(report[key]) for key in ("missing_keys", "unexpected_keys")}


def check_weights(loaded, model, dtype: torch.dtype) -> None:
    """What was loaded is what was made, rounded to the type of the file."""
    found = loaded.state_dict()
    for name, value in model.state_dict().items():
        wanted = value.to(dtype).double() if value.is_floating_point() else value
        assert torch.equal(found[name], wanted), name


def make_variant(variant: Variant, manifest: Manifest) -> None:
    name = f"variant_{variant.name}"
    folder, head = HERE / "models" / name, variant.opened_head or variant.saved_head
    model = make_model(variant.family, variant.saved_head, SIZES, name, **variant.options)
    if variant.options.get("sinusoidal_pos_embds"):
        with torch.no_grad():
            table = model.distilbert.embeddings.position_embeddings.weight
            table.copy_(sinusoid(*table.shape))
    save_folder(model, folder)
    rewrite_weights(variant, folder / "model.safetensors")
    rewrite_config(variant, folder / "config.json")
    loaded, report = reopened(folder, variant, head)
    batch = make_batch(variant.family, SIZES, name)
    expected = outputs(loaded, head, batch, with_head=not variant.opened_head)
    if not variant.opened_head:
        assert not report["missing_keys"], (name, report)
        check_weights(loaded, model, variant.dtype)
    write_tensors(folder / "expected.safetensors", packed_inputs(batch, None) | expected)
    write_json(folder / "loading.json", report)
    for file in ("config.json", "model.safetensors", "expected.safetensors", "loading.json"):
        manifest.add(folder / file, "make_variants.py", note=variant.note)


def make(manifest: Manifest) -> None:
    for variant in VARIANTS:
        make_variant(variant, manifest)
