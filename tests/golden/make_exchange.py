"""Two tiny models that transformers fine-tuned on tasks of data/mini-glue and saved, each with
what transformers says of the dev files when it opens the folder again: the names of the classes
or the scores. The BERT keeps its classes in the order of Google's code, which isn't the one of
the `datasets` package. They learn their train rows by heart; what they say of others is of
little worth, but far from constant."""

import random
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from scipy.stats import pearsonr, spearmanr

from make_models import class_of
from store import HERE, TOLERANCES, Manifest, seed_of, write_json

GENERATOR = Path(__file__).name
MINI_GLUE = HERE.parents[1] / "data" / "mini-glue"
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY, HIDDEN, LAYERS, HEADS, INTERMEDIATE = 700, 32, 2, 4, 64
# So few tokens that some pairs are cut, first the longer text of a pair.
MAX_LENGTH = 72
EPOCHS, BATCH, RATE = 40, 16, 3e-3
# What makes the predictions worth comparing.
LEAST_SHARE, LEAST_MARGIN, LEAST_DEVIATION = 0.15, 1e-3, 0.5


@dataclass(frozen=True)
class Task:
    """A model's family, the task's folder and files, and its labels as the model has them."""

    family: str
    folder: str
    dev_files: tuple[str, ...]
    label_column: str
    labels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.family}_{self.folder.replace('-', '').lower()}"


@dataclass(frozen=True)
class Rows:
    texts: list[tuple[str, str]]
    labels: list[str]


TASKS = [
    Task("bert", "MNLI", ("dev_matched.tsv", "dev_mismatched.tsv"), "gold_label",
         ("contradiction", "entailment", "neutral")),
    Task("distilbert", "STS-B", ("dev.tsv",), "score"),
]


def read_rows(task: Task, file: str) -> Rows:
    text = (MINI_GLUE / task.folder / file).read_text(encoding="utf-8")
    header, *rows = (line.split("\t") for line in text.removesuffix("\n").split("\n"))
    first, second, label = map(header.index, ("sentence1", "sentence2", task.label_column))
    return Rows([(row[first], row[second]) for row in rows], [row[label] for row in rows])


def join(parts: list[str], first: str, second: str) -> list[str]:
    """The pieces of a word, with every `first` before a `second` made one piece with it."""
    joined: list[str] = []
    for part in parts:
        if joined and (joined[-1], part) == (first, second):
            joined[-1] += part.removeprefix("##")
        else:
            joined.append(part)
    return joined


def choose_pieces(texts: list[str]) -> list[str]:
    """The letters, then again and again the most frequent pair of neighbours. (The trainer of
    the tokenizers package breaks ties differently in every run.)"""
    counts = Counter(word for text in texts for word in re.findall(r"\w+|[^\w\s]", text.lower()))
    words = {word: [word[0], *(f"##{letter}" for letter in word[1:])] for word in counts}
    pieces = sorted({part for parts in words.values() for part in parts})
    while len(pieces) < VOCABULARY - len(SPECIALS):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in words.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        first, second = min(pairs, key=lambda pair: (-pairs[pair], pair))
        words = {word: join(parts, first, second) for word, parts in words.items()}
        pieces.append(first + second.removeprefix("##"))
    return list(dict.fromkeys(pieces))


def make_tokenizer(rows: Rows, folder: Path) -> transformers.PreTrainedTokenizerBase:
    """With a vocabulary of the train texts' own pieces, which is left in the folder."""
    pieces = choose_pieces([text for pair in rows.texts for text in pair])
    path = folder / "vocab.txt"
    path.write_text("".join(f"{token}\n" for token in (*SPECIALS, *pieces)), encoding="utf-8")
    return transformers.BertTokenizer(vocab=str(path), model_max_length=MAX_LENGTH)


def make_model(task: Task, vocabulary: int):
    sizes = {"bert": {"hidden_size": HIDDEN, "num_hidden_layers": LAYERS,
                      "num_attention_heads": HEADS, "intermediate_size": INTERMEDIATE},
             "distilbert": {"dim": HIDDEN, "n_layers": LAYERS, "n_heads": HEADS,
                            "hidden_dim": INTERMEDIATE}}[task.family]
    head = ({"id2label": dict(enumerate(task.labels)),
             "label2id": {name: i for i, name in enumerate(task.labels)}}
            if task.labels else {"num_labels": 1})
    model = class_of(task.family, "sequence_classification")
    return model(model.config_class(vocab_size=vocabulary, max_position_embeddings=MAX_LENGTH,
                                    **sizes, **head))


def encode(tokenizer, model, texts: list[tuple[str, str]]) -> dict[str, torch.Tensor]:
    batch = tokenizer([first for first, _ in texts], [second for _, second in texts],
                      truncation="longest_first", max_length=MAX_LENGTH, padding="longest",
                      return_tensors="pt")
    if model.config.model_type == "distilbert":
        batch.pop("token_type_ids", None)
    return batch


def train(task: Task, model, tokenizer, rows: Rows) -> None:
    labels = (torch.tensor([task.labels.index(label) for label in rows.labels]) if task.labels
              else torch.tensor([float(label) for label in rows.labels]))
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0)
    steps = EPOCHS * -(-len(rows.texts) // BATCH)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    shuffled = random.Random(seed_of(task.name))
    model.train()
    for _ in range(EPOCHS):
        order = shuffled.sample(range(len(rows.texts)), len(rows.texts))
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            batch = encode(tokenizer, model, [rows.texts[row] for row in chosen])
            model(**batch, labels=labels[chosen]).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()


def save(model, tokenizer, folder: Path) -> list[Path]:
    """What save_pretrained writes, but for the tokenizer.json that says the vocabulary again;
    vocab.txt is there already."""
    names = ("config.json", "model.safetensors", "tokenizer_config.json")
    with tempfile.TemporaryDirectory() as scratch:
        model.save_pretrained(scratch)
        tokenizer.save_pretrained(scratch)
        for name in names:
            (folder / name).write_bytes((Path(scratch) / name).read_bytes())
            (folder / name).chmod(0o644)
    return [folder / name for name in (*names, "vocab.txt")]


@torch.no_grad()
def compute_logits(folder: Path, rows: Rows, dtype: torch.dtype) -> torch.Tensor:
    """By the folder's files alone, in batches as a user would make them."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype=dtype)
    model.eval()
    return torch.cat([model(**encode(tokenizer, model, rows.texts[first : first + 32])).logits
                      for first in range(0, len(rows.texts), 32)])


def predict_classes(task: Task, rows: Rows, logits: torch.Tensor) -> dict:
    predicted = [task.labels[i] for i in logits.argmax(-1).tolist()]
    shares = [predicted.count(label) / len(predicted) for label in task.labels]
    assert min(shares) > LEAST_SHARE, f"{task.name}: classes' shares {shares}"
    best = logits.topk(2).values
    margin = (best[:, 0] - best[:, 1]).min().item()
    assert margin > LEAST_MARGIN, f"{task.name}: a margin of {margin}"
    right = sum(a == b for a, b in zip(predicted, rows.labels, strict=True))
    return {"predictions": predicted, "metrics": {"accuracy": right / len(predicted)}}


def predict_scores(task: Task, rows: Rows, logits: torch.Tensor) -> dict:
    scores = logits[:, 0].tolist()
    assert logits.std() > LEAST_DEVIATION, f"{task.name}: a deviation of {logits.std()}"
    labels = [float(label) for label in rows.labels]
    return {"predictions": scores,
            "metrics": {"pearson": float(pearsonr(scores, labels).statistic),
                        "spearmanr": float(spearmanr(scores, labels).statistic)}}


def make_expected(task: Task, folder: Path) -> tuple[dict, float]:
    """The content of expected.json, and how far float32 is from float64 in PyTorch itself."""
    files, floor = {}, 0.0
    predict = predict_classes if task.labels else predict_scores
    for file in task.dev_files:
        rows = read_rows(task, file)
        single, exact = (compute_logits(folder, rows, dtype)
                         for dtype in (torch.float32, torch.float64))
        floor = max(floor, (single - exact).abs().max().item())
        files[file] = predict(task, rows, single)
    allowed = TOLERANCES["forward"]["float"]["absolute"]
    assert floor < allowed, f"{task.name}: float noise of {floor}"
    return {"task": task.folder.replace("-", "").lower(), "folder": task.folder,
            "max_length": MAX_LENGTH, "files": files}, floor


def make_golden(task: Task, manifest: Manifest) -> None:
    torch.manual_seed(seed_of(task.name))
    folder = HERE / "exchange" / task.name
    folder.mkdir(parents=True, exist_ok=True)
    rows = read_rows(task, "train.tsv")
    tokenizer = make_tokenizer(rows, folder)
    model = make_model(task, len(tokenizer))
    train(task, model, tokenizer, rows)
    files = save(model, tokenizer, folder)
    expected, floor = make_expected(task, folder)
    write_json(folder / "expected.json", expected)
    for path in files:
        manifest.add(path, GENERATOR)
    manifest.add(folder / "expected.json", GENERATOR,
                 noise_floor={"logits": float(f"{floor:.2g}")})


def make(manifest: Manifest) -> None:
    for task in TASKS:
        make_golden(task, manifest)
