"""Runs the unittest files of a folder and ends with the project's closing line."""

import sys
import unittest


def main(arguments: list[str]) -> int:
    folder = arguments[0]
    suite = unittest.defaultTestLoader.discover(folder, pattern="test_*.py", top_level_dir=folder)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    bad = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    for test, reason in result.skipped:
        print(f"skipped: {test.id()}: {reason}")
    if result.testsRun == 0:
        print(f"no tests found in {folder}")
        bad = 1
    passed = max(0, result.testsRun - bad - skipped)
    print(f"{passed} passed, {bad} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
