"""A whole fine-tuning with PyTorch and transformers, as the usual script does it: shuffled
batches padded to their longest text, dropout, the fused AdamW, a rate that falls linearly,
gradients clipped to norm 1, the dev set after every epoch. Prints the accuracy on dev.

    finetune_torch.py MODEL GLUE TASK EPOCHS THREADS
"""

import sys
from pathlib import Path

import torch
from peer_texts import Text, Texts, batches
from peer_torch import tensors, train_step
from transformers import (AutoModelForSequenceClassification, PreTrainedModel,
                          get_linear_schedule_with_warmup)

BATCH, LEARNING_RATE, SEED = 32, 5e-5, 42


@torch.inference_mode()
def accuracy(model: PreTrainedModel, texts: list[Text], labels: list[float]) -> float:
    model.eval()
    given = torch.cat([model(**tensors(batch, model)).logits.argmax(-1)
                       for batch in batches(texts, BATCH, "file")])
    return (given == torch.tensor(labels)).double().mean().item()


def main() -> None:
    folder, glue, task, epochs, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(SEED)
    all_texts = Texts(Path(folder), Path(glue), train_rows=1 << 30)
    texts, labels = all_texts.get(task, "train")
    expected = torch.tensor(labels).long()
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.0,
                                  fused=True)
    steps = int(epochs) * -(-len(texts) // BATCH)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, steps)
    for _ in range(int(epochs)):
        model.train()
        for chosen in torch.randperm(len(texts)).split(BATCH):
            batch = tensors([texts[row] for row in chosen], model)
            train_step(model, optimizer, model(**batch, labels=expected[chosen]).loss, 1.0)
            schedule.step()
        reached = accuracy(model, *all_texts.get(task, "dev"))
    print(reached)


if __name__ == "__main__":
    main()
