"""Runs every notebook of a folder from its first cell to its last.

The notebook runs with the project's root as working directory, and is not
changed. An exception in any cell is a failure.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent


def run(path: Path) -> str | None:
    """None when every cell ran, otherwise what went wrong."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3",
                            resources={"metadata": {"path": str(ROOT)}})
    try:
        client.execute()
    except CellExecutionError as error:
        return str(error)
    return None


def main(arguments: list[str]) -> int:
    paths = sorted(Path(arguments[0]).glob("*.ipynb"))
    failed = 0
    for path in paths:
        problem = run(path)
        print(f"{path}: {'ran' if problem is None else problem}")
        failed += problem is not None
    print(f"{len(paths) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
