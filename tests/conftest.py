"""What all tests share: how examples are drawn, the precision that a file asks for, which compiled code is
kept and how much is held, and the table of margins.

A precision is asked for by `pytest.mark.usefixtures`. Property tests draw the same examples every time; `make
search` draws others, and what it finds becomes an `@example`. Hypothesis mixes numbers that stand in the
modules loaded so far into what it draws, and these depend on what ran before: here it has none to mix in.
"""

from collections.abc import Generator, Iterator

import jax
import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests import compiled
from tests.claims import margin

providers._get_local_constants = providers.Constants
settings.register_profile("fixed", derandomize=True, database=None, deadline=None, max_examples=60)
settings.register_profile("search", derandomize=False, deadline=None, max_examples=3000, print_blob=True)
# Until `--hypothesis-profile` names another one.
settings.load_profile("fixed")


@pytest.fixture
def float64() -> Iterator[None]:
    """Double precision."""
    with jax.enable_x64(True):
        yield


@pytest.fixture
def float32() -> Iterator[None]:
    """Single precision, whatever other tests have asked for."""
    with jax.enable_x64(False):
        yield


compiled.keep()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With several processes, once all have ended."""
    if not hasattr(session.config, "workerinput"):
        compiled.thin_out()


MANY = 1000
"""So many compiled programs are let go at the end of a file: each takes megabytes, and few are used again."""
programs: list[str] = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, *_, **__: programs.append(event) if event.endswith("backend_compile_duration") else None
)


@pytest.fixture(scope="module", autouse=True)
def no_memory_is_filled() -> Iterator[None]:
    """What was compiled is let go once it is much."""
    yield
    if len(programs) >= MANY:
        jax.clear_caches()
        programs.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Put the margins of a claim into its report, which also comes from another process."""
    margin.noted.clear()
    try:
        return (yield)
    finally:
        if item.path.name.startswith("test_seed_"):
            item.user_properties.extend(("margin", tuple(found)) for found in margin.noted)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The margins of all measured claims, the thinnest first."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    rows = [
        (margin.Margin(*found), report.nodeid.split("::")[-1])
        for report in reports
        if report.when == "call"
        for name, found in report.user_properties
        if name == "margin"
    ]
    if rows:
        terminalreporter.section("margins of measured claims")
        terminalreporter.line(margin.HEAD)
        for found, test in sorted(rows, key=lambda row: row[0].arms):
            terminalreporter.line(f"{found}  {test}")
