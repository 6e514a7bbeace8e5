"""A small HTTP server on loopback that serves bytes from memory, with ranges, and
misbehaves on demand."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class GlueServer(ThreadingHTTPServer):
    """Serves `files` (path → bytes). `cut_after` bytes of a body the connection
    ends, `cuts` times; `ranges` False ignores Range headers."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.ranges = True
        self.cut_after = 0
        self.cuts = 0
        self.requests: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: GlueServer

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the tests' output quiet."""

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.requests.append((self.path, wanted))
        body = self.server.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        begin = 0
        if wanted and self.server.ranges:
            begin = int(wanted.removeprefix("bytes=").split("-")[0])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        rest = body[begin:]
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if self.server.cuts > 0:
            self.server.cuts -= 1
            self.wfile.write(rest[:self.server.cut_after])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(rest)
