"""The built site, served as a static host serves it: compressed, with ETags, fresh for ten minutes."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

# What GitHub Pages compresses; fonts and pictures are compressed already.
TEXT = (".html", ".css", ".js", ".svg", ".json", ".txt", ".map")


@cache
def _content(path: Path, changed: int, packed: bool) -> tuple[bytes, str]:
    plain = path.read_bytes()
    tag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return (gzip.compress(plain, 6) if packed else plain), tag


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer go out together.
    wbufsize = -1

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", "")
        body, tag = _content(path, path.stat().st_mtime_ns, packed)
        known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", "0" if known else str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests print what they find."""


class _Server(ThreadingHTTPServer):
    # Two browsers at once open more connections than the five that a server keeps waiting by default.
    request_queue_size = 128


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves a folder on a free port of this machine; gives the address, with no slash at its end."""
    server = _Server(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    # By default a server hears only twice a second that it is to end.
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
