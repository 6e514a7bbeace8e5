"""The rows of the table, with the goals that the project set itself for the ratio to the
best fp32 peer. --quick runs those that say how, on fewer texts."""

from rows import (FORWARD_PEERS, SLOW_TO_START, AccuracyRow, GemmShareRow, LatencyRow, MemoryRow,
                  Row, SpeedRow, StartRow, ThreadsRow)

DEV_ROWS = {"sst2": 872, "mrpc": 408, "stsb": 1500}
NAMES = {"sst2": "SST-2", "mrpc": "MRPC", "stsb": "STS-B"}
MODEL_NAMES = {"minilm": "MiniLM", "distilbert-base": "DistilBERT-base", "bert-base": "BERT-base"}
FP32_PEERS = (*FORWARD_PEERS, SLOW_TO_START)
ORDERS = {"file": ("", "file order", 1.5), "sorted": ("_sorted", "peers sort", 1.2)}


def prefix(model: str) -> str:
    """Keys of MiniLM's rows begin with the task."""
    return "" if model == "minilm" else model.replace("-", "_") + "_"


def forward(model: str, task: str, order: str, texts: int, quick_texts: int = 0,
            most_rounds: int = 99) -> SpeedRow:
    suffix, words, goal = ORDERS[order]
    return SpeedRow(
        name=f"{prefix(model)}{task}_forward_32{suffix}",
        title=f"{MODEL_NAMES[model]}, {NAMES[task]}, batch 32, {words}",
        model=model, goal=goal, request=f"forward {task} 32 {texts} {order}", items=texts,
        peers=FP32_PEERS,
        quick_request=f"forward {task} 32 {quick_texts} {order}" if quick_texts else "",
        quick_items=quick_texts, most_rounds=most_rounds)


def latency(model: str, task: str, texts: int, quick: bool = False) -> LatencyRow:
    return LatencyRow(
        name=f"{prefix(model)}{task}_forward_1",
        title=f"{MODEL_NAMES[model]}, {NAMES[task]}, batch 1", model=model, goal=1.2,
        request=f"latency {task} {texts}", items=1, peers=FP32_PEERS,
        quick_request=f"latency {task} 60" if quick else "", quick_items=1)


def train(model: str, task: str, steps: int, padding: str, goal: float, quick_steps: int = 0,
          most_rounds: int = 99) -> SpeedRow:
    suffix = "" if padding == "longest" else f"_padded_{padding}"
    words = "" if padding == "longest" else f", peer pads to {padding}"
    return SpeedRow(
        name=f"{prefix(model)}{task}_train_32{suffix}",
        title=f"{MODEL_NAMES[model]}, {NAMES[task]}, training{words}", model=model, goal=goal,
        request=f"train {task} 32 {steps} {padding}", items=32 * steps, peers=("torch",),
        quick_request=f"train {task} 32 {quick_steps} {padding}" if quick_steps else "",
        quick_items=32 * quick_steps, most_rounds=most_rounds)


def distill(model: str, words: str, steps: int, quick_steps: int = 0,
            most_rounds: int = 99) -> SpeedRow:
    return SpeedRow(
        name=f"{model.replace('-', '_')}_distill", title=f"{words}, distillation step",
        model=model, goal=1.5, request=f"distill mrpc 32 {steps}", items=32 * steps,
        peers=("torch",), quick_request=f"distill sst2 32 {quick_steps}" if quick_steps else "",
        quick_items=32 * quick_steps, most_rounds=most_rounds)


def int8(model: str, most_rounds: int = 99) -> list[Row]:
    """Left out until our side computes on 8-bit integers."""
    return [
        LatencyRow(name=f"{prefix(model)}int8_forward_1",
                   title=f"{MODEL_NAMES[model]}, SST-2, int8, batch 1", model=model, goal=1.0,
                   request="latency sst2 100", items=1, precision="int8"),
        SpeedRow(name=f"{prefix(model)}int8_forward_32",
                 title=f"{MODEL_NAMES[model]}, SST-2, int8, batch 32, peers sort", model=model,
                 goal=1.0, request="forward sst2 32 256 sorted", items=256, precision="int8",
                 most_rounds=most_rounds),
    ]


def accuracy(task: str) -> AccuracyRow:
    return AccuracyRow(name=f"int8_accuracy_{task}", title=f"MiniLM, {NAMES[task]}, int8, accuracy",
                       model=f"minilm-{task}", goal=None if task == "stsb" else 1.0, task=task,
                       allowed=0.005)


def rows_of_minilm() -> list[Row]:
    model = "minilm"
    return [
        StartRow(name="start", title="MiniLM, start to first answer (60 ms)", model=model,
                 goal=1.0, allowed_s=0.060, runs=15),
        forward(model, "sst2", "file", 872, quick_texts=256, most_rounds=5),
        forward(model, "sst2", "sorted", 872, quick_texts=256, most_rounds=5),
        forward(model, "mrpc", "file", 408, quick_texts=96, most_rounds=5),
        forward(model, "mrpc", "sorted", 408, most_rounds=5),
        forward(model, "stsb", "file", 1500, most_rounds=3),
        forward(model, "stsb", "sorted", 1500, most_rounds=3),
        latency(model, "sst2", 200, quick=True),
        latency(model, "mrpc", 100),
        ThreadsRow(name="threads", title="MiniLM, all threads over one", model=model, goal=1.85,
                   request="forward sst2 32 872 file", items=872),
        *int8(model),
        train(model, "sst2", 10, "longest", 1.5, quick_steps=4),
        train(model, "mrpc", 6, "longest", 1.5, quick_steps=2, most_rounds=5),
        train(model, "sst2", 6, "128", 8.0, most_rounds=3),
        train(model, "mrpc", 4, "128", 3.0, most_rounds=3),
        MemoryRow(name="memory_forward", title="MiniLM, memory, forward", model=model, goal=2.0,
                  request="forward sst2 32 872 file", peers=("torch", "onnx", "ctranslate2")),
        MemoryRow(name="memory_train", title="MiniLM, memory, training above 16 B", model=model,
                  goal=2.0, request="train mrpc 32 6 longest", peers=("torch",),
                  above_parameters=True),
    ]


def rows_of_distilbert_base() -> list[Row]:
    model = "distilbert-base"
    return [
        forward(model, "sst2", "file", 256, most_rounds=5),
        forward(model, "sst2", "sorted", 256, most_rounds=5),
        forward(model, "mrpc", "file", 128, most_rounds=5),
        latency(model, "sst2", 60),
        ThreadsRow(name="distilbert_base_threads", title="DistilBERT-base, all threads over one",
                   model=model, goal=1.85, request="forward sst2 32 256 file", items=256),
        GemmShareRow(name="distilbert_base_gemm_share",
                     title="DistilBERT-base, share of the BLAS's rate", model=model, goal=0.85,
                     task="sst2", texts=256),
        *int8(model, most_rounds=5),
        train(model, "mrpc", 3, "longest", 1.5, most_rounds=3),
        MemoryRow(name="distilbert_base_memory_forward", title="DistilBERT-base, memory, forward",
                  model=model, goal=2.0, request="forward sst2 32 256 file",
                  peers=("torch", "onnx", "ctranslate2")),
        MemoryRow(name="distilbert_base_memory_train",
                  title="DistilBERT-base, memory, training above 16 B", model=model, goal=2.0,
                  request="train mrpc 32 3 longest", peers=("torch",), above_parameters=True),
    ]


def rows_of_bert_base() -> list[Row]:
    model = "bert-base"
    return [
        forward(model, "sst2", "file", 256, most_rounds=3),
        forward(model, "sst2", "sorted", 256, most_rounds=3),
        latency(model, "sst2", 40),
        GemmShareRow(name="bert_base_gemm_share", title="BERT-base, share of the BLAS's rate",
                     model=model, goal=0.85, task="sst2", texts=256),
    ]


def all_rows() -> list[Row]:
    """In the order in which they run: a model's rows one after another."""
    return [*rows_of_minilm(),
            distill("minilm-pair", "MiniLM to 3 layers", 4, quick_steps=2, most_rounds=5),
            accuracy("sst2"), accuracy("mrpc"), accuracy("stsb"),
            *rows_of_distilbert_base(), *rows_of_bert_base(),
            distill("base-pair", "BERT-base to DistilBERT", 1, most_rounds=3)]
