"""A student whose weights have learned nothing, initialised as transformers does.

    random_student.py STUDENT OUTPUT
"""

import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel


def main() -> None:
    student, output = map(Path, sys.argv[1:])
    torch.manual_seed(42)
    AutoModel.from_config(AutoConfig.from_pretrained(student)).save_pretrained(output)
    for name in ("vocab.txt", "tokenizer_config.json"):
        if (student / name).is_file():
            shutil.copyfile(student / name, output / name)


if __name__ == "__main__":
    main()
