"""Runs ctest and counts test cases, not programs.

A Catch2 program is one test for ctest and many for a reader. The closing line
adds up what each program reports of itself; a program that reports nothing
counts as one, and one that dies counts as one failure more than it reports.
"""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ALL_PASSED = re.compile(r"All tests passed \(.* in (\d+) test cases?\)")
TEST_CASES = re.compile(r"^test cases:\s*\d+(.*)$", re.MULTILINE)
SKIPPED = re.compile(r"skipped: .*")


def field(report: str, word: str) -> int:
    """The number before a word in "| 2 passed | 1 failed"."""
    match = re.search(rf"(\d+) {word}", report)
    return int(match.group(1)) if match else 0


def count_cases(output: str, program_passed: bool) -> tuple[int, int]:
    """(passed, failed) of one test program, from what it printed."""
    passed, failed = 0, 0
    whole = ALL_PASSED.search(output)
    partly = TEST_CASES.search(output)
    if whole:
        passed = int(whole.group(1))
    elif partly:
        passed = field(partly.group(1), "passed") + field(partly.group(1), "failed as expected")
        failed = field(partly.group(1), r"failed(?! as)")
    elif program_passed:
        passed = 1
    if not program_passed and failed == 0:
        failed = 1
    return passed, failed


def read_report(path: Path) -> tuple[int, int, list[str]]:
    """(passed, failed, lines to show) of a JUnit file written by ctest."""
    passed, failed, lines = 0, 0, []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        good = case.get("status") == "run" and case.find("failure") is None
        more_passed, more_failed = count_cases(output, good)
        passed += more_passed
        failed += more_failed
        lines += sorted(set(SKIPPED.findall(output)))
        seconds = float(case.get("time") or 0)
        lines.append(f"{case.get('name')}: {more_passed} passed, {more_failed} failed, "
                     f"{seconds:.1f} s")
    return passed, failed, lines


def main(arguments: list[str]) -> int:
    build = Path(arguments[0])
    report = build.resolve() / "ctest.xml"
    report.unlink(missing_ok=True)
    status = subprocess.run(
        ["ctest", "--test-dir", str(build), "--output-on-failure", "--output-junit", str(report),
         "--test-output-size-passed", "1000000", "--test-output-size-failed", "1000000",
         "--timeout", "900", "-j", str(os.cpu_count() or 1), *arguments[1:]],
        check=False).returncode
    if not report.exists():
        print("ctest wrote no report")
        return 1
    passed, failed, lines = read_report(report)
    print("\n".join(lines))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or status else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
