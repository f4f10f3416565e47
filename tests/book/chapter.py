"""A chapter as the lint sees it: headings, prose, formulas and cells, read from its MyST source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext

HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
_MATH = re.compile(
    r"\$\$(.+?)\$\$|(?<![\\$\w])\$([^$\n]+(?:\n[^$\n]+)*?)\$|```\{math\}\n(.+?)```|:::\{math\}\n(.+?):::",
    re.DOTALL,
)


@dataclass(frozen=True)
class Cell:
    """A code cell: its source and what its header says."""

    source: str
    metadata: dict[str, Any]

    @property
    def lines(self) -> list[str]:
        """Its lines that are not blank."""
        return [line for line in self.source.splitlines() if line.strip()]

    @property
    def visible(self) -> bool:
        """Whether its source is on the page without a click."""
        return not HIDDEN & set(self.metadata.get("tags", []))

    def __str__(self) -> str:
        return f"cell {self.lines[0]!r}" if self.lines else "empty cell"


@dataclass
class Section:
    """What stands under one heading of the second level; the first section has the title alone."""

    title: str
    prose: str = ""
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Chapter:
    """One chapter: its text, its headings in order, its sections."""

    text: str
    metadata: dict[str, Any]
    headings: list[tuple[int, str]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section("")])

    @property
    def cells(self) -> list[Cell]:
        """Every code cell, in order."""
        return [cell for section in self.sections for cell in section.cells]

    @property
    def prose(self) -> str:
        """Everything between the cells."""
        return "\n".join(section.prose for section in self.sections)

    def section(self, mark: str) -> Section | None:
        """The first section whose title has this mark."""
        return next((found for found in self.sections if re.search(mark, found.title)), None)


def read(text: str) -> Chapter:
    """Read the source of a chapter."""
    notebook = jupytext.reads(text, fmt="md:myst")
    chapter = Chapter(text, dict(notebook.metadata))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            chapter.sections[-1].cells.append(Cell(cell.source, dict(cell.metadata)))
        else:
            _add_prose(chapter, cell.source)
    return chapter


def _add_prose(chapter: Chapter, source: str) -> None:
    fenced = False
    for line in source.splitlines():
        fenced ^= line.lstrip().startswith("```")
        heading = None if fenced else re.match(r"(#{1,6})\s+(.*?)\s*$", line)
        if heading:
            chapter.headings.append((len(heading[1]), heading[2]))
            if len(heading[1]) == 2:
                chapter.sections.append(Section(heading[2]))
                continue
        chapter.sections[-1].prose += line + "\n"


def formulas(prose: str) -> Iterator[str]:
    """The mathematics in a piece of prose, inline and displayed, without its fences."""
    for match in _MATH.finditer(re.sub(r"(?<!`)`[^`\n]+`(?!`)", "", prose)):
        yield next(group for group in match.groups() if group is not None)


def spoken(prose: str) -> str:
    """What is left of a piece of prose when it is read aloud: no fences, links or markup."""
    kept = [line for line in prose.splitlines() if not re.match(r"\s*(:::|```|:[\w-]+:|\(|#|\+\+\+|%)", line)]
    text = "\n".join(re.sub(r"^\s*([-*]|\d+\.)\s+", "", line) for line in kept)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\{[\w:-]+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", text)
    return re.sub(r"[*_`]", "", text)


def chapters(root: Path, toc: dict[str, Any]) -> list[Path]:
    """The chapters named in a table of contents: the pages that lie in the folder of a part."""
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [root / f"{file}.md" for file in files if file.count("/") > 1]
