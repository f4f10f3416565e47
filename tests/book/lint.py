"""The standard of a chapter. A rule takes a chapter and yields, in words, what is wrong with it."""

from collections.abc import Callable, Iterator

import lint_cells
import lint_prose
import lint_structure
from chapter import Chapter

Rule = Callable[[Chapter], Iterator[str]]

RULES: tuple[Rule, ...] = (
    lint_structure.card_first,
    lint_structure.sections_in_order,
    lint_structure.sentence_case,
    lint_structure.statements_proved,
    lint_structure.exercises_solved,
    lint_prose.plain_opening,
    lint_prose.plain_notation,
    lint_prose.no_machine,
    lint_cells.short_cells,
    lint_cells.checks_assert,
    lint_cells.honest_cells,
    lint_cells.figures_described,
)
# What holds for every page of the book, not for chapters alone.
PAGE_RULES: tuple[Rule, ...] = (
    lint_structure.sentence_case,
    lint_prose.plain_notation,
    lint_prose.no_machine,
    lint_cells.honest_cells,
    lint_cells.figures_described,
)


def faults(chapter: Chapter, rules: tuple[Rule, ...] = RULES) -> list[str]:
    """All that is wrong with a chapter, each with the rule that says so."""
    return [f"{rule.__name__}: {fault}" for rule in rules for fault in rule(chapter)]
