"""distilbert tokenize: one JSON object a line, and what it refuses."""

import json
import subprocess
from typing import Any

from support import ProgramTest, command_line, run


class Tokenizing(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.model("bert_body")
        # The vocabulary is all it needs.
        (self.path / "model.safetensors").unlink()
        (self.path / "config.json").unlink()

    def tokenize(self, lines: str | bytes, *options: object) -> list[dict[str, Any]]:
        text = self.succeed("tokenize", "--model", self.path, *options, lines=lines)
        return [json.loads(line) for line in text.splitlines()]

    def test_a_line_is_one_object_with_ids_tokens_type_ids_and_offsets(self) -> None:
        text = self.succeed("tokenize", "--model", self.path, lines="The films!\n")
        self.assertEqual(text, '{"ids":[2,5,7,27,33,3],'
                               '"tokens":["[CLS]","the","film","##s","!","[SEP]"],'
                               '"type_ids":[0,0,0,0,0,0],'
                               '"offsets":[[0,0],[0,3],[4,8],[8,9],[9,10],[0,0]]}\n')

    def test_offsets_count_code_points(self) -> None:
        found = self.tokenize("\U0001f600 é film\n")[0]
        self.assertEqual(found["offsets"], [[0, 0], [0, 1], [2, 3], [4, 8], [0, 0]])
        self.assertEqual(found["tokens"], ["[CLS]", "[UNK]", "e", "film", "[SEP]"])

    def test_a_blank_line_is_a_text(self) -> None:
        found = self.tokenize("the\n\n \nfilm\n")
        self.assertEqual([len(line["ids"]) for line in found], [3, 2, 2, 3])

    def test_a_last_line_without_its_end_counts(self) -> None:
        self.assertEqual(len(self.tokenize("the\nfilm")), 2)
        self.assertEqual(self.tokenize(""), [])

    def test_lines_end_at_line_feeds_only(self) -> None:
        found = self.tokenize("the\r\nfilm\x0bis\x0cgood\u2028bad\rof\n")
        self.assertEqual(len(found), 2)
        self.assertEqual(found[0]["tokens"], ["[CLS]", "the", "[SEP]"])

    def test_nothing_is_trimmed(self) -> None:
        self.assertEqual(self.tokenize("  the \n")[0]["offsets"][1], [2, 5])

    def test_a_nul_byte_is_part_of_the_text(self) -> None:
        self.assertEqual(self.tokenize("a\0 film\n")[0]["offsets"][2], [3, 7])

    def test_pairs_are_parted_by_a_tab(self) -> None:
        found = self.tokenize("the film\tis good\n\t\n", "--pairs")
        self.assertEqual(found[0]["type_ids"], [0, 0, 0, 0, 1, 1, 1])
        self.assertEqual(found[0]["offsets"],
                         [[0, 0], [0, 3], [4, 8], [0, 0], [0, 2], [3, 7], [0, 0]])
        self.assertEqual(found[1]["ids"], [2, 3, 3])

    def test_any_other_number_of_tabs_is_an_error(self) -> None:
        for line, tabs in (("the film", "0 TABs"), ("the\tfilm\tis", "2 TABs"), ("", "0 TABs")):
            self.refuse(1, ["line 2", tabs], "tokenize", "--model", self.path, "--pairs",
                        lines=f"a\tb\n{line}\n")

    def test_a_tab_without_pairs_is_white_space(self) -> None:
        self.assertEqual(self.tokenize("the\tfilm\n")[0]["tokens"][1:3], ["the", "film"])

    def test_max_length_counts_special_tokens(self) -> None:
        found = self.tokenize("the film is good\n", "--max-length", 4)[0]
        self.assertEqual(found["tokens"], ["[CLS]", "the", "film", "[SEP]"])

    def test_pairs_are_cut_longest_first(self) -> None:
        found = self.tokenize("the film is not good\tit was bad\n", "--pairs",
                              "--max-length", 8)[0]
        self.assertEqual(found["tokens"], ["[CLS]", "the", "film", "is", "[SEP]",
                                           "it", "was", "[SEP]"])

    def test_there_is_no_limit_without_max_length(self) -> None:
        self.assertEqual(len(self.tokenize("the " * 5000 + "\n")[0]["ids"]), 5002)

    def test_a_max_length_below_the_special_tokens_names_the_line(self) -> None:
        self.refuse(1, ["line 1"], "tokenize", "--model", self.path, "--max-length", 1,
                    lines="the\n")
        self.refuse(1, ["line 1"], "tokenize", "--model", self.path, "--max-length", 2,
                    "--pairs", lines="the\tfilm\n")
        self.assertEqual(self.tokenize("the\n", "--max-length", 2)[0]["ids"], [2, 3])

    def test_what_is_not_utf8_names_the_line(self) -> None:
        for bad in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf"):
            result = run("tokenize", "--model", self.path, lines=b"the\nfilm " + bad + b"\n")
            self.assertEqual(result.code, 1, bad)
            self.assertEqual(result.err.count("\n"), 1)
            self.assertIn("line 2", result.err)
            self.assertEqual(len(result.out.splitlines()), 1)

    def test_lower_casing_follows_the_configuration(self) -> None:
        (self.path / "tokenizer_config.json").write_text('{"do_lower_case": false}')
        self.assertEqual(self.tokenize("The the\n")[0]["tokens"],
                         ["[CLS]", "[UNK]", "the", "[SEP]"])

    def test_special_tokens_in_the_text_are_special(self) -> None:
        self.assertEqual(self.tokenize("a [MASK] film\n")[0]["ids"], [2, 6, 4, 7, 3])

    def test_lines_are_answered_before_the_input_ends(self) -> None:
        with subprocess.Popen(command_line("tokenize", "--model", self.path), bufsize=0,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin and process.stdout
            process.stdin.write(b"the " * 20000 + b"\n")
            self.assertTrue(process.stdout.read(10).startswith(b'{"ids"'))
            process.kill()
