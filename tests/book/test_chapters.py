"""Every chapter keeps the standard; every rule of the standard finds the fault it is there for."""

import re
from pathlib import Path

import claim_evidence
import claim_rows
import lint
import pytest
import yaml
from chapter import chapters, formulas, read, spoken

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
CHAPTERS = chapters(ROOT, yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))
LABELS = {claim.label for claim in claim_rows.load(BOOK)}
PAGES = [page for page in sorted(BOOK.glob("*.md")) if page not in CHAPTERS]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_keeps_the_standard(path: Path) -> None:
    assert lint.faults(read(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_keeps_what_holds_for_all(path: Path) -> None:
    assert lint.faults(read(path.read_text("utf-8")), lint.PAGE_RULES) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_shows_the_claims_it_settles(path: Path) -> None:
    text = path.read_text("utf-8")
    settled = LABELS & claim_evidence.labels(text)
    assert not settled or "{claims}" in text


def test_every_chapter_file_is_in_the_table_of_contents() -> None:
    lying = {page for page in claim_evidence.sources(BOOK) if page.parent != BOOK}
    assert lying == set(CHAPTERS) != set()


def test_no_label_is_used_twice() -> None:
    found = [
        label
        for page in claim_evidence.sources(BOOK)
        for label in claim_evidence.labels(page.read_text("utf-8"))
    ]
    assert sorted(found) == sorted(set(found))


# A chapter that keeps every rule, and the faults that are planted in it.

SOUND = r"""---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A sound chapter on Lipschitz bounds

:::{card} Before you start
**Needs**: nothing. **Minutes**: 3. **Level**: first.

After this you can

- count;
- add;
- stop.
:::

```{code-cell} ipython3
from nmn import product
from nmn.figures.product import yat_product as draw
```

## 🧒 Explain Like I'm 5

You have a dog. The dog has a red ball. You run and he runs too.

```{code-cell} ipython3
:tags: [hide-input]
widgets.Dog()
```

## 🎯 The problem it solves

We count $n$ dogs with $\text{ⵟ}(w, x)$.

## 📐 The mathematics

:::{prf:theorem} Dogs
:label: thm-dogs
$\lVert x \rVert \ge 0$ for every $\varepsilon > 0$.
:::

:::{dropdown} Proof
It is a length. ∎
:::

```{code-cell} ipython3
---
mystnb:
  image:
    alt: A red line that rises from left to right
  figure:
    caption: The line rises, and it never falls.
    name: fig-dogs
---
draw.dogs()
```

## 🧪 Check it

```{code-cell} ipython3
for n in range(3):
    assert n >= 0
```

## Where it breaks

Nowhere.

## 💥 Consequences

None.

## 🎓 What this really means

Little.

## Exercises

:::{exercise}
:label: ex-a
Count.
:::

:::{solution-start} ex-a
:class: dropdown
:::

```{code-cell} ipython3
assert 1 + 1 == 2
```

:::{solution-end}
:::

:::{exercise}
:label: ex-b
Add.
:::

:::{solution} ex-b
:class: dropdown
Three.
:::

:::{exercise}
:label: ex-c
Stop.
:::

:::{solution} ex-c
:class: dropdown
Now.
:::

## Sources

None.

## What next

The end.
"""


def test_the_sound_chapter_is_sound() -> None:
    assert lint.faults(read(SOUND)) == []


HARD = "Notwithstanding organizational complexity, contemporary institutions systematically deteriorate."
ALT = "    alt: A red line that rises from left to right\n"
CAPTION = "    caption: The line rises, and it never falls.\n"
CELL = "```{code-cell} ipython3\nfrom nmn import product\n"


PLANTED = [
    (":::{card} Before", ":::{note} Before", "card_first: no card"),
    ("**Minutes**: 3. ", "", "does not say: minutes"),
    ("After this", "+++\nAfter this", "cuts the notebook"),
    ("- count;\n", "", "has 2 points"),
    ("## 🎯 The problem it solves", "## A problem", "sections_in_order: no section: 🎯"),
    ("## Where it breaks", "## Limits", "no section: where it breaks"),
    ("## 🧒 Explain Like I'm 5", "## 🎓 First", "sections_in_order: no section: 🧒"),
    ("## 💥 Consequences", "## 🎓 Consequences", "no section: 💥"),
    ("## Sources", "## Origins", "no section: sources"),
    ("You have a dog.", "You have $n$ dogs.", "plain_opening: symbols"),
    ("You have a dog.", "You have ε dogs.", "plain_opening: symbols"),
    ("You have a dog. The dog has a red ball. You run and he runs too.", HARD, "reads at grade"),
    ("```{code-cell} ipython3\n:tags: [hide-input]\nwidgets.Dog()\n```", "", "nothing to look at"),
    ("assert 1 + 1 == 2", "a = 1\n" * 40 + "assert a", "takes 15"),
    ("assert 1 + 1 == 2", "a = 1\n" * 11 + "assert a", "checks with 12 lines"),
    ("assert 1 + 1 == 2", "assert True\nprint(2)", "does not end in its assert"),
    ("    assert n >= 0", "    print(n)", "no assert in the section of checks"),
    (CELL, CELL + "%matplotlib inline\n", "a magic"),
    (CELL, CELL + "!ls\n", "a magic"),
    (CELL, CELL + "import time\n", "the machine"),
    (CELL, CELL + "from datetime import date\n", "the machine"),
    (CELL, CELL + "open('data.csv')\n", "a file"),
    (CELL, CELL + "import matplotlib.pyplot as plt\n", "plotting that belongs"),
    (CELL, "```{code-cell} ipython3\n:tags: [raises-exception]\n1 / 0\n```\n" + CELL, "may fail"),
    ("kernelspec:", "mystnb: {execution_allow_errors: true}\nkernelspec:", "allows errors"),
    (ALT, "", "no alt text"),
    (ALT, "    alt: figure\n", "no alt text"),
    (CAPTION, "", "no caption"),
    ("    name: fig-dogs\n", "", "no name fig-"),
    ("We count", ":::{figure} dog.svg\n:name: fig-dog\nDog.\n:::\n\nWe count", "no :alt:"),
    ("## 🎯 The problem it solves", "## 🎯 The Problem It Solves", "sentence_case"),
    ("# A sound chapter on", "# A sound chapter: the Rules on", "sentence_case"),
    ("# A sound chapter on", "# A sound chapter on Infinite", "sentence_case"),
    ("We count", "#### Dogs\n\nWe count", "no skipped level"),
    (":::{exercise}\n:label: ex-c\nStop.\n:::", "", "2 exercises, takes 3"),
    (":label: ex-c\n", "", "an exercise has no label"),
    ("{solution} ex-c", "{solution} ex-b", "exercise ex-c has no solution"),
    ("{solution} ex-c\n:class: dropdown", "{solution} ex-c", "is not folded"),
    ("```{code-cell} ipython3\nassert 1 + 1 == 2\n```", "", "no solution is executed"),
    (":::{dropdown} Proof\n", ":::{dropdown} Reasons\n", "no folded proof follows theorem thm-dogs"),
    (":label: thm-dogs\n", "", "a theorem has no label"),
    (r"\text{ⵟ}(w, x)", "ⵟ(w, x)", r"ⵟ outside \text{ⵟ}"),
    (r"\text{ⵟ}(w, x)", r"\yat(w, x)", "a macro"),
    (r"\varepsilon", r"\epsilon", r"\epsilon for \varepsilon"),
    (r"\lVert x \rVert", r"\|x\|", "bars for"),
    (r"\lVert x \rVert", "||x||", "bars for"),
    (r"\lVert x \rVert", r"\lVert \mathbf{x} \rVert", "a bold"),
    ("Nowhere.", "See " + "/".join(["", "home", "me", "x"]), "path of a machine"),
    ("Nowhere.", "Run pip install nmn.", "installs another project"),
]


@pytest.mark.parametrize(("old", "new", "complaint"), PLANTED)
def test_a_planted_fault_is_found(old: str, new: str, complaint: str) -> None:
    assert old in SOUND
    found = lint.faults(read(SOUND.replace(old, new, 1)))
    assert any(complaint in fault for fault in found), found


def test_every_rule_has_a_planted_fault() -> None:
    broken = [read(SOUND.replace(old, new, 1)) for old, new, _ in PLANTED]
    assert all(any(list(rule(chapter)) for chapter in broken) for rule in lint.RULES)


def test_long_visible_cells_are_found() -> None:
    long = re.sub(
        r"(?m)^(from nmn import product|    assert n >= 0|assert 1 \+ 1 == 2)$", "a = 1\n" * 6 + r"\1", SOUND
    )
    assert any("median visible cell" in fault for fault in lint.faults(read(long)))


def test_formulas_are_found_in_every_form() -> None:
    prose = "A $a$ and\n$$\nb\n$$ (eq)\n```{math}\nc\n```\n:::{math}\nd\n:::\nthe price is \\$5 or `$e$`."
    assert [formula.strip() for formula in formulas(prose)] == ["a", "b", "c", "d"]


def test_what_is_read_aloud_has_no_markup() -> None:
    prose = ":::{note}\n:class: tip\n- A **dog** and [a cat](x.md).\n:::\n(label)=\n{ref}`here <x>` *now*."
    assert spoken(prose).split() == ["A", "dog", "and", "a", "cat.", "here", "now."]
