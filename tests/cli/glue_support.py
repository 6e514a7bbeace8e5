"""What the tests of glue share: mini-glue, tiny models, and the table as a program reads it."""

import json
from pathlib import Path

from support import MINI_GLUE, ProgramTest

RECIPE = {"all": {"epochs": 2, "max-length": 32, "learning-rate": 1e-3, "max-train-rows": 48}}


class GlueTest(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.input = self.model("bert_body")
        self.recipe = self.folder / "recipe.json"
        self.recipe.write_text(json.dumps(RECIPE))

    def command(self, output: Path, *options: object, model: Path | None = None,
                data: Path = MINI_GLUE) -> tuple[object, ...]:
        return ("glue", "--data", data, "--model", model or self.input, "--output", output,
                "--overrides", self.recipe, *options)

    def table(self, output: Path, *options: object, **given: Path) -> dict[str, dict]:
        """The rows as JSON, by task and metric."""
        rows = json.loads(self.succeed(*self.command(output, "--json", *options, **given)))
        return {f"{row['task']} {row['metric']}": row for row in rows}
