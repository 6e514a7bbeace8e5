"""Hugging Face tokenizers as tokenize_run.py's peer, on one thread.

    peer_tokenizers.py FOLDER [encode_batch_fast | encode_batch]

FOLDER has vocab.txt. Answers "ready", then each line `tokenize FILE` with the seconds
of processor time that encoding all its lines took; it is read before the clock starts.
encode_batch_fast, which leaves the offsets out, is the default as the faster one."""

import os
import sys
import time
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

from tokenizers import BertWordPieceTokenizer  # noqa: E402  (the settings come first)


def main() -> None:
    vocabulary = Path(sys.argv[1]) / "vocab.txt"
    method = sys.argv[2] if len(sys.argv) > 2 else "encode_batch_fast"
    tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)._tokenizer
    encode = getattr(tokenizer, method)
    print("ready", flush=True)
    for request in sys.stdin:
        name = request.rstrip("\n").split(" ", 1)[1]
        texts = Path(name).read_bytes().decode("utf-8").rstrip("\n").split("\n")
        started = time.process_time()
        encodings = encode(texts)
        seconds = time.process_time() - started
        assert len(encodings) == len(texts)
        print(seconds, flush=True)


if __name__ == "__main__":
    main()
