"""Runs Doxygen and fails on what it complains about.

Every function, class and struct of the public headers must be documented. Fields
and type names are exempt: the comment of their struct speaks for them.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXEMPT = re.compile(r"Member .*\((?:variable|typedef|enumvalue)\) of .* is not documented|"
                    r"Member .*(?:=default| override) \(function\) of .* is not documented")


def complaints() -> tuple[int, list[str]]:
    (ROOT / "build" / "doxygen").mkdir(parents=True, exist_ok=True)
    result = subprocess.run(["doxygen", "Doxyfile"], cwd=ROOT, text=True, capture_output=True,
                            stdin=subprocess.DEVNULL, check=False)
    lines = [line.replace(f"{ROOT}/", "") for line in result.stderr.splitlines() if line.strip()]
    return result.returncode, [line for line in dict.fromkeys(lines) if not EXEMPT.search(line)]


def main() -> int:
    status, lines = complaints()
    if status != 0 and not lines:
        lines = [f"doxygen ends with exit {status}"]
    print("\n".join(lines))
    headers = len(list((ROOT / "src").rglob("*.hpp")))
    print(f"{headers} headers read")
    print(f"{0 if lines else 1} passed, {len(lines)} failed")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
