"""Downloads one file over HTTP: resumes, retries, and verifies.

The bytes go to FILE.part, which outlives an interruption; the next attempt asks
the server for the rest. FILE itself appears only when it is whole and right.
"""

import hashlib
import http.client
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 18
TIMEOUT_SECONDS = 60


class DownloadError(Exception):
    """The file could not be had, or is not the one expected."""


@dataclass(frozen=True)
class Wanted:
    """What to download, and how to know it; sha256 None: no checksum is known."""

    url: str
    size: int
    sha256: str | None


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def open_at(url: str, start: int) -> tuple[http.client.HTTPResponse, int]:
    """The server's answer, and the offset where its body begins: a server that
    doesn't know ranges starts again at 0."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    if start and response.status == 206:
        begin = response.headers.get("Content-Range", "").removeprefix("bytes ").split("-")[0]
        if begin != str(start):
            raise DownloadError(f"{url}: bytes from {start} asked for, the server sent "
                                f"{response.headers.get('Content-Range')}")
        return response, start
    return response, 0


def show_progress(name: str, done: int, size: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done >= size else ""
        print(f"\r  {name}: {done / 1e6:.1f} of {size / 1e6:.1f} MB", end=end, file=sys.stderr)


def receive(wanted: Wanted, part: Path) -> None:
    """One attempt: appends what the server sends, until it stops."""
    start = part.stat().st_size if part.exists() else 0
    response, begin = open_at(wanted.url, start)
    with response, part.open("ab" if begin else "wb") as file:
        done = begin
        while block := response.read(BLOCK):
            done += len(block)
            if done > wanted.size:
                raise DownloadError(f"{wanted.url}: {wanted.size} bytes expected, "
                                    "the server sends more")
            file.write(block)
            show_progress(part.stem, done, wanted.size)


def receive_all(wanted: Wanted, part: Path, attempts: int, pause: float) -> None:
    """Attempts until the size is reached; only those that bring nothing count."""
    barren = 0
    while (before := part.stat().st_size if part.exists() else 0) != wanted.size:
        if before > wanted.size:
            part.unlink()
            continue
        problem = "the connection ended early"
        try:
            receive(wanted, part)
        except urllib.error.HTTPError as error:
            raise DownloadError(f"{wanted.url}: the server answers {error.code} "
                                f"{error.reason}") from error
        except (OSError, http.client.HTTPException) as error:
            problem = str(error) or type(error).__name__
        after = part.stat().st_size if part.exists() else 0
        barren = 0 if after > before else barren + 1
        if barren >= attempts:
            raise DownloadError(f"{wanted.url}: {problem}; {after} of {wanted.size} bytes are "
                                "kept, run the command again to go on")
        if after != wanted.size:
            time.sleep(pause * 2**barren)


def download(wanted: Wanted, path: Path, attempts: int = 4, pause: float = 1.0) -> None:
    """Leaves the verified file at `path`, or raises DownloadError and leaves none."""
    part = path.with_name(path.name + ".part")
    receive_all(wanted, part, attempts, pause)
    if wanted.sha256 is not None and (found := sha256(part)) != wanted.sha256:
        part.unlink()
        raise DownloadError(f"{wanted.url}: sha256 {wanted.sha256} expected, found {found}; "
                            "the download is discarded")
    part.replace(path)
