"""PyTorch and transformers, as a peer of the bench (see peer.py): inference mode, the
attention that transformers chooses by itself (scaled_dot_product_attention), linear
layers packed by torch.utils.mkldnn; the fused AdamW; int8 by dynamic quantization of the
linear layers. VARIANT "plain" packs nothing, "compiled" is torch.compile's."""

import time

import numpy as np
import torch
import torch._inductor.config as inductor
from peer import Peer, serve
from peer_texts import Text, batches, padded
from torch.utils import mkldnn
from transformers import (AutoModelForMaskedLM, AutoModelForSequenceClassification,
                          PreTrainedModel)

MASK_ID = 103


def tensors(batch: list[Text], model: PreTrainedModel, length: int = 0) -> dict[str, torch.Tensor]:
    arrays = padded(batch, length)
    if model.config.model_type == "distilbert":
        del arrays["token_type_ids"]
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def train_step(model: PreTrainedModel, optimizer: torch.optim.Optimizer, loss: torch.Tensor,
               max_norm: float) -> None:
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()


def hidden_words(batch: dict[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """The batch with [MASK] at every seventh token, and the labels; no segments, as in
    the reference's recipe."""
    ids, mask = batch["input_ids"], batch["attention_mask"]
    hidden = (torch.arange(ids.shape[1]) % 7 == 3) & mask.bool()
    masked = {"input_ids": ids.masked_fill(hidden, MASK_ID), "attention_mask": mask}
    return masked, ids.masked_fill(~hidden, -100)


def triple_loss(student: PreTrainedModel, teacher: PreTrainedModel,
                batch: dict[str, torch.Tensor], labels: torch.Tensor) -> torch.Tensor:
    """5 times the soft loss of all tokens at temperature 2, twice that of the hidden
    words, and the cosine loss of the last hidden states."""
    with torch.no_grad():
        of_teacher = teacher(**batch, output_hidden_states=True)
    of_student = student(**batch, output_hidden_states=True)
    real = batch["attention_mask"].bool()
    soft = torch.nn.functional.kl_div(
        torch.log_softmax(of_student.logits[real] / 2, -1),
        torch.softmax(of_teacher.logits[real] / 2, -1), reduction="batchmean") * 2**2
    hard = torch.nn.functional.cross_entropy(of_student.logits.flatten(0, 1), labels.flatten())
    directions = [states[real] for states in (of_student.hidden_states[-1],
                                              of_teacher.hidden_states[-1])]
    cosine = torch.nn.functional.cosine_embedding_loss(
        *directions, torch.ones(directions[0].shape[0]))
    return 5 * soft + 2 * hard + cosine


class Torch(Peer):
    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        torch.set_num_threads(self.threads)
        self.opened: dict[str, PreTrainedModel] = {}

    def model(self, part: str = "") -> PreTrainedModel:
        """The model to train, or one of the two of a distillation."""
        if part not in self.opened:
            kind = AutoModelForMaskedLM if part else AutoModelForSequenceClassification
            self.opened[part] = kind.from_pretrained(self.folder / part).eval()
        return self.opened[part]

    def inference_model(self) -> PreTrainedModel:
        """The model as it is fastest when it isn't trained."""
        if "inference" not in self.opened:
            model = AutoModelForSequenceClassification.from_pretrained(self.folder).eval()
            if self.precision == "int8":
                model = torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear},
                                                               dtype=torch.qint8)
            elif self.variant == "compiled":
                inductor.freezing = True
                model = torch.compile(model, dynamic=True)
            elif self.variant == "":
                model = mkldnn.to_mkldnn(model)
            self.opened["inference"] = model
        return self.opened["inference"]

    def batch(self, texts: list[Text]) -> dict[str, torch.Tensor]:
        return tensors(texts, self.inference_model())

    @torch.inference_mode()
    def run(self, batch: dict[str, torch.Tensor]) -> np.ndarray:
        return self.inference_model()(**batch).logits.numpy()

    def train(self, task: str, batch: str, steps: str, padding: str) -> list[float]:
        model, size = self.model().train(), int(batch)
        texts, labels = (rows[:size * int(steps)] for rows in self.texts.get(task, "train"))
        length = 0 if padding == "longest" else int(padding)
        made = [tensors(some, model, length) for some in batches(texts, size, "file")]
        optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.0, fused=True)
        started = time.perf_counter()
        for one, expected in zip(made, torch.tensor(labels).long().split(size)):
            train_step(model, optimizer, model(**one, labels=expected).loss, 1.0)
        return [time.perf_counter() - started]

    def train_loss(self, task: str, batch: str) -> list[float]:
        texts, labels = (rows[:int(batch)] for rows in self.texts.get(task, "train"))
        with torch.no_grad():
            model = self.model().eval()
            return [model(**tensors(texts, model), labels=torch.tensor(labels).long()).loss.item()]

    def distill(self, task: str, batch: str, steps: str) -> list[float]:
        teacher, student = self.model("teacher").eval(), self.model("student").train()
        texts = self.texts.get(task, "train")[0][:int(batch) * int(steps)]
        made = [hidden_words(tensors(some, student))
                for some in batches(texts, int(batch), "sorted")]
        optimizer = torch.optim.AdamW(student.parameters(), lr=5e-4, betas=(0.9, 0.98), eps=1e-6,
                                      weight_decay=0.0, fused=True)
        started = time.perf_counter()
        for one, labels in made:
            train_step(student, optimizer, triple_loss(student, teacher, one, labels), 5.0)
        return [time.perf_counter() - started]

    def distill_loss(self, task: str, batch: str) -> list[float]:
        student = self.model("student").eval()
        texts = self.texts.get(task, "train")[0][:int(batch)]
        with torch.no_grad():
            return [triple_loss(student, self.model("teacher").eval(),
                                *hidden_words(tensors(texts, student))).item()]


if __name__ == "__main__":
    serve(Torch)
