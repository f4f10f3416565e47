"""The list of numbers without an assert: what it names, and what it lets pass."""

import numbers_of_a_page
import pytest
from chapter import read

HEAD = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# Title\n\n## Findings\n\n"
CELL = "\n```{code-cell} ipython3\nassert 0.1 < ratio < 4.5 and share > 12\n```\n"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The error is 0.37 here.", ["0.37"]),
        ("The error is below 4.5 here.", []),
        ("At 12 % and at 13 % of the runs.", ["13 %"]),
        ("It is 12 times as large, or ten times.", ["ten times"]),
        ("About half of them, and a tenth of the rest.", ["About half", "a tenth of"]),
        ("A number $0.37$ in a formula and `0.37` in code.", []),
        (":::{prf:remark} Name\n:label: rem-name\nIt is 0.37 by proof.\n:::", []),
        ("In 2024 there were 3 pages and 4 units.", []),
    ],
)
def test_what_is_listed(sentence: str, found: list[str]) -> None:
    listed = list(numbers_of_a_page.loose(read(HEAD + sentence + "\n" + CELL)))
    assert [number for _, number, _ in listed] == found
    assert all(section == "Findings" for section, _, _ in listed)


def test_captions_are_sentences_too() -> None:
    header = "---\nmystnb:\n  figure:\n    caption: It falls to 0.02 at last.\n---\n"
    cell = f"\n```{{code-cell}} ipython3\n{header}draw()\n```\n"
    ((_, number, sentence),) = numbers_of_a_page.loose(read(HEAD + cell))
    assert number == "0.02" and sentence == "It falls to 0.02 at last."
