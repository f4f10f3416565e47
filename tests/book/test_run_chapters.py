"""As many chapters run at a time as there are processors, up to four."""

import os
from collections.abc import Callable

import pytest
from run_chapters import at_once


@pytest.mark.parametrize(("processors", "chapters"), [(1, 1), (3, 3), (4, 4), (16, 4)])
def test_a_chapter_runs_on_each_processor_that_is_ours(
    monkeypatch: pytest.MonkeyPatch, processors: int, chapters: int
) -> None:
    # Those of this process, not those of another one.
    ours: Callable[[int], set[int]] = {0: set(range(processors))}.__getitem__
    monkeypatch.setattr(os, "sched_getaffinity", ours, raising=False)
    assert at_once() == chapters


@pytest.mark.parametrize(("processors", "chapters"), [(None, 1), (2, 2)])
def test_where_none_are_assigned_every_processor_counts(
    monkeypatch: pytest.MonkeyPatch, processors: int | None, chapters: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert at_once() == chapters
