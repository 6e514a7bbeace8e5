"""What the studies of GLUE make of their runs, which stand-ins make here."""

import contextlib
import importlib.util
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import ablation
import glue
import parity
import record
import run
import study

ORIGIN = {"commit": "0123abc", "machine": "m", "date": "2026-01-02"}
needs_scipy = unittest.skipUnless(importlib.util.find_spec("scipy"), "SciPy isn't installed")


class StudyTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        self.glue = self.folder / "glue"
        self.runs, self.models = self.folder / "runs", self.folder / "models"
        for name in ("RTE", "WNLI"):
            (self.glue / name).mkdir(parents=True)
            for split, labels in (("train", "001"), ("dev", "0011")):
                (self.glue / name / f"{split}.tsv").write_text(
                    "sentence\tlabel\n" + "".join(f"a\t{label}\n" for label in labels))
        self.replace(record, "circumstances", lambda: ORIGIN)
        self.replace(record.write, "__defaults__", (self.folder,))

    def replace(self, owner: Any, name: str, value: Any) -> None:
        patch = mock.patch.object(owner, name, value)
        patch.start()
        self.addCleanup(patch.stop)

    def main(self, study: Any, *arguments: str) -> tuple[Any, str]:
        """What the study's main returns and prints."""
        words = ["study", "--glue", str(self.glue), *arguments]
        with mock.patch.object(sys, "argv", words), \
                contextlib.redirect_stdout(io.StringIO()) as said:
            return study.main(), said.getvalue()

    def values(self, name: str) -> dict[str, Any]:
        return json.loads((self.folder / f"{name}.json").read_text())["values"]


class Glue(StudyTest):
    def setUp(self) -> None:
        super().setUp()
        self.replace(glue, "RUNS", self.runs)
        self.replace(glue, "MODELS", self.models)
        self.replace(glue, "TASKS", {"wnli": (2, 2), "rte": (2, 2), "sst2": (1, 1)})
        self.replace(glue, "welch", lambda ours, torch: (0.5, [-0.01, 0.02]))
        self.made: list[tuple[str, str, int]] = []
        for side in glue.SIDES:
            self.replace(glue, f"run_{side}", lambda one, _: self.make(one))

    def make(self, one: glue.Run) -> dict[str, Any]:
        self.made.append((one.side, one.task, one.seed))
        return {"epochs": [{"accuracy": 0.25}, {"accuracy": one.seed / 4}], "losses": [1.0] * 80}

    def test_a_task_is_judged_when_all_seeds_of_both_sides_are_there(self) -> None:
        for seeds, wanted in (("1", None), ("2", True)):
            self.main(glue, "--tasks", "wnli", "--seeds", seeds)
            row = self.values("glue")["wnli"]
            self.assertEqual(row["seeds"], {"wanted": 2, "ours": int(seeds), "torch": int(seeds)})
            self.assertIs(row["metrics"]["accuracy"]["reproduced"], wanted)
        self.assertEqual(len(self.made), 4)

    def test_fewer_seeds_asked_for_take_none_from_the_table(self) -> None:
        self.main(glue, "--tasks", "wnli,rte")
        self.main(glue, "--tasks", "wnli", "--seeds", "1")
        for task in ("wnli", "rte"):
            self.assertEqual(self.values("glue")[task]["seeds"]["ours"], 2)

    def test_a_program_that_is_a_copy_has_the_commit_noted_beside_it(self) -> None:
        self.assertEqual(study.commit_of_program(self.folder / "distilbert"), {})
        (self.folder / "commit").write_text("4567def\n")
        noted = study.commit_of_program(self.folder / "distilbert")
        self.assertEqual(noted, {"commit": "4567def"})
        self.replace(glue, "run_ours", lambda one, _: self.make(one) | noted)
        self.main(glue, "--tasks", "wnli")
        self.assertEqual(self.values("glue")["wnli"]["commits"], ["0123abc", "4567def"])

    def test_a_row_says_what_it_was_made_of(self) -> None:
        _, said = self.main(glue, "--tasks", "wnli,sst2")
        self.assertIn("sst2: skipped", said)
        row = self.values("glue")["wnli"]
        self.assertEqual((row["train_rows"], row["dev_rows"]), (3, 4))
        self.assertEqual(row["majority"], {"accuracy": 0.5})
        self.assertEqual(row["metrics"]["accuracy"]["difference_interval_points"], [-1.0, 2.0])
        self.assertEqual(row["curves"]["torch"]["epochs"], {"accuracy": [0.25, 0.375]})
        self.assertEqual(row["curves"]["torch"]["epoch_seeds"],
                         {"accuracy": [[0.25, 0.25], [0.25, 0.5]]})
        self.assertEqual(row["commits"], ["0123abc"])

    def test_the_command_of_a_row_runs_that_row_again(self) -> None:
        self.main(glue, "--tasks", "wnli,rte")
        self.made.clear()
        words = self.values("glue")["wnli"]["command"].split()
        self.assertEqual(words[:3], ["./dev", "bench", "glue"])
        self.main(glue, *words[3:])
        self.assertEqual(sorted(self.made), [(side, "wnli", seed) for side in glue.SIDES
                                             for seed in (1, 2)])
        self.assertEqual(list(self.values("glue")), ["wnli", "rte"])

    def test_runs_of_other_rows_are_not_added_to(self) -> None:
        self.main(glue, "--tasks", "wnli", "--seeds", "1")
        with (self.glue / "WNLI" / "train.tsv").open("a") as file:
            file.write("a\t1\n")
        _, said = self.main(glue, "--tasks", "wnli")
        self.assertIn("wnli: skipped", said)
        self.assertEqual(len(self.made), 2)
        self.assertEqual(self.values("glue")["wnli"]["train_rows"], 3)
        self.main(glue, "--tasks", "wnli", "--again")
        self.assertEqual(self.values("glue")["wnli"]["train_rows"], 4)

    def test_a_task_without_data_keeps_its_runs(self) -> None:
        self.main(glue, "--tasks", "wnli")
        (self.glue / "WNLI" / "dev.tsv").unlink()
        self.main(glue, "--tasks", "wnli", "--again")
        self.assertEqual(self.values("glue")["wnli"]["seeds"]["ours"], 2)

    def test_a_task_that_doesn_t_exist_is_refused(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit):
            self.main(glue, "--tasks", "wnly", "--again")
        self.assertIn("no 'wnly'", said.getvalue())


class Welch(unittest.TestCase):
    @needs_scipy
    def test_the_interval_leaves_zero_out_where_p_is_below_a_hundredth(self) -> None:
        for ours, far in (([0.50, 0.52, 0.51], False), ([0.60, 0.62, 0.61], True)):
            p, (low, high) = glue.welch(ours, [0.51, 0.52, 0.50])
            self.assertEqual(p < glue.LEAST_P, far)
            self.assertEqual(low > 0, far)
            self.assertAlmostEqual((low + high) / 2, sum(ours) / 3 - 0.51)

    def test_of_two_constants_the_means_decide(self) -> None:
        for torch, alike in ((0.504, True), (0.6, False)):
            row = glue.compare([0.5] * 3, [torch] * 3, complete=True)
            self.assertIsNone(row["welch_p"])
            self.assertIsNone(row["difference_interval_points"])
            self.assertIs(row["reproduced"], alike)


class Parity(StudyTest):
    def setUp(self) -> None:
        super().setUp()
        self.replace(parity, "RUNS", self.runs)
        self.replace(parity, "TASKS", {"rte": (5, 3), "wnli": (5, 3)})
        self.asked: list[tuple[str, list[int]]] = []
        self.replace(parity, "reference", self.reference)
        self.replace(parity, "compare", self.compare)
        # By task: the share of equal predictions, and PyTorch's with itself.
        self.shares = {"rte": (0.97, 0.98), "wnli": (1.0, 1.0)}

    def reference(self, task: str, _: Path, threads: list[int]) -> Path:
        self.asked.append((task, threads))
        return Path(task)

    def compare(self, torch: Path, _: Path) -> dict[str, Any]:
        _, threads = self.asked[-1]
        share, own = self.shares[torch.name]
        required = min(0.99, own) if len(threads) > 1 else 0.99
        return {"equal_predictions": share, "required_share": required,
                "first_losses_relative_error": 1e-6, "passed": share >= required}

    def test_a_task_that_misses_is_kept_and_the_next_one_runs(self) -> None:
        status, said = self.main(parity, "--threads", "2")
        self.assertEqual(status, 1)
        self.assertEqual(self.asked, [("rte", [2]), ("rte", [2, 1]), ("wnli", [2])])
        self.assertIn("rte: 97.0 % of the predictions are equal, 98.0 % wanted", said)
        self.assertEqual([row["passed"] for row in self.values("parity").values()],
                         [False, True])
        self.assertEqual(self.values("parity")["rte"]["train_rows"], 3)
        self.assertEqual(self.main(parity)[0], 1)
        self.assertEqual(len(self.asked), 3)

    def test_as_many_as_pytorch_shares_with_itself_are_enough(self) -> None:
        self.shares["rte"] = (0.97, 0.96)
        self.assertEqual(self.main(parity, "--threads", "1")[0], 0)
        self.assertEqual(self.asked[1], ("rte", [1, 2]))

    def test_a_kept_run_that_doesn_t_say_has_passed(self) -> None:
        self.runs.mkdir()
        for task in parity.TASKS:
            (self.runs / f"{task}.json").write_text(json.dumps({"equal_predictions": 1.0}))
        self.assertEqual(self.main(parity)[0], 0)
        self.assertTrue(self.values("parity")["rte"]["passed"])


class ParityProcesses(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_results_of_a_comparison_that_fails_are_taken_where_there_are_any(self) -> None:
        def output_of(_: list[str], environment: dict[str, str]) -> None:
            if self.written:
                Path(environment["DISTILBERT_PARITY_RESULTS"]).write_text(self.written)
            raise SystemExit("failed")

        with mock.patch.object(parity, "output_of", output_of):
            self.written = '{"passed": false}'
            self.assertEqual(parity.compare(Path("rte"), self.folder), {"passed": False})
            self.written = ""
            self.assertRaises(SystemExit, parity.compare, Path("rte"), self.folder)

    def test_pytorch_trains_again_where_it_hasn_t_on_other_threads(self) -> None:
        goldens = self.folder / "golden"
        (goldens / "training").mkdir(parents=True)
        (goldens / "training" / "rte.json").write_text('{"self_agreement": []}')
        asked: list[list[str]] = []
        with mock.patch.object(parity, "GOLDENS", goldens), \
                mock.patch.object(parity, "REFERENCES", self.folder), \
                mock.patch.object(parity, "output_of", lambda words, _: asked.append(words)):
            self.assertEqual(parity.reference("rte", self.folder, [2]),
                             goldens / "training" / "rte")
            self.assertEqual(asked, [])
            self.assertEqual(parity.reference("rte", self.folder, [2, 1]), self.folder / "rte")
            first = asked[0].index("--threads")
            self.assertEqual(asked[0][first:first + 3], ["--threads", "2", "1"])
            (self.folder / "rte.json").write_text('{"self_agreement": [{"share": 0.98}]}')
            self.assertEqual(parity.reference("rte", self.folder, [2, 1]), self.folder / "rte")
            self.assertEqual(len(asked), 1)


class Ablation(StudyTest):
    def setUp(self) -> None:
        super().setUp()
        self.replace(ablation, "RUNS", self.runs)
        self.replace(ablation, "MODELS", self.models)
        self.replace(ablation.Pair, "train", self.train)
        self.score = 0.5
        self.made: list[str] = []
        self.pair = ablation.Pair("rte", 3, self.glue)

    def train(self, _: str, name: str, *models: str) -> dict[str, Any]:
        self.made.append(name)
        if name == "soft_hard_random":
            self.assertIn(str(self.models / "random.seed3"), models)
        (self.pair.model(name)).mkdir(parents=True, exist_ok=True)
        (self.pair.model(name) / "config.json").touch()
        return {"epochs": [{"accuracy": self.score}]}

    def run_pair(self) -> list[str]:
        """What was trained."""
        self.made.clear()
        with contextlib.redirect_stdout(io.StringIO()):
            self.pair.run()
        self.assertFalse((self.models / self.pair.name).exists())
        return self.made

    def test_a_finished_pair_isn_t_run_again(self) -> None:
        self.assertEqual(self.run_pair(), ["teacher", *ablation.VARIANTS])
        self.assertEqual(self.run_pair(), [])

    def test_students_stay_where_the_new_teacher_is_the_old_one(self) -> None:
        self.run_pair()
        self.pair.result("soft").unlink()
        self.assertEqual(self.run_pair(), ["teacher", "soft"])

    def test_another_teacher_gets_students_of_its_own(self) -> None:
        self.run_pair()
        self.pair.result("soft").unlink()
        self.score = 0.6
        self.assertEqual(self.run_pair(), ["teacher", *ablation.VARIANTS])
        self.assertEqual(json.loads(self.pair.result("teacher").read_text())["epochs"],
                         [{"accuracy": 0.6}])

    def test_the_table_has_the_tasks_with_enough_seeds_and_all_of_these(self) -> None:
        for seed in (1, 2):
            self.pair = ablation.Pair("rte", seed, self.glue)
            for name in ("teacher", *ablation.VARIANTS):
                self.pair.result(name).parent.mkdir(parents=True, exist_ok=True)
                self.pair.result(name).write_text(json.dumps(
                    {"epochs": [{"accuracy": 0.0}, {"accuracy": seed / 4}], **ORIGIN}))
        self.assertEqual(ablation.table(3), {})
        row = ablation.table(1)["rte"]
        self.assertEqual(row["accuracy"]["soft"]["seeds"], [0.25, 0.5])
        self.assertEqual(row["commits"], ["0123abc"])
        self.pair.result("soft").unlink()
        self.assertEqual(ablation.table(1)["rte"]["accuracy"]["teacher"]["seeds"], [0.25])

    @needs_scipy
    def test_a_contrast_pairs_the_seeds(self) -> None:
        found = ablation.contrast([0.52, 0.73, 0.94], [0.51, 0.71, 0.91])
        self.assertEqual([round(one, 9) for one in found["seeds"]], [1, 2, 3])
        self.assertAlmostEqual(found["mean"], 2)
        self.assertAlmostEqual(found["sd"], 1)
        self.assertAlmostEqual(found["p"], 0.0741799, places=6)  # t = 2 √3

    def test_without_a_spread_there_is_no_p(self) -> None:
        for same in ([0.5], [0.5, 0.7]):
            self.assertIsNone(ablation.contrast([one + 0.1 for one in same], same)["p"])

    def test_the_table_has_what_each_part_brings(self) -> None:
        scores = {"teacher": 0.8, "hard": 0.4, "soft": 0.5, "soft_hard": 0.6,
                  "soft_hard_cosine": 0.62, "soft_hard_random": 0.3}
        row = ablation.metric_row({name: [score] for name, score in scores.items()})
        self.assertEqual({name: round(one["mean"], 6)
                          for name, one in row["contrasts"].items()},
                         {"soft_labels": 20, "soft_labels_alone": 10, "hard_labels": 10,
                          "cosine": 2, "initialisation": 30})
        self.assertEqual(row["hard"]["retained"], 0.5)


class Folder(unittest.TestCase):
    def test_the_studies_of_glue_need_no_particular_task(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            (folder / "WNLI").mkdir()
            (folder / "WNLI" / "dev.tsv").touch()
            self.assertEqual(run.glue_folder(folder, run.FOLDERS.values()), folder)
            with self.assertRaisesRegex(SystemExit, "no GLUE data"):
                run.glue_folder(folder)


if __name__ == "__main__":
    unittest.main()
