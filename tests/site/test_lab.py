"""A chapter in the real JupyterLab, as Binder opens it: a notebook that runs, widgets that reach Python."""

import ast
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jupytext
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Browser, Page, expect

from tests.site.reader import Widget

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "book/product/yat-product.md"
# What the reader types below the chapter: the widgets of another one, with films that take no minute to make.
TYPED = """
```{code-cell} ipython3
widgets.Signal()
```

```{code-cell} ipython3
widgets.ThreePixels()
```

```{code-cell} ipython3
from nmn.experiments.localization import learning
short = dict(n=12, names=("Gaussian", "NLGP gain ∞"), seeds=2, frames=9, steps=40, batch=50)
widgets.Learning.of(learning.watch(**short))
```
"""
TOKEN = "a-reader"
HANDLE = "w, the prototype"
SERVER = (
    *("jupyter", "lab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"),
    f"--IdentityProvider.token={TOKEN}",
    # Nothing is asked of other hosts: no list of extensions, no check for updates.
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
# A reader's first visit, without the question whether to ask for news.
NO_NEWS = (
    "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings",
    '{"fetchNews": "false"}',
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book in a home of its own, set up as Binder does, with a few cells more."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "book", home / "book", ignore=shutil.ignore_patterns("__pycache__"))
    (home / CHAPTER).write_text((ROOT / CHAPTER).read_text("utf8") + TYPED, "utf8")
    subprocess.run([ROOT / ".binder" / "postBuild"], env=environment(home), check=True, timeout=120)
    settings = home / ".jupyter" / NO_NEWS[0]
    settings.parent.mkdir(parents=True)
    settings.write_text(NO_NEWS[1], "utf8")
    return home


def environment(home: Path) -> dict[str, str]:
    """This environment's programs, with every setting and every trace under `home`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "IPYTHON"))}
    return kept | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONNOUSERSITE": "1",
    }


@pytest.fixture(scope="module")
def lab(home: Path) -> Iterator[str]:
    """The address of a JupyterLab that serves `home`."""
    log = home / "server.log"
    with log.open("w") as said:
        server = subprocess.Popen(SERVER, cwd=home, env=environment(home), stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + 120
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/lab", log.read_text("utf8"))):
            assert server.poll() is None and time.monotonic() < deadline, log.read_text("utf8")
            time.sleep(0.2)
        yield found.group()
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            # It waits for a kernel that is still starting; the kernel ends when its server is gone.
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def page(browser: Browser, lab: str) -> Iterator[Page]:
    """The chapter, opened by its address as by the book's launch button; no other host is asked."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{lab}/tree/{CHAPTER}?token={TOKEN}", timeout=120_000)
    yield page
    own = (lab.removesuffix("lab"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    context.close()


@pytest.fixture(scope="module")
def kernel(home: Path, page: Page) -> Iterator[BlockingKernelClient]:
    """A second client of the kernel that JupyterLab started for the chapter."""
    # Without a notebook there would be no kernel: the chapter did not open as one.
    expect(page.locator(".jp-NotebookPanel")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=120_000)
    (connection,) = (home / "runtime").glob("kernel-*.json")
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()


def heard(kernel: BlockingKernelClient, cells: int) -> list[dict]:
    """What the kernel says while it runs this many cells."""
    said: list[dict] = []
    while cells:
        message = kernel.get_iopub_msg(timeout=240)
        said.append(message)
        if message["msg_type"] == "error":
            break
        ended = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        cells -= ended and message["parent_header"]["msg_type"] == "execute_request"
    return said


@pytest.fixture(scope="module")
def ran(page: Page, home: Path, kernel: BlockingKernelClient) -> list[dict]:
    """What the kernel said while the reader ran all cells by the menu."""
    cells = [cell for cell in jupytext.read(home / CHAPTER).cells if cell.cell_type == "code"]
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("[data-command='runmenu:run-all']").click()
    return heard(kernel, len(cells))


def value(kernel: BlockingKernelClient, expression: str) -> Any:
    """What an expression is in the chapter's kernel."""
    kernel.execute("", user_expressions={"asked": expression}, store_history=False)
    while True:
        reply = kernel.get_shell_msg(timeout=60)
        if answer := reply["content"].get("user_expressions"):
            return ast.literal_eval(answer["asked"]["data"]["text/plain"])


def test_every_cell_runs_and_none_complains(ran: list[dict]) -> None:
    assert [message["content"] for message in ran if message["msg_type"] == "error"] == []
    complaints = [message["content"] for message in ran if message["content"].get("name") == "stderr"]
    assert complaints == []


@pytest.mark.usefixtures("ran")
def test_figures_theorems_and_formulas_are_drawn(page: Page) -> None:
    figure = page.locator(".jp-RenderedSVG img").first
    figure.scroll_into_view_if_needed(timeout=60_000)
    assert figure.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300

    theorem = page.locator("#thm-yat-maximum")
    theorem.scroll_into_view_if_needed()
    expect(theorem).to_contain_text("Theorem 1")
    assert theorem.locator(".katex").count() > 3
    assert page.locator(".katex-error").count() == 0


class Live(Widget):
    """The live widget that has a control with this label, with a kernel behind it."""

    def __init__(self, page: Page, label: str) -> None:
        self.page = page
        self.root = page.locator(".nmn-ui", has=page.get_by_label(label, exact=True))
        self.canvas = self.root.locator("canvas[data-plot]").first
        self.stand_still()

    def stand_still(self) -> None:
        """Waits until JupyterLab has drawn the cells around the widget, which push it about, and shows it."""
        seen: list[object] = []
        while len(seen) < 10 or len({str(box) for box in seen[-10:]}) > 1:
            assert len(seen) < 600, "the notebook does not come to rest"
            self.canvas.scroll_into_view_if_needed(timeout=60_000)
            seen.append(self.canvas.bounding_box())
            self.page.wait_for_timeout(100)


def wait_for(read: Callable[[], object], expected: object) -> None:
    """Waits until what is read is what is expected; a message to the kernel and back takes its time."""
    deadline = time.monotonic() + 60
    while (got := read()) != expected:
        assert time.monotonic() < deadline, f"{got} is not {expected}"
        time.sleep(0.1)


@pytest.mark.usefixtures("ran")
def test_a_drag_reaches_python_and_python_reaches_the_widget(
    page: Page, kernel: BlockingKernelClient
) -> None:
    kernel.execute("shown = next(made for made in Out.values() if type(made).__name__ == 'Landscape')")
    widget = Live(page, HANDLE)
    # With a kernel the live widget stands there, and not the form for pages without one.
    assert page.locator("[data-nmn-widget]").count() == 0

    def place() -> object:
        return pytest.approx(value(kernel, "tuple(shown.w)"), abs=0.05)

    assert place() == widget.place(HANDLE)
    widget.drag(tuple(widget.place(HANDLE)), (-1.5, 1.0))
    wait_for(place, (-1.5, 1.0))

    softening = value(kernel, "shown.eps")
    widget.press("ε, the softening", "ArrowRight", times=3)
    wait_for(lambda: value(kernel, "shown.eps") > 1.2 * softening, True)

    kernel.execute("shown.w = (1.0, -2.0)")
    wait_for(lambda: widget.place(HANDLE), [1.0, -2.0])


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize(
    ("kind", "label", "key", "reached", "set_to", "says"),
    [
        ("Signal", "g, the gain", "End", ("gain", 100.0), "xi = 7.0", "7 pixels"),
        ("ThreePixels", "length of w", "Home", ("scale", 0.1), "w = (0.5, 0.4, 0.3)", "A majority of"),
        ("Learning", "time t", "Home", ("frame", 0), "frame = 8", "time t4"),
    ],
)
def test_a_key_reaches_python_and_python_reaches_the_picture(
    page: Page,
    kernel: BlockingKernelClient,
    kind: str,
    label: str,
    key: str,
    reached: tuple[str, float],
    set_to: str,
    says: str,
) -> None:
    kernel.execute(f"shown = next(made for made in Out.values() if type(made).__name__ == '{kind}')")
    widget = Live(page, label)
    trait, expected = reached
    assert value(kernel, f"shown.{trait}") != expected
    widget.press(label, key)
    wait_for(lambda: value(kernel, f"shown.{trait}"), expected)

    expect(widget.root).not_to_contain_text(says)
    before = widget.picture()
    kernel.execute(f"shown.{set_to}")
    expect(widget.root).to_contain_text(says)
    widget.settle()
    assert (widget.picture() != before).any()
