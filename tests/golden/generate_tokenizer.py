"""Makes tests/golden/tokenizer with the reference (Hugging Face tokenizers 0.23.3).

Files:
  code_points.txt  a CRC-32 per block of 1024 code points, for four settings
  texts.json       texts with ids and offsets: known traps and random strings
  truncation.json  texts and pairs under every strategy, direction, odd budgets and strides
  decoding.json    ids and the text that they decode to
  training.json    a corpus and the vocabularies that are learnt from it
"""

import json
import os
import random
import zlib
from array import array
from importlib.metadata import version
from itertools import chain
from pathlib import Path

os.environ["RUST_BACKTRACE"] = "0"

from tokenizers import AddedToken, Encoding, Tokenizer
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

from tokenizer_texts import TRAPS, is_surrogate, random_corpus, random_text

PINNED = "0.23.3"
HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "tokenizer"
ROOT = HERE.parent.parent
SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CODE_POINTS = 0x110000
BLOCK = 1024
# lowercase, strip_accents
SETTINGS = [(True, True), (True, False), (False, True), (False, False)]
STRATEGIES = ["longest_first", "only_first", "only_second", "do_not_truncate"]


def make_tokenizer(
    vocabulary: dict[str, int],
    lowercase: bool = True,
    strip_accents: bool | None = None,
    chinese: bool = True,
) -> Tokenizer:
    """The tokenizer that transformers builds for BERT."""
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True,
        handle_chinese_chars=chinese,
        strip_accents=strip_accents,
        lowercase=lowercase,
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def bert_vocabulary() -> dict[str, int]:
    lines = (ROOT / "data/bert-base-uncased-vocab.txt").read_bytes().decode().split("\n")
    return {line.rstrip(): i for i, line in enumerate(lines[:-1])}


def transparent_vocabulary() -> dict[str, int]:
    """Every code point is a token, alone and as a continuation, so that ids show what
    normalisation did: 5 + 2n and 5 + 2n + 1 for the n-th code point that isn't a surrogate."""
    tokens = list(SPECIAL_TOKENS)
    for code_point in range(CODE_POINTS):
        if not is_surrogate(code_point):
            tokens += [chr(code_point), "##" + chr(code_point)]
    return {token: i for i, token in enumerate(tokens)}


# ---- code points ------------------------------------------------------------------------------


def block_digest(tokenizer: Tokenizer, first: int) -> int:
    """CRC-32 over three texts per code point: alone, between letters, between spaces. Each text
    gives the number of tokens, the ids, then begin and end of each, as 32-bit little-endian."""
    texts = [
        text
        for code_point in range(first, first + BLOCK)
        if not is_surrogate(code_point)
        for c in [chr(code_point)]
        for text in (c, f"a{c}b", f" {c} ")
    ]
    values = array("i")
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids = encoding.ids
        values.append(len(ids))
        values.extend(ids)
        values.extend(chain.from_iterable(encoding.offsets))
    return zlib.crc32(values.tobytes())


def make_code_points() -> None:
    vocabulary = transparent_vocabulary()
    columns = []
    for lowercase, strip_accents in SETTINGS:
        tokenizer = make_tokenizer(vocabulary, lowercase, strip_accents)
        columns.append(
            [block_digest(tokenizer, first) for first in range(0, CODE_POINTS, BLOCK)]
        )
        print("code points: setting", len(columns), "of", len(SETTINGS), flush=True)
    lines = [
        "# CRC-32 of what tokenizers 0.23.3 does with 1024 code points; see generate_tokenizer.py",
        "# first  lower+strip  lower  strip  neither",
    ]
    for i, first in enumerate(range(0, CODE_POINTS, BLOCK)):
        lines.append(f"{first:06X} " + " ".join(f"{column[i]:08x}" for column in columns))
    (OUTPUT / "code_points.txt").write_text("\n".join(lines) + "\n")


# ---- texts ------------------------------------------------------------------------------------

def make_texts() -> None:
    vocabulary = bert_vocabulary()
    words = list(vocabulary)
    generator = random.Random(2)
    settings = [
        (lowercase, strip, chinese)
        for lowercase in (True, False)
        for strip in (None, True, False)
        for chinese in (True, False)
    ]
    groups = []
    for i, (lowercase, strip, chinese) in enumerate(settings):
        tokenizer = make_tokenizer(vocabulary, lowercase, strip, chinese)
        texts = list(TRAPS) if i in (0, 6) else []
        texts += [random_text(generator, words) for _ in range(300 if i == 0 else 40)]
        rows = []
        for text in texts:
            encoding = tokenizer.encode(text, add_special_tokens=False)
            rows.append({
                "text": text,
                "ids": encoding.ids,
                "offsets": list(chain.from_iterable(encoding.offsets)),
                "word_ids": encoding.word_ids,
            })  # fmt: skip
            if i == 0 and text in TRAPS:
                rows[-1]["tokens"] = encoding.tokens
        groups.append({
            "lowercase": lowercase,
            "strip_accents": strip,
            "tokenize_chinese_chars": chinese,
            "rows": rows,
        })  # fmt: skip
    write_json("texts.json", groups)


# ---- truncation -------------------------------------------------------------------------------


def without_none(values: list[int | None]) -> list[int]:
    return [-1 if value is None else value for value in values]


def describe(encoding: Encoding) -> dict[str, list[int]]:
    return {
        "ids": encoding.ids,
        "type_ids": encoding.type_ids,
        "offsets": list(chain.from_iterable(encoding.offsets)),
        "special_tokens_mask": encoding.special_tokens_mask,
        "word_ids": without_none(encoding.word_ids),
        "sequence_ids": without_none(encoding.sequence_ids),
    }


def encode_truncated(tokenizer: Tokenizer, row: dict) -> list[dict] | None:
    """The encoding and its overflow; None where the reference raises or panics."""
    try:
        tokenizer.no_truncation()
        if row["strategy"] != "do_not_truncate":
            tokenizer.enable_truncation(
                row["max_length"],
                stride=row["stride"],
                strategy=row["strategy"],
                direction=row["direction"],
            )
        encoding = tokenizer.encode(
            row["first"], row["second"], add_special_tokens=row["add_special_tokens"]
        )
    except BaseException as error:  # a Rust panic is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return None
    return [describe(e) for e in [encoding, *encoding.overflowing]]


def truncation_row(first: str, second: str | None, max_length: int, strategy: str, stride: int,
                   direction: str, add_special_tokens: bool) -> dict:  # fmt: skip
    return {
        "first": first,
        "second": second,
        "max_length": max_length,
        "strategy": strategy,
        "stride": stride,
        "direction": direction,
        "add_special_tokens": add_special_tokens,
    }


def make_truncation() -> None:
    """A max_length below the number of special tokens is left out: there the reference's
    unsigned arithmetic wraps around and nothing is cut."""
    tokenizer = make_tokenizer(bert_vocabulary())
    letters = "a b c d e f g h i j k"
    rows = []
    for first, second in [(5, 5), (2, 7), (7, 2), (6, 5), (0, 6), (6, 0), (3, 4)]:
        for max_length in (3, 4, 7, 8, 9, 12):
            for strategy in STRATEGIES:
                rows.append(truncation_row(
                    letters[: 2 * first], letters[: 2 * second].upper(), max_length, strategy, 0,
                    "right", True))  # fmt: skip
    generator = random.Random(3)
    words = ["a", "dog", "tokenizer", "[SEP]", "h\u00e9llo", "\u6211", "embeddings", "."]
    while len(rows) < 520:
        texts = [
            " ".join(generator.choices(words, k=generator.choice([0, 1, 2, 3, 5, 8])))
            for _ in range(2)
        ]
        is_pair = generator.random() < 0.7
        add_special_tokens = generator.random() < 0.8
        least = 0 if not add_special_tokens else 3 if is_pair else 2
        rows.append(truncation_row(
            texts[0], texts[1] if is_pair else None, generator.randint(least, 14),
            generator.choice(STRATEGIES), generator.choice([0, 0, 1, 2, 3, 5]),
            generator.choice(["right", "left"]), add_special_tokens))  # fmt: skip
    for row in rows:
        row["encodings"] = encode_truncated(tokenizer, row)
    write_json("truncation.json", rows)


# ---- decoding ---------------------------------------------------------------------------------


def make_decoding() -> None:
    vocabulary = bert_vocabulary()
    tokenizer = make_tokenizer(vocabulary)
    lists = [tokenizer.encode(text).ids for text in TRAPS]
    lists += [[], [101], [101, 102], [2075, 7592], [7592, 2075, 1010, 2088, 999], [1010, 1012]]
    generator = random.Random(4)
    frequent = [vocabulary[t] for t in [".", "?", "!", ",", "'", "s", "t", "##s", "do", "not", "n"]]
    for _ in range(150):
        lists.append([
            generator.choice(frequent) if generator.random() < 0.4 else generator.randrange(30522)
            for _ in range(generator.randint(1, 12))
        ])  # fmt: skip
    rows = [
        {"ids": ids, "skip_special_tokens": skip, "text": tokenizer.decode(ids, skip)}
        for ids in lists
        for skip in (True, False)
    ]
    write_json("decoding.json", rows)


# ---- training ---------------------------------------------------------------------------------


def train(corpus: list[str], size: int, min_frequency: int, limit_alphabet: int) -> list[str]:
    """The reference adds the "##" characters in the random order of a hash map. So they are
    given to it as special tokens here, after the alphabet and in the order of code points."""
    tokenizer = make_tokenizer({token: i for i, token in enumerate(SPECIAL_TOKENS)})
    counts: dict[str, int] = {}
    continuing = set()
    for line in corpus:
        normalized = tokenizer.normalizer.normalize_str(line)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normalized):
            for c in word:
                counts[c] = counts.get(c, 0) + 1
            continuing.update(word[1:])
    kept = sorted(counts, key=lambda c: (-counts[c], c))[:limit_alphabet]
    first_tokens = SPECIAL_TOKENS + sorted(kept)
    first_tokens += ["##" + c for c in sorted(continuing.intersection(kept))]
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=min_frequency,
        limit_alphabet=limit_alphabet,
        special_tokens=first_tokens,
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus, trainer)
    ids = tokenizer.get_vocab()
    return sorted(ids, key=lambda token: ids[token])


def make_training() -> None:
    corpus = random_corpus(random.Random(5))
    runs = [(400, 2, 1000), (90, 0, 1000), (1000, 10, 1000), (1000, 0, 1000), (30, 2, 1000)]
    results = [
        {
            "vocabulary_size": size,
            "min_frequency": min_frequency,
            "limit_alphabet": limit,
            "tokens": train(corpus, size, min_frequency, limit),
        }
        for size, min_frequency, limit in [*runs, (300, 2, 12)]
    ]
    write_json("training.json", {"corpus": corpus, "runs": results})


def write_json(name: str, value: object) -> None:
    if isinstance(value, list):
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
        text = f"[\n{lines}\n]\n"
    else:
        text = json.dumps(value, separators=(",", ":")) + "\n"
    (OUTPUT / name).write_text(text)
    print(name, len(text), "bytes", flush=True)


def main() -> None:
    found = version("tokenizers")
    assert found == PINNED, f"tokenizers {PINNED} needed, found {found}"
    OUTPUT.mkdir(exist_ok=True)
    make_texts()
    make_truncation()
    make_decoding()
    make_training()
    make_code_points()


if __name__ == "__main__":
    main()
