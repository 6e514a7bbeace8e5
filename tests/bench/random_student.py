"""A student whose weights have learned nothing, initialised as transformers does.

    random_student.py STUDENT OUTPUT SEED
"""

import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel


def main() -> None:
    student, output = map(Path, sys.argv[1:3])
    torch.manual_seed(int(sys.argv[3]))
    # The folder gets its name when all in it is written.
    unfinished = output.with_name(f"{output.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    AutoModel.from_config(AutoConfig.from_pretrained(student)).save_pretrained(unfinished)
    for name in ("vocab.txt", "tokenizer_config.json"):
        if (student / name).is_file():
            shutil.copyfile(student / name, unfinished / name)
    unfinished.rename(output)


if __name__ == "__main__":
    main()
