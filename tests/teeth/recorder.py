"""A pytest plugin that notes which test runs which line, how long each test takes, and whom its text names.

What is computed once and used by many tests would count for the first of them alone. So it is recorded in a
context of its own, and each test that asks for it counts: what a fixture of wider scope runs, and what a
function with `functools.cache` keeps. A line that JAX has traced does not run again while its cache lives;
JAX's caches are emptied on each change of context.
"""

import functools
import inspect
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import coverage
import pytest

# Processes that a test starts record under the context of the test: see coverage's settings in record.py.
CONTEXT = "TEETH_CONTEXT"
TARGET = "TEETH_NOTES"
# The fixture of the page of all widgets; the other tests of the site need the built book.
SITE, GALLERY = "tests/site/", "folder"


class Recorder:
    """The contexts, what each uses of others, and what is known of each test."""

    def __init__(self) -> None:
        self.context = ""
        self.uses: defaultdict[str, set[str]] = defaultdict(set)
        self.tests: dict[str, dict[str, Any]] = {}

    @contextmanager
    def inside(self, context: str) -> Iterator[None]:
        """Lines that run now belong to `context`."""
        before = self.context
        self._enter(context)
        try:
            yield
        finally:
            self._enter(before)

    def _enter(self, context: str) -> None:
        self.context = os.environ[CONTEXT] = context
        if running := coverage.Coverage.current():
            running.switch_context(context)
        if "jax" in sys.modules:
            sys.modules["jax"].clear_caches()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        watch_caches(self)
        note = self.tests[item.nodeid] = {"passed": True, "text": text_of(item)}
        # All cases of a test share a context: they share what JAX traced, which is dear to trace again.
        function = item.nodeid.split("[")[0]
        self.uses[item.nodeid].add(function)
        if function != self.context:
            self._enter(function)
        started = time.perf_counter()
        result = yield
        note["seconds"] = round(time.perf_counter() - started, 3)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        if fixturedef.scope == "function":
            return (yield)
        context = f"fixture {request.node.nodeid} {fixturedef.argname}"
        for item in request.session.items:
            if fixturedef.argname in item.fixturenames and item.nodeid.startswith(request.node.nodeid):
                self.uses[item.nodeid].add(context)
        with self.inside(context):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.tests[report.nodeid]["passed"] = False

    def pytest_sessionfinish(self) -> None:
        uses = {context: sorted(used) for context, used in self.uses.items()}
        Path(os.environ[TARGET]).write_text(json.dumps({"tests": self.tests, "uses": uses}), "utf8")


def text_of(item: pytest.Item) -> str:
    """The name and the source of a test."""
    return f"{item.nodeid}\n{inspect.getsource(getattr(item, 'function', item.__class__))}"


def _modules() -> Iterator[Any]:
    here = Path.cwd()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and Path(file).is_relative_to(here):
            yield module


def watch_caches(recorder: Recorder) -> None:
    """Puts a watched function in the place of each that keeps its results."""
    watched: dict[int, Callable[..., Any]] = {}
    for module in _modules():
        for name, value in list(vars(module).items()):
            if isinstance(value, functools._lru_cache_wrapper):
                setattr(module, name, watched.setdefault(id(value), watch(recorder, value)))


def watch(recorder: Recorder, cached: Any) -> Callable[..., Any]:
    """The cached function in contexts of its own, one for each call that is kept; who calls it uses them."""
    plain = cached.__wrapped__
    name = f"cache {plain.__module__}.{plain.__qualname__}"

    def context(args: Any, options: Any) -> str:
        return f"{name} {hash((args, tuple(options.items())))}"

    @functools.lru_cache(**cached.cache_parameters())
    def run(*args: Any, **options: Any) -> Any:
        with recorder.inside(context(args, options)):
            return plain(*args, **options)

    @functools.wraps(plain)
    def call(*args: Any, **options: Any) -> Any:
        recorder.uses[recorder.context].add(context(args, options))
        return run(*args, **options)

    return call


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [
        item
        for item in items
        if not item.nodeid.startswith(SITE) or GALLERY in getattr(item, "fixturenames", ())
    ]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder())
