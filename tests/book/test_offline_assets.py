"""What the pages need of others is fetched once, laid beside them, and draws their formulas."""

import json
import os
import re
import runpy
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import matplotlib
import offline_assets
import pytest
from fontTools.ttLib import TTFont
from small_book import ROOT
from sphinxcontrib import katex
from tiny_book import Built, build

FETCHED = ROOT / offline_assets.FETCHED
# A project that needs nothing: npm does all that it does, and asks nobody.
PACKAGE = {"name": "small", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": {}}
HERE = {"package.json": {"name": "small"}, "package-lock.json": PACKAGE, ".npmrc": ""}


def test_no_route_to_npm_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A port on this machine where nobody listens; no second try, no copy from an earlier build.
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(SystemExit) as stopped:
        build(tmp_path, {"index.rst": "Title\n=====\n"}, "sphinxcontrib.katex", "offline_assets")
    line = str(stopped.value)
    assert "\n" not in line and "route to the npm registry" in line
    assert not (tmp_path / offline_assets.FETCHED / "installed.lock").exists()


def write_project(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, text in HERE.items():
        (folder / name).write_text(json.dumps(text) if text else "", "utf8")
    return folder


def test_npm_is_asked_once_for_each_lock_file_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    here, folder = write_project(tmp_path / "here"), tmp_path / "deep/third_party"
    monkeypatch.setattr(offline_assets, "HERE", here)
    # It is found beside Python, and nowhere else.
    monkeypatch.setenv("PATH", str(here))
    for change in ("", " "):
        (here / "package-lock.json").write_text(json.dumps(PACKAGE) + change, "utf8")
        offline_assets._run_npm(folder)
        assert (folder / "installed.lock").read_bytes() == (here / "package-lock.json").read_bytes()
        assert sorted(path.name for path in folder.iterdir() if path.name != "node_modules") == [
            ".npmrc", "installed.lock", "package-lock.json", "package.json"
        ]  # fmt: skip
    # Where nothing has changed, nothing is done.
    (folder / "package.json").unlink()
    offline_assets._run_npm(folder)
    assert not (folder / "package.json").exists()
    assert capfd.readouterr() == ("", "")


def test_the_tests_fetch_what_they_need_where_the_book_looks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    here = write_project(tmp_path / "book/_ext")
    shutil.copy(ROOT / "book/_ext/offline_assets.py", here)
    names = runpy.run_path(str(here / "offline_assets.py"), run_name="__main__")
    assert (tmp_path / names["FETCHED"] / "installed.lock").exists()
    assert names["FETCHED"] == offline_assets.FETCHED == Path("_build/third_party")


def test_of_katex_the_style_and_one_format_of_its_fonts_are_taken(tmp_path: Path) -> None:
    files = {
        "LICENSE": "MIT",
        "dist/fonts/A.woff2": "2",
        "dist/fonts/A.woff": "1",
        "dist/fonts/A.ttf": "0",
        "dist/katex.min.css": 'a{src:url(fonts/A.woff2) format("woff2"),url(fonts/A.woff) format("woff"),'
        'url(fonts/A.ttf) format("truetype");b:c}',
    }
    for name, text in files.items():
        path = tmp_path / "modules/katex" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    target = tmp_path / "static/katex"
    for _ in range(2):
        offline_assets._copy_katex(tmp_path / "modules", tmp_path / "static")
        found = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
        assert sorted(found) == ["LICENSE.txt", "fonts/A.woff2", "katex.min.css"]
        assert found["LICENSE.txt"].read_text("utf8") == "MIT"
        assert found["katex.min.css"].read_text("utf8") == 'a{src:url(fonts/A.woff2) format("woff2");b:c}'


def test_a_font_with_the_one_letter_is_cut(tmp_path: Path) -> None:
    for _ in range(2):
        offline_assets._cut_letter(tmp_path / "deep/static")
    folder = tmp_path / "deep/static/letter"
    with TTFont(folder / "yat.woff2") as font:
        assert font.flavor == "woff2"
        assert set(font.getBestCmap()) == {ord("ⵟ")}
    style = (folder / "letter.css").read_text("utf8")
    assert 'url("yat.woff2")' in style and f"U+{ord('ⵟ'):X}" in style
    licence = Path(matplotlib.get_data_path(), "fonts/ttf/LICENSE_DEJAVU").read_bytes()
    assert (folder / "LICENSE.txt").read_bytes() == licence


class Server:
    """A program of Python that may listen late, or never."""

    late = "import socket, sys, time\ntime.sleep(0.05)\ns = socket.socket(socket.AF_UNIX)\n"
    late += (
        "s.bind(sys.argv[1])\ntime.sleep(0.05)\ns.listen()\ns.accept()[0].sendall(b'here')\nprint('noise')\n"
    )
    never = "import time\ntime.sleep(100)\n"

    def __init__(self, program: str) -> None:
        self.program = program

    def build_command(self, socket: str) -> list[str]:
        return [sys.executable, "-S", "-c", self.program, socket]

    def timeout_error(self, timeout: float) -> Exception:
        return TimeoutError(f"not after {timeout}")


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """A folder whose name is longer than the address of a socket may be."""
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    return folder


def opened() -> int:
    return len(os.listdir("/dev/fd"))


@pytest.mark.filterwarnings("error")
def test_a_renderer_is_called_until_it_listens(far: Path) -> None:
    here, before = Path.cwd(), opened()
    process, line = offline_assets._start_renderer(Server(Server.late), far, 60.0)
    assert line.recv(4) == b"here"
    line.close()
    # What it says and what it is told goes through pipes: neither is the reader's.
    assert process.communicate() == (b"noise\n", None)
    assert process.stdin
    assert (Path.cwd(), opened()) == (here, before)


def test_a_renderer_that_never_listens_is_stopped(far: Path) -> None:
    here, before = Path.cwd(), opened()
    with pytest.raises(TimeoutError, match=r"not after 0\.1") as stopped:
        offline_assets._start_renderer(Server(Server.never), far, 0.1)
    process = stopped.traceback[-1].locals["process"]
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert (Path.cwd(), opened()) == (here, before)


@dataclass(frozen=True)
class Drawn:
    """A book with formulas, and what was written past Sphinx while they were drawn."""

    book: Built
    noise: str
    node: bytes
    patience: float
    fault: str


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawn]:
    root, far = tmp_path_factory.mktemp("book"), tmp_path_factory.mktemp("long" * 30)
    folder = root / offline_assets.FETCHED
    if FETCHED.exists():
        folder.mkdir(parents=True)
        shutil.copy(FETCHED / "installed.lock", folder)
        (folder / "node_modules").symlink_to(FETCHED / "node_modules")
    pages = {"index.md": "# Title\n\nSee $a^2$ and $\\text{ⵟ}$.\n"}
    with pytest.MonkeyPatch.context() as own:
        own.setenv("PATH", os.environ["PATH"])
        own.setattr(tempfile, "tempdir", str(far))
        own.setattr(katex, "KATEX_DEFAULT_OPTIONS", dict(katex.KATEX_DEFAULT_OPTIONS))
        for name in ("NODEJS_BINARY", "STARTUP_TIMEOUT", "RENDER_TIMEOUT"):
            own.setattr(katex, name, getattr(katex, name))
        for name in ("start_server_process", "katex_path", "katex_server"):
            own.setattr(katex.KaTeXServer, name, vars(katex.KaTeXServer)[name])
        with (root / "noise").open("w+") as noise, kept_stderr(noise):
            book = build(
                root, pages, "myst_parser", "sphinxcontrib.katex", "offline_assets",
                katex_prerender=True, html_math_renderer="katex", myst_enable_extensions=["dollarmath"],
            )  # fmt: skip
        with pytest.raises(katex.KaTeXError) as fault:
            katex.render_latex(r"\gee 0")
        yield Drawn(
            book,
            (root / "noise").read_text(),
            Path(katex.NODEJS_BINARY).read_bytes()[:4],
            min(katex.STARTUP_TIMEOUT, katex.RENDER_TIMEOUT),
            str(fault.value),
        )


@contextmanager
def kept_stderr(file: IO[str]) -> Iterator[None]:
    """What this process, and those that it starts, write to stderr goes into a file."""
    before = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def test_formulas_are_drawn_and_nobody_complains_of_the_letter(drawn: Drawn) -> None:
    assert drawn.book.warnings == ""
    shown = drawn.book.body("index").select(".math .katex-html")
    assert [part.get_text() for part in shown] == ["a2", "ⵟ"]
    assert drawn.noise == ""


def test_a_page_asks_for_the_styles_and_they_are_there(drawn: Drawn) -> None:
    page = drawn.book.text("index.html")
    for name in ("katex/katex.min.css", "letter/letter.css"):
        assert f'"_static/{name}' in page
        assert (Path(drawn.book.app.outdir) / "_static" / name).is_file()
    assert "http" not in "".join(re.findall(r"<(?:link|script)[^>]*>", page))


def test_a_formula_that_is_none_stops_a_build_and_a_slow_machine_does_not(drawn: Drawn) -> None:
    assert r"\gee" in drawn.fault
    assert drawn.patience > 5
    # No script that starts another program.
    assert not drawn.node.startswith(b"#!")
