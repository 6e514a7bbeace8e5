"""Makes the models that the bench times, in MODELS/NAME, and their forms for the peers.

    prepare_models.py MODELS MINILM NAME...

Weights are random (seeded) but for MiniLM's: times don't depend on them. What is there
stays."""

import contextlib
import logging
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from prepare_peers import convert_for_ctranslate2, export_for_onnx
from transformers import (BertConfig, BertForMaskedLM, BertForSequenceClassification,
                          DistilBertConfig, DistilBertForMaskedLM,
                          DistilBertForSequenceClassification, PreTrainedModel)


def bert_base() -> BertConfig:
    """The defaults, and a key that CTranslate2's converter asks for."""
    return BertConfig(position_embedding_type="absolute")


def minilm(path: Path) -> PreTrainedModel:
    return BertForSequenceClassification.from_pretrained(path, num_labels=2)


def student_of_minilm(_: Path) -> PreTrainedModel:
    return DistilBertForMaskedLM(DistilBertConfig(n_layers=3, dim=384, hidden_dim=1536))


# A folder with one model, or with the two of a distillation.
MODELS: dict[str, dict[str, Callable[[Path], PreTrainedModel]]] = {
    "minilm": {"": minilm},
    "distilbert-base": {"": lambda _: DistilBertForSequenceClassification(DistilBertConfig())},
    "bert-base": {"": lambda _: BertForSequenceClassification(bert_base())},
    "minilm-pair": {"teacher": BertForMaskedLM.from_pretrained, "student": student_of_minilm},
    "base-pair": {"teacher": lambda _: BertForMaskedLM(bert_base()),
                  "student": lambda _: DistilBertForMaskedLM(DistilBertConfig())},
}


@contextlib.contextmanager
def whole_or_not(folder: Path) -> Iterator[Path]:
    """A folder that gets its name when all in it is written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        path = Path(unfinished) / folder.name
        path.mkdir()
        yield path
        path.rename(folder)


def make(name: str, models: Path, minilm_folder: Path) -> None:
    parts = MODELS[name]
    torch.manual_seed(42)
    with whole_or_not(models / name) as folder:
        for part, build in parts.items():
            build(minilm_folder).save_pretrained(folder / part)
        for part in {"", *parts}:
            shutil.copy(minilm_folder / "vocab.txt", folder / part)


def main(arguments: list[str]) -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    models, minilm_folder = Path(arguments[0]), Path(arguments[1])
    for name in arguments[2:]:
        folder = models / name
        if not folder.is_dir():
            make(name, models, minilm_folder)
        if (folder / "model.safetensors").is_file():
            if not (folder / "onnx").is_dir():
                with whole_or_not(folder / "onnx") as unfinished:
                    export_for_onnx(folder, unfinished)
            if not (folder / "ctranslate2").is_dir():
                with whole_or_not(folder / "ctranslate2") as unfinished:
                    convert_for_ctranslate2(folder, unfinished)


if __name__ == "__main__":
    main(sys.argv[1:])
