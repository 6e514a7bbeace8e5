"""The OpenBLAS kernel that ./dev chooses from the processor's flags."""

import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
AVX512 = "fma avx2 avx512f avx512bw avx512dq avx512vl"


def bash(command: str, text: str = "", **environment: str) -> str:
    """What a command prints that knows the functions of scripts/lib/build.sh."""
    result = subprocess.run(["bash", "-c", f". scripts/lib/build.sh; {command}"], cwd=ROOT,
                            input=text, capture_output=True, text=True, check=True,
                            env={"PATH": "/usr/bin:/bin", **environment})
    return result.stdout.strip()


class Kernel(unittest.TestCase):
    def test_is_the_newest_the_processor_can_run(self) -> None:
        for flags, kernel in ((f"{AVX512} avx512_bf16", "Cooperlake"), (AVX512, "SkylakeX"),
                              ("fma avx2", "Haswell"), ("fma avx2 avx512f", "Haswell"),
                              ("avx2", ""), ("sse4_2", "")):
            with self.subTest(flags):
                cpuinfo = f"processor\t: 0\nflags\t\t: fpu {flags} ht\n"
                self.assertEqual(bash("openblas_kernel", cpuinfo * 2), kernel)

    def test_is_none_where_no_flags_are_listed(self) -> None:
        self.assertEqual(bash("openblas_kernel", "Features\t: fp asimd\n"), "")

    def test_never_replaces_the_users_own_setting(self) -> None:
        print_it = "set_openblas_kernel; echo $OPENBLAS_CORETYPE"
        self.assertEqual(bash(print_it, OPENBLAS_CORETYPE="Nehalem"), "Nehalem")


class Dev(unittest.TestCase):
    def dev(self, *arguments: str, folder: str = "/") -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(ROOT / "dev"), *arguments], cwd=folder, text=True,
                              capture_output=True, check=False, stdin=subprocess.DEVNULL)

    def test_unknown_word_prints_the_usage_and_exits_2(self) -> None:
        for arguments in (("nonsense",), (), ("fetch",), ("fetch", "nonsense")):
            with self.subTest(arguments):
                result = self.dev(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn("./dev", result.stderr)

    def test_help_names_every_command_from_any_folder(self) -> None:
        result = self.dev("help", folder="/tmp")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for command in ("demo", "build", "test", "check", "book", "bench", "fetch", "glue", "help"):
            self.assertRegex(result.stdout, rf"(?m)^  {command}\b")


if __name__ == "__main__":
    unittest.main()
