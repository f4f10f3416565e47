"""Rules on the order of a chapter: its card, sections, headings, proofs and exercises."""

import re
from collections.abc import Iterator
from itertools import pairwise

from chapter import Chapter

ORDER = {
    "🧒 explained like I'm 5": "🧒",
    "🎯 the problem": "🎯",
    "📐 the mathematics": "📐",
    "🧪 checks": "🧪",
    "where it breaks": r"(?i)\b(breaks?|fails?)\b",
    "💥 consequences": "💥",
    "🎓 what it means": "🎓",
    "exercises": r"(?i)\bexercises\b",
    "sources": r"(?i)\bsources\b",
    "what next": r"(?i)\bnext\b",
}
CARD = ("needs", "minutes", "level", "after this you can")
# Names that keep their capitals inside a heading.
NAMES = re.compile(
    r"Explain Like I'm 5|Theorem \d+|\b(ELI5|ReLU|RBF|SDP|SGD|PINNs?|I|C|SymPy|JAX|Python|Adam|Huber|"
    r"Lipschitz|Mercer|Gauss(ian)?|Hilbert|Fourier|Gram|Grothendieck|Zygmund|Bessel|Cauchy|Schwarz|Taylor|"
    r"Hessian|Jacobian|Newton|Euler|Euclid(ean)?|Bernoulli|Student|Weierstrass|Stone|Kullback|Leibler)\b"
)
STATEMENT = re.compile(
    r"^[ \t]*[:`]{3,}\{prf:(theorem|proposition|lemma|corollary)\}[^\n]*\n((?:[ \t]*:[\w-]+:.*\n)*)"
    r"|^[ \t]*[:`]{3,}\{dropdown\}[^\n]*\b[Pp]roof\b",
    re.MULTILINE,
)


def card_first(chapter: Chapter) -> Iterator[str]:
    opening = chapter.sections[0].prose.lower()
    if "{card}" not in opening:
        yield "no card under the title"
    if re.search(r"(?m)^\+\+\+", chapter.text):
        yield "+++ cuts the notebook: a card would fall apart in JupyterLab"
    yield from (f"the card does not say: {words}" for words in CARD if words not in opening)
    points = re.findall(r"(?m)^- ", opening.split(CARD[-1])[-1])
    if not 3 <= len(points) <= 5:
        yield f"the card has {len(points)} points under '{CARD[-1]}', takes 3 to 5"


def sections_in_order(chapter: Chapter) -> Iterator[str]:
    titles, last = [section.title for section in chapter.sections], 0
    for name, mark in ORDER.items():
        found = [i for i, title in enumerate(titles) if re.search(mark, title)]
        later = [i for i in found if i > last]
        if not later:
            yield f"section out of order: {name}" if found else f"no section: {name}"
        last = min(later, default=last)


def sentence_case(chapter: Chapter) -> Iterator[str]:
    for _, title in chapter.headings:
        for part in re.split(r"[:.?!]\s+", NAMES.sub("", title)):
            words = re.findall(r"(?<![\w$\\{'’-])[A-Za-z][\w'’-]+", re.sub(r"\$[^$]*\$|`[^`]*`", "", part))
            if any(word[0].isupper() for word in words[1:]):
                yield f"heading not in sentence case: {title}"
    levels = [level for level, _ in chapter.headings]
    if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
        yield "headings take one title and no skipped level"


def statements_proved(chapter: Chapter) -> Iterator[str]:
    waiting = ""
    for match in STATEMENT.finditer(chapter.prose):
        if match[1]:
            if waiting:
                yield f"no folded proof follows {waiting}"
            label = re.search(r":label:[ \t]*(\S+)", match[2])
            waiting = f"{match[1]} {label[1] if label else 'without a label'}"
            if not label:
                yield f"a {match[1]} has no label"
        else:
            waiting = ""
    if waiting:
        yield f"no folded proof follows {waiting}"


def exercises_solved(chapter: Chapter) -> Iterator[str]:
    posed = re.findall(r"\{exercise(?:-start)?\}.*\n((?:[ \t]*:[\w-]+:.*\n)*)", chapter.prose)
    labels = [match[1] for match in (re.search(r":label:[ \t]*(\S+)", block) for block in posed) if match]
    if len(posed) < 3:
        yield f"{len(posed)} exercises, takes 3"
    if len(posed) != len(labels):
        yield "an exercise has no label"
    solved = re.findall(r"\{solution(?:-start)?\}[ \t]*(\S+)[ \t]*\n((?:[ \t]*:[\w-]+:.*\n)*)", chapter.prose)
    yield from (f"exercise {label} has no solution" for label in labels if label not in dict(solved))
    unfolded = [label for label, block in solved if "dropdown" not in block]
    yield from (f"the solution of {label} is not folded" for label in unfolded)
    section = chapter.section(ORDER["exercises"])
    if section and not section.cells:
        yield "no solution is executed"
