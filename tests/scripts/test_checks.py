"""The pieces of ./dev test and ./dev check that decide what counts as passed."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import check_style  # noqa: E402
import run_clang_tidy  # noqa: E402
import run_ctest  # noqa: E402
import run_doxygen  # noqa: E402
import run_mutants  # noqa: E402


class CountingCases(unittest.TestCase):
    def test_reads_what_catch2_prints(self) -> None:
        for output, program_passed, expected in (
                ("All tests passed (12 assertions in 3 test cases)", True, (3, 0)),
                ("All tests passed (1 assertion in 1 test case)", True, (1, 0)),
                ("test cases:  3 |  2 passed | 1 failed\nassertions: 9 | 8 passed | 1 failed",
                 False, (2, 1)),
                ("test cases: 4 | 2 passed | 1 failed | 1 skipped", False, (2, 1)),
                ("test cases: 3 | 2 passed | 1 failed as expected", True, (3, 0)),
                ("test cases: 2 | 2 failed", False, (0, 2))):
            with self.subTest(output):
                self.assertEqual(run_ctest.count_cases(output, program_passed), expected)

    def test_a_program_that_dies_is_a_failure_whatever_it_printed(self) -> None:
        self.assertEqual(run_ctest.count_cases("Segmentation fault", False), (0, 1))
        self.assertEqual(
            run_ctest.count_cases("All tests passed (1 assertion in 1 test case)\nleak", False),
            (1, 1))

    def test_a_program_that_reports_nothing_counts_as_one(self) -> None:
        self.assertEqual(run_ctest.count_cases("", True), (1, 0))

    def test_reads_the_report_of_ctest(self) -> None:
        report = """<testsuite><testcase name="good" time="1" status="run"><system-out>
skipped: no GLUE data
All tests passed (2 assertions in 2 test cases)</system-out></testcase>
<testcase name="bad" time="2" status="fail"><failure message=""/><system-out>
test cases: 2 | 1 passed | 1 failed</system-out></testcase></testsuite>"""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.xml"
            path.write_text(report)
            passed, failed, lines = run_ctest.read_report(path)
        self.assertEqual((passed, failed), (3, 1))
        self.assertIn("skipped: no GLUE data", lines)

    def test_a_filter_that_matches_nothing_has_no_cases(self) -> None:
        self.assertEqual(run_mutants.count_cases("No test cases matched 'x'"), 0)
        self.assertEqual(run_mutants.count_cases("test cases: 0 | 0 passed"), 0)
        self.assertEqual(run_mutants.count_cases("All tests passed (1 assertion in 1 test case)"),
                         1)


class Mutants(unittest.TestCase):
    def test_each_finds_its_text_once_in_the_sources(self) -> None:
        mutants = run_mutants.read_mutants(sorted((ROOT / "tests" / "mutants").glob("*.json")))
        self.assertGreater(len(mutants), 0)
        for mutant in mutants:
            with self.subTest(mutant.name):
                self.assertEqual((ROOT / mutant.file).read_text().count(mutant.find), 1)
                self.assertNotEqual(mutant.find, mutant.replace)

    def test_each_names_one_test_by_a_pattern_catch2_reads_as_such(self) -> None:
        # A comma means "or", and a star stands at an end only.
        for mutant in run_mutants.read_mutants(sorted((ROOT / "tests/mutants").glob("*.json"))):
            with self.subTest(mutant.name):
                self.assertNotIn(",", mutant.filter)
                self.assertNotIn("*", mutant.filter[1:-1])


    def test_all_have_their_turn_from_whatever_place_a_commit_begins(self) -> None:
        self.assertEqual(run_mutants.rotated(["a", "b", "c"], "5"), ["c", "a", "b"])
        self.assertEqual(run_mutants.rotated(["a", "b", "c"], ""), ["a", "b", "c"])

    def test_one_whose_test_fails_on_the_project_as_it_is_proves_nothing(self) -> None:
        for passed, cases, problem in ((True, 1, None), (True, 0, "matches no test case"),
                                       (False, 1, "fails without any mutant")):
            run = run_mutants.Run(passed, cases, False, 0.0, "")
            self.assertRegex(run_mutants.problem_of(("program", "filter"), run) or "None",
                             problem or "^None$")


class ClosingLine(unittest.TestCase):
    def close(self, commands: str) -> tuple[int, list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(
                ["bash", "-uc", f". {ROOT}/scripts/lib/log.sh; . {ROOT}/scripts/lib/count.sh; "
                 f"{commands}; close_count"], cwd=folder, text=True, capture_output=True,
                check=False)
        return result.returncode, result.stdout.splitlines()

    def test_adds_up_what_the_parts_report(self) -> None:
        status, lines = self.close("count one true; count_all many echo '7 passed, 0 failed'")
        self.assertEqual((status, lines[-1]), (0, "8 passed, 0 failed"))

    def test_counts_failures_and_names_them(self) -> None:
        status, lines = self.close("count good true; count bad false")
        self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed"))
        self.assertIn("failed: bad", lines)

    def test_a_part_without_a_closing_line_is_a_failure(self) -> None:
        status, lines = self.close("count good true; count_all silent true")
        self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed"))

    def test_an_exit_that_contradicts_the_figures_is_a_failure(self) -> None:
        status, lines = self.close("count_all odd bash -c 'echo 3 passed, 0 failed; exit 1'")
        self.assertEqual((status, lines[-1]), (1, "3 passed, 1 failed"))

    def test_nothing_at_all_is_no_success(self) -> None:
        self.assertEqual(self.close("true")[0], 1)


class Style(unittest.TestCase):
    def test_a_chapter_includes_earlier_chapters_only(self) -> None:
        for owner, included, expected in (
                ("ch05_attention", "ch04_layers/softmax.hpp", True),
                ("ch05_attention", "ch05_attention/attention.hpp", True),
                ("ch05_attention", "ch06_bert/model.hpp", False),
                ("ch05_attention", "common/error.hpp", True),
                ("ch05_attention", "../ch04_layers/softmax.hpp", False),
                ("common", "ch01_tensor/tensor.hpp", False),
                ("cli", "ch10_glue/task.hpp", True)):
            with self.subTest(f"{owner} includes {included}"):
                self.assertEqual(check_style.may_include(owner, included), expected)

    def test_paths_of_machines_are_seen_and_others_are_not(self) -> None:
        home = "/" + "home/somebody/x"
        for line in (home, f'open("{home}")', f"cd {home}"):
            self.assertTrue(check_style.MACHINE_PATH.search(line), line)
        for line in ("/usr/include", "build/home/x", "https://example.org/home/x", "~/work/x",
                     "./work/x", "/tmp/x"):
            self.assertFalse(check_style.MACHINE_PATH.search(line), line)

    def test_undocumented_functions_count_and_fields_do_not(self) -> None:
        for line, exempt in (
                ("a.hpp:1: warning: Member x (variable) of struct A is not documented.", True),
                ("a.hpp:1: warning: Member f() const (function) of class A is not documented.",
                 False),
                ("a.hpp:1: warning: Member f() const override (function) of class A is not "
                 "documented.", True),
                ("a.hpp:1: warning: Compound A is not documented.", False),
                ("a.hpp:1: warning: argument 'x' of command @param is not found", False)):
            with self.subTest(line):
                self.assertEqual(bool(run_doxygen.EXEMPT.search(line)), exempt)

    def test_a_changed_header_makes_clang_tidy_look_again(self) -> None:
        (ROOT / "build").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
            header, source = Path(folder) / "a.hpp", Path(folder) / "a.cpp"
            source.write_text('#include "a.hpp"\n')
            prints = set()
            for text in ("int a;\n", "int b;\n"):
                header.write_text(text)
                run_clang_tidy.own_headers.cache_clear()
                prints.add(run_clang_tidy.fingerprint(source, "c++", b""))
            self.assertEqual(len(prints), 2)


if __name__ == "__main__":
    unittest.main()
