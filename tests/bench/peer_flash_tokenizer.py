"""flash-tokenizer as tokenize_run.py's peer, on one thread.

    peer_flash_tokenizer.py FOLDER

FOLDER has vocab.txt. Answers "ready", then each line `tokenize FILE` with the seconds
of processor time that encoding all its lines took; it is read before the clock starts.
It makes ids, and no offsets."""

import os
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

from flash_tokenizer import BertTokenizerFlash  # noqa: E402  (the setting comes first)


def main() -> None:
    vocabulary = Path(sys.argv[1]) / "vocab.txt"
    # The wrapper's own methods add masks and type ids; the core is faster without.
    # Without a length of its own it would cut texts to 512 tokens.
    tokenizer = BertTokenizerFlash(str(vocabulary), do_lower_case=True,
                                   model_max_length=10**9).tokenizer
    print("ready", flush=True)
    for request in sys.stdin:
        name = request.rstrip("\n").split(" ", 1)[1]
        texts = Path(name).read_bytes().decode("utf-8").rstrip("\n").split("\n")
        started = time.process_time()
        ids = tokenizer.batch_encode(texts, "do_not_pad", -1, False)
        seconds = time.process_time() - started
        assert len(ids) == len(texts)
        print(seconds, flush=True)


if __name__ == "__main__":
    main()
