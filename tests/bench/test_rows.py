"""The rows, the table and the checks of the bench, on sides that answer by hand."""

import contextlib
import io
import struct
import tempfile
import unittest
from pathlib import Path

import agreement
import curves
import rows
import run
import table
import tokenizing
import weights
import workloads
from sides import Side, SideError, openblas_environment

SIDE = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    what, *words = line.split()
    if what == "die":
        sys.exit("the reason")
    print("1.5 2" if what == "good" else "error: no such request", flush=True)
"""


class Arguments(unittest.TestCase):
    def test_a_study_gets_the_options_that_are_its_own(self) -> None:
        for data in ("--data", "--glue"):
            options = run.parse(["glue", "--tasks", "rte", data, "GLUE", "--threads", "1"])
            self.assertEqual((options.what, options.of_study, options.data),
                             ("glue", ["--tasks", "rte", "--threads", "1"], Path("GLUE")))

    def test_the_table_knows_no_others(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit):
            run.parse(["--tasks=rte"])
        self.assertIn("--tasks=rte", said.getvalue())


class Processes(unittest.TestCase):
    def setUp(self) -> None:
        self.side = Side(["python3", "-c", SIDE], {})
        self.addCleanup(self.side.close)

    def test_an_answer_is_a_line_of_numbers(self) -> None:
        self.assertEqual(self.side.numbers("good"), [1.5, 2.0])

    def test_an_error_is_raised_and_the_side_goes_on(self) -> None:
        with self.assertRaisesRegex(SideError, "no such request"):
            self.side.numbers("bad")
        self.assertEqual(self.side.numbers("good"), [1.5, 2.0])

    def test_a_side_that_ends_is_reported_with_what_it_said(self) -> None:
        with self.assertRaisesRegex(SideError, "the reason"):
            self.side.numbers("die")

    def test_a_side_that_doesn_t_say_ready_is_refused(self) -> None:
        with self.assertRaisesRegex(SideError, "did not start"):
            Side(["echo", "hello"], {"PATH": "/bin:/usr/bin"})


class Alternation(unittest.TestCase):
    def test_sides_take_turns_and_the_first_round_doesn_t_count(self) -> None:
        asked = []

        def ask(name: str) -> float:
            asked.append(name)
            return float(len(asked))

        times = rows.alternate({"a": lambda: ask("a"), "b": lambda: ask("b")}, 2)
        self.assertEqual(asked, ["a", "b"] * 3)
        self.assertEqual(times, {"a": [3.0, 5.0], "b": [4.0, 6.0]})


class Agreement(unittest.TestCase):
    def test_differences_are_relative_to_our_largest_value(self) -> None:
        self.assertAlmostEqual(agreement.largest_difference([0.5, -2.0], [0.5, -1.9]), 0.05)

    def test_lists_of_two_lengths_zeros_and_nan_never_agree(self) -> None:
        nan = float("nan")
        for ours, theirs in (([1.0], [1.0, 2.0]), ([0.0], [0.0]), ([1.0, 2.0], [1.0, nan]),
                             ([1.0, nan], [1.0, 2.0])):
            with self.subTest(ours=ours, theirs=theirs), self.assertRaises(SideError):
                agreement.require_equal("x", agreement.largest_difference(ours, theirs))

    def test_a_difference_above_a_ten_thousandth_stops_the_row(self) -> None:
        agreement.require_equal("x", 0.9e-4)
        with self.assertRaisesRegex(SideError, "differs from ours"):
            agreement.require_equal("x", 1.1e-4)

    def test_the_class_is_the_largest_logit_of_each_text(self) -> None:
        self.assertEqual(agreement.classes([0.1, 0.2, 3.0, -1.0]), [1, 0])
        self.assertEqual(agreement.accuracy([0.1, 0.2, 3.0, -1.0], [1.0, 1.0]), 0.5)
        self.assertAlmostEqual(agreement.pearson([1.0, 2.0, 4.0], [0.0, 2.0, 1.0]), 0.327327,
                               places=6)


class Goals(unittest.TestCase):
    ROWS = [*tokenizing.all_rows(), *workloads.all_rows()]

    def goal_of(self, name: str) -> float | None:
        return next(row.goal for row in self.ROWS if row.name == name)

    def test_names_are_unique(self) -> None:
        names = [row.name for row in self.ROWS]
        self.assertEqual(len(names), len(set(names)))

    def test_goals_are_those_the_project_set_itself(self) -> None:
        for name, goal in {"sst2_forward_32": 1.5, "stsb_forward_32_sorted": 1.2,
                           "mrpc_forward_1": 1.2, "sst2_train_32": 1.5,
                           "sst2_train_32_padded_128": 8, "mrpc_train_32_padded_128": 3,
                           "base_pair_distill": 1.5, "tokenize_english": 20,
                           "memory_forward": 2, "memory_train": 2, "start": 1,
                           "bert_base_gemm_share": 0.85, "threads": 1.85}.items():
            self.assertEqual(self.goal_of(name), goal, name)

    def test_quick_keeps_names_and_goals_and_leaves_the_big_models_out(self) -> None:
        quick = [row for one in self.ROWS if (row := one.quick()) is not None]
        self.assertGreater(len(quick), 5)
        for row in quick:
            self.assertEqual(self.goal_of(row.name), row.goal)
            self.assertIn(row.model, ("", "minilm", "minilm-pair"))

    def test_curves_have_the_same_number_of_tokens_at_every_length(self) -> None:
        asked = [request.split() for key, request in curves.requests().items()
                 if key.startswith("length")]
        self.assertEqual({int(length) * int(batch) for _, length, batch in asked}, {2048})
        self.assertEqual((min(curves.LENGTHS), max(curves.LENGTHS)), (8, 512))
        self.assertEqual((min(curves.BATCHES), max(curves.BATCHES)), (1, 64))

    def test_a_point_of_a_curve_names_its_fastest_peer(self) -> None:
        point = curves.point({"ours": [2.0], "a": [8.0], "b": [3.0, 4.0, 5.0]}, 2)
        self.assertEqual(point, {"ours_s": 1.0, "a_s": 4.0, "b_s": 2.0, "best_peer": "b",
                                 "best_peer_s": 2.0, "ratio": 2.0})


class Table(unittest.TestCase):
    def test_a_line_has_both_sides_the_ratio_the_spread_and_the_goal(self) -> None:
        line = table.line("forward", {
            "ours_per_second": 433.8, "torch_per_second": 136.7, "onnx_per_second": 25.0,
            "best_peer": "torch", "ratio": 3.17, "ratio_min": 3.0, "ratio_max": 3.5,
            "goal": 1.5, "met": True})
        self.assertEqual(line.split(), ["forward", "434/s", "137/s*", "25.0/s", "3.17", "3.00",
                                        "…", "3.50", "1.50", "met"])

    def test_a_goal_that_is_missed_stands_out(self) -> None:
        line = table.line("start", {"unit": "s", "ours_s": 0.0652, "ratio": 0.92, "goal": 1.0,
                                    "met": False})
        self.assertEqual(line.split(), ["start", "65.2", "ms", "0.92", "1.00", "NOT", "MET"])

    def test_columns_stand_under_their_titles(self) -> None:
        header = table.header()
        line = table.line("x", {"ours_bytes": 2.5e8, "torch_bytes": 5e8, "unit": "bytes",
                                "ratio": 2.0, "best_peer": "torch"})
        self.assertEqual(header.index("ours") + len("ours"), line.index("250 MB") + 7)
        self.assertEqual(header.index("ratio") + len("ratio"), line.index("2.00") + 4)


class Surroundings(unittest.TestCase):
    def test_the_kernel_is_the_one_the_program_would_choose(self) -> None:
        wide = ["avx2", "fma", "avx512bw", "avx512dq", "avx512vl"]
        for flags, kernel in (([*wide, "avx512_bf16"], "Cooperlake"), (wide, "SkylakeX"),
                              (["avx2", "fma"], "Haswell")):
            self.assertEqual(openblas_environment(flags), {"OPENBLAS_CORETYPE": kernel})
        self.assertEqual(openblas_environment(["sse2"]), {})

    def test_parameters_are_counted_from_the_header_of_the_file(self) -> None:
        header = (b'{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],'
                  b'"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}')
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.safetensors"
            path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(28))
            self.assertEqual(weights.parameters_of(Path(folder)), 7)

    def test_only_a_whole_run_may_write_the_book_s_results(self) -> None:
        whole = run.parse([])
        self.assertEqual(run.results_folder(whole), run.record.RESULTS)
        for arguments in (["--quick"], ["--only", "start"], ["--rounds", "1"]):
            self.assertNotEqual(run.results_folder(run.parse(arguments)), run.record.RESULTS)


if __name__ == "__main__":
    unittest.main()
