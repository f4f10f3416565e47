"""Runs the chapters whose outputs are not at hand, several at a time, the longest first.

    python book/_ext/run_chapters.py [PAGE ...]     all pages of the table of contents, or these

The build does the same with the pages that it reads: whoever comes second finds the outputs.
"""

import asyncio
import copy
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import chapter_outputs
import yaml
from chapter_outputs import Chapter
from kernel import run
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parents[2]
Say = Callable[[str], None]


def at_once() -> int:
    """How many chapters are run at a time: one a processor, and no more than fit into the memory."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(count, 4)


async def _run_one(chapter: Chapter, free: asyncio.Semaphore, say: Say) -> str:
    """Run a chapter; what went wrong in it, or nothing."""
    async with free:
        start, key, notebook = time.monotonic(), chapter_outputs.key(chapter), copy.deepcopy(chapter.notebook)
        try:
            await run(notebook, chapter.folder, chapter.root, chapter.imports.foreign)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return f"{chapter.page}: {type(error).__name__}\n{error}"
        seconds = time.monotonic() - start
        if key != chapter_outputs.key(chapter):
            return f"{chapter.page}: what it imports changed while it ran; start again"
        chapter_outputs.keep(chapter, key, notebook, seconds)
        say(f"{chapter.page}: ran in {seconds:.0f} s")
        return ""


async def _run_all(chapters: list[Chapter], say: Say) -> list[str]:
    free = asyncio.Semaphore(at_once())
    return await asyncio.gather(*(_run_one(chapter, free, say) for chapter in chapters))


def run_chapters(root: Path, pages: Iterable[str], say: Say) -> list[str]:
    """Run the chapters among the pages that have to be; what went wrong, one text a chapter."""
    chapters = [chapter for page in pages if (chapter := chapter_outputs.read(root, page))]
    waiting = [c for c in chapters if chapter_outputs.find(c, chapter_outputs.key(c)) is None]
    waiting.sort(key=chapter_outputs.expected_seconds, reverse=True)
    return [fault for fault in asyncio.run(_run_all(waiting, say)) if fault]


def in_contents(toc: object) -> list[str]:
    """Every page that a table of contents names."""
    if isinstance(toc, dict):
        own = [toc[name] for name in ("root", "file") if name in toc]
        return own + in_contents(list(toc.values()))
    return [page for part in toc for page in in_contents(part)] if isinstance(toc, list) else []


def main(pages: list[str]) -> int:
    pages = pages or in_contents(yaml.safe_load((ROOT / "_toc.yml").read_text("utf8")))
    faults = run_chapters(ROOT, [page.removesuffix(".md") for page in pages], print)
    print("\n".join(faults) or "Every chapter runs.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
