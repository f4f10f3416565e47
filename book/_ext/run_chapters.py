"""Runs the chapters whose outputs are not at hand, several at a time, the longest first."""

import asyncio
import copy
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import chapter_outputs
from chapter_outputs import Chapter
from kernel import Client
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

Say = Callable[[str], None]


def at_once() -> int:
    """How many chapters are run at a time: one a processor, and no more than fit into the memory."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(count, 4)


def to_run(chapters: Iterable[Chapter]) -> list[Chapter]:
    """The chapters whose outputs are not at hand, the longest first."""
    waiting = [c for c in chapters if chapter_outputs.find(c, chapter_outputs.key(c)) is None]
    return sorted(waiting, key=chapter_outputs.expected_seconds, reverse=True)


async def _run_one(chapter: Chapter, free: asyncio.Semaphore, say: Say) -> str:
    """Run a chapter; what went wrong in it, or nothing."""
    async with free:
        start, key, notebook = time.monotonic(), chapter_outputs.key(chapter), copy.deepcopy(chapter.notebook)
        client = Client(
            notebook, folder=chapter.folder, root=chapter.root, foreign=chapter.imports.foreign
        )
        try:
            await client.async_execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return f"{chapter.page}: {type(error).__name__}\n{error}"
        seconds = time.monotonic() - start
        if not chapter_outputs.keep(chapter, key, notebook, seconds):
            return f"{chapter.page}: what it imports changed while it ran; start again"
        say(f"{chapter.page}: ran in {seconds:.0f} s")
        return ""


async def _run_all(chapters: list[Chapter], say: Say) -> list[str]:
    free = asyncio.Semaphore(at_once())
    return await asyncio.gather(*(_run_one(chapter, free, say) for chapter in chapters))


def run_chapters(root: Path, pages: Iterable[str], say: Say) -> list[str]:
    """Run the chapters among the pages that have to be; what went wrong, one text a chapter."""
    chapters = [chapter for page in pages if (chapter := chapter_outputs.read(root, page))]
    return [fault for fault in asyncio.run(_run_all(to_run(chapters), say)) if fault]
