"""What transformers says of a task's dev set with the model of a folder, as a user would ask
it: AutoTokenizer, texts cut to 128 tokens longest first, batches padded to their longest.
Prints one line of JSON: the logits of every row, and for classes the names in `id2label`.

    predict_torch.py --task mnli --model DIR --file dev_matched.tsv
"""

import argparse
import json
from pathlib import Path

import torch
from glue_torch import TASKS, read_rows
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MAX_LENGTH, BATCH_SIZE = 128, 32


@torch.inference_mode()
def logits_of(folder: Path, texts: list[tuple[str, ...]]) -> tuple[torch.Tensor, dict[int, str]]:
    """[rows, labels], and the names of the labels."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    logits = []
    for first in range(0, len(texts), BATCH_SIZE):
        parts = [list(part) for part in zip(*texts[first:first + BATCH_SIZE])]
        batch = tokenizer(*parts, truncation="longest_first", max_length=MAX_LENGTH,
                          padding="longest", return_tensors="pt")
        logits.append(model(**batch).logits)
    return torch.cat(logits), model.config.id2label


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--task", choices=TASKS, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    task = TASKS[options.task]
    texts, _ = read_rows(task, options.file)
    logits, names = logits_of(options.model, texts)
    labels = [names[one] for one in logits.argmax(-1).tolist()] if task.classes else []
    print(json.dumps({"logits": logits.tolist(), "labels": labels, "texts": texts}))


if __name__ == "__main__":
    main()
