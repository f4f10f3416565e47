"""A chapter in the real JupyterLab, as Binder opens it: a notebook that runs, widgets that reach Python."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import jupytext
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Browser, Page, expect

from nmn.widgets.kit import link
from tests.site.patience import SECONDS, until
from tests.site.reader import Widget
from tests.site.visit import opened, until_page

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "book/product/yat-product.md"
# What the reader types below the chapter: every widget, each in a cell of its own.
IMPORT = "from tests.widgets.examples import example"
TYPED = "".join(
    f'\n```{{code-cell}} ipython3\n{IMPORT}\n{name} = example("{name}")\n{name}\n```\n'
    for name in link.names()
)
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
    subprocess.run([ROOT / ".binder" / "postBuild"], env=environment(home), check=True, timeout=SECONDS)
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
        "PYTHONPATH": str(ROOT),
    }


def address(server: subprocess.Popen[bytes], log: Path) -> str | None:
    """Where the server says that it listens, once it does."""
    said = log.read_text("utf8")
    assert server.poll() is None, said
    found = re.search(r"http://127\.0\.0\.1:\d+/lab", said)
    return found.group() if found else None


@pytest.fixture(scope="module")
def lab(home: Path) -> Iterator[str]:
    """The address of a JupyterLab that serves `home`."""
    log = home / "server.log"
    with log.open("w") as said:
        server = subprocess.Popen(SERVER, cwd=home, env=environment(home), stdout=said, stderr=said)
    try:
        yield until(lambda: address(server, log), lambda: f"an address in {log.read_text('utf8')}")
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
    with opened(browser, size={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{lab}/tree/{CHAPTER}?token={TOKEN}")
        yield page
        own = (lab.removesuffix("lab"), "data:", "blob:")
        assert [url for url in asked if not url.startswith(own)] == []


@pytest.fixture(scope="module")
def kernel(home: Path, page: Page) -> Iterator[BlockingKernelClient]:
    """A second client of the kernel that JupyterLab started for the chapter."""
    # Without a notebook there would be no kernel: the chapter did not open as one.
    expect(page.locator(".jp-NotebookPanel")).to_be_visible()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    (connection,) = (home / "runtime").glob("kernel-*.json")
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    until(lambda: hears(client), "a word of the kernel")
    yield client
    client.stop_channels()


def hears(kernel: BlockingKernelClient) -> bool:
    """Whether what the kernel says arrives: at first it talks to nobody."""
    asked = kernel.kernel_info()
    try:
        while (message := kernel.get_iopub_msg(timeout=1))["parent_header"].get("msg_id") != asked:
            pass
    except Empty:
        return False
    return message["msg_type"] == "status"


def heard(kernel: BlockingKernelClient, cells: int) -> list[dict]:
    """What the kernel says while it runs this many cells."""
    said: list[dict] = []
    while cells:
        message = kernel.get_iopub_msg(timeout=SECONDS)
        said.append(message)
        if message["msg_type"] == "error":
            break
        ended = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        cells -= ended and message["parent_header"]["msg_type"] == "execute_request"
    return said


def sources(home: Path) -> list[str]:
    """The cells with code of the notebook."""
    return [cell.source for cell in jupytext.read(home / CHAPTER).cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def ran(page: Page, home: Path, kernel: BlockingKernelClient) -> list[dict]:
    """What the kernel said while the reader ran all cells by the menu."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("[data-command='runmenu:run-all']").click()
    return heard(kernel, len(sources(home)))


def value(kernel: BlockingKernelClient, expression: str) -> Any:
    """What an expression is in the chapter's kernel."""
    asked = kernel.execute("", user_expressions={"asked": expression}, store_history=False)
    while (reply := kernel.get_shell_msg(timeout=SECONDS))["parent_header"].get("msg_id") != asked:
        pass
    return ast.literal_eval(reply["content"]["user_expressions"]["asked"]["data"]["text/plain"])


def test_every_cell_runs_and_none_complains(ran: list[dict]) -> None:
    assert [message["content"] for message in ran if message["msg_type"] == "error"] == []
    complaints = [message["content"] for message in ran if message["content"].get("name") == "stderr"]
    assert complaints == []


@pytest.mark.usefixtures("ran")
def test_figures_theorems_and_formulas_are_drawn(page: Page) -> None:
    figure = page.locator(".jp-RenderedSVG img").first
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300

    theorem = page.locator("#thm-yat-maximum")
    theorem.scroll_into_view_if_needed()
    expect(theorem).to_contain_text("Theorem 1")
    assert theorem.locator(".katex").count() > 3
    assert page.locator(".katex-error").count() == 0


class Live(Widget):
    """The live widget in a cell of the notebook (counted among those with code), with a kernel behind it."""

    def __init__(self, page: Page, cell: int) -> None:
        self.page = page
        place = page.locator(".jp-CodeCell").nth(cell)
        self.root = place.locator(".nmn-ui")
        self.canvas = self.root.locator("canvas[data-plot]").first

        def drawn() -> int:
            place.scroll_into_view_if_needed()
            return self.canvas.count()

        # JupyterLab lays a cell out when it comes in sight; then others grow, and may push it out again.
        until_page(page, drawn, f"a widget in cell {cell}")
        # Waits until the canvas stands still.
        self.canvas.hover()
        self.settle()

    def seen(self) -> list[str]:
        """All that the widget shows: its pictures and its words."""
        pictures = self.root.locator("canvas").evaluate_all("(all) => all.map((c) => c.toDataURL())")
        return [*pictures, self.root.inner_text()]


@pytest.mark.usefixtures("ran")
def test_a_drag_reaches_python_and_python_reaches_the_widget(
    page: Page, kernel: BlockingKernelClient, home: Path
) -> None:
    (cell,) = (i for i, source in enumerate(sources(home)) if source.startswith("Landscape("))
    kernel.execute("shown = next(made for made in Out.values() if type(made).__name__ == 'Landscape')")
    widget = Live(page, cell)
    # With a kernel the live widget stands there, and not the form for pages without one.
    assert page.locator("[data-nmn-widget]").count() == 0
    assert value(kernel, "shown.w") == pytest.approx(widget.place(HANDLE), abs=0.01)

    def dragged() -> bool:
        widget.drag(tuple(widget.place(HANDLE)), (-1.5, 1.0))
        return widget.place(HANDLE) == pytest.approx((-1.5, 1.0), abs=0.05)

    # A reader whose notebook moved under the hand drags again.
    until(dragged, lambda: f"the handle at (-1.5, 1), but at {widget.place(HANDLE)}")
    until_page(
        page, lambda: value(kernel, "shown.w") == pytest.approx((-1.5, 1.0), abs=0.05), "the drag in Python"
    )

    kernel.execute("shown.w = (1.0, -2.0)")
    until_page(page, lambda: widget.place(HANDLE) == [1.0, -2.0], "Python's place in the widget")


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize("kind", link.names())
def test_a_key_reaches_python_and_python_reaches_the_picture(
    page: Page, kernel: BlockingKernelClient, home: Path, kind: str
) -> None:
    (cell,) = (
        i for i, source in enumerate(sources(home)) if source.startswith(IMPORT) and source.endswith(kind)
    )
    widget = Live(page, cell)
    state, seen = value(kernel, f"{kind}.state()"), widget.seen()
    widget.root.locator("input[type=range], [role=slider]").first.press("ArrowLeft")
    until_page(page, lambda: value(kernel, f"{kind}.state()") != state, "the key in Python")
    until_page(page, lambda: widget.seen() != seen, "the key in the picture")

    changed = [key for key, now in value(kernel, f"{kind}.state()").items() if now != state[key]]
    for key in changed:
        kernel.execute(f"{kind}.{key} = {state[key]!r}")
    until_page(page, lambda: widget.seen() == seen, "what Python has set in the picture")
