"""The texts of generate_tokenizer.py: known traps, random strings, a corpus."""

import random

TRAPS = [
    "",
    " \t\n\u3000\u00a0",
    "\u0301\u200b\ufeff",
    "\u0130stanbul",
    "\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3",
    "\u1e9e",
    "Stra\u00dfe",
    "caf\u00e9",
    "cafe\u0301",
    "Z\u0337\u035da\u0334l\u0335g\u0336o\u0338",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 ok",
    "\u2764\ufe0f x",
    "a\u200bb",
    "a\u00a0b\u3000c",
    "a\u2028b\u2029c\u0085d",
    "a\u0000b\u0001c\ufffd",
    "\u6211\u7231BERT\u6a21\u578b\u3002",
    "\u30ab\u30bf\u30ab\u30ca",
    "\u30ab\u3099\u30d0",
    "\ud55c\uad6d",
    "\u0939\u093f\u0928\u094d\u0926\u0940",
    "\u0141\u00f3d\u017a",
    "\uff21\uff22\uff23\uff11\uff12\uff13\uff01",
    "\ufb01ne",
    "x\u00b2 \u00bd \u2122 \u20ac",
    "##ing a##b",
    "a" * 100,
    "a" * 101,
    "\u00e9" * 100,
    "\u00e9" * 101,
    "e\u0301" * 100,
    "\ud55c" * 33,
    "\ud55c" * 34,
    "\u200b" * 200 + "a" * 100,
    "[CLS] hi [MASK] [mask]",
    "a[MASK]b",
    "a[MASK]\u0301b",
    "[[MASK]]",
    "[MASK",
    "[MASK][SEP][PAD][UNK][CLS]",
    "e\u0301[SEP]e\u0301",
    "\u00e9[MASK]\ud55c[MASK]\u6211",
    "a\u0378b",
    "a\ue000b",
    "\U0002b820 \U0002b91f \U0002b920",
    "\u200bab\u200b",
    "e\u0301a",
    "\u01f9 K\u212a \u03d3 \u1fc1",
    "Don't you can't, we're [they've] \u2014 \u201cquoted\u201d\u2026",
    "unaffordable embeddings, tokenization; hypercholesterolemia?!",
    "g\u20e6\U0001183a\u1ac0\u2cef",
    "\u3093\u3099\u0323\u0301a\u0315\u0300\u05ae\u0061\u0344\u0345",
]

POOLS = [
    (0x20, 0x7E), (0x20, 0x7E), (0x61, 0x7A), (0x61, 0x7A), (0x00, 0x1F), (0x80, 0x24F),
    (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0xDFF), (0xE00, 0xFFF),
    (0x1100, 0x11FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
    (0x2E80, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFFFF),
    (0x11000, 0x11FFF), (0x1D160, 0x1D1FF), (0x1E000, 0x1E95F), (0x1F300, 0x1FAFF),
    (0x20000, 0x2FFFF), (0xE0000, 0xE01FF), (0x0, 0x10FFFF),
]  # fmt: skip
SNIPPETS = [" ", " ", "\t", "\u200b", "\u200d", "\ufe0f", "\u3000", "\u0130", "\u00df", "[MASK]",
            "[SEP]", "[mask]", "[", "##", "\u0301", "\u0323", "\u1ac0", "\u0315"]  # fmt: skip


def is_surrogate(code_point: int) -> bool:
    return 0xD800 <= code_point <= 0xDFFF


def random_character(generator: random.Random, pool: tuple[int, int]) -> str:
    code_point = generator.randint(*pool)
    return "\ufffd" if is_surrogate(code_point) else chr(code_point)


def random_text(generator: random.Random, words: list[str]) -> str:
    """Words of the vocabulary, characters of a few scripts, and what falls between them."""
    pools = generator.sample(POOLS, generator.randint(1, 4))
    parts = []
    for _ in range(generator.randint(1, 14)):
        kind = generator.random()
        if kind < 0.3:
            word = generator.choice(words).removeprefix("##")
            parts.append(word.upper() if generator.random() < 0.3 else word)
        elif kind < 0.5:
            parts.append(generator.choice(SNIPPETS))
        else:
            parts += [
                random_character(generator, generator.choice(pools))
                for _ in range(generator.randint(1, 4))
            ]
        if generator.random() < 0.3:
            parts.append(" ")
    return "".join(parts)


def random_corpus(generator: random.Random) -> list[str]:
    """Words made of a few syllables, some much more frequent than others."""
    syllables = ["ka", "to", "mi", "ren", "sol", "\u00e9t", "b", "aa", "ing", "er", "un", "\u6211"]
    words = ["".join(generator.choices(syllables, k=generator.randint(1, 4))) for _ in range(150)]
    weights = [1 / (i + 1) for i in range(len(words))]
    return [" ".join(generator.choices(words, weights, k=12)) + "." for _ in range(120)]
