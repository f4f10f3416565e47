"""Rules on the words of a chapter: an ELI5 for a child, plain notation, no path of a machine."""

import re
from collections.abc import Iterator

import textstat
from chapter import Chapter, formulas, spoken

SYMBOLS = re.compile(r"[$=<>≤≥≈∞∇∂√²³‖|^\\→·×α-ωΑ-Ωⵟ]|\{math\}")
MACHINE = re.compile(r"(?<![\w.:/])/(home|root|tmp|Users|mnt|var)/")
NOT_IN_FORMULAS = {
    r"(?<!\\text\{)ⵟ": r"ⵟ outside \text{ⵟ}",
    r"\\(newcommand|def|yat)\b": "a macro",
    r"\\epsilon\b": r"\epsilon for \varepsilon",
    r"\\\||\|\|": r"bars for \lVert and \rVert",
    r"\\(mathbf|boldsymbol|vec)\b": "a bold or arrowed vector",
}


def plain_opening(chapter: Chapter) -> Iterator[str]:
    section = chapter.section("🧒")
    if not section:
        return
    text = spoken(section.prose)
    if found := SYMBOLS.findall(section.prose):
        yield f"symbols in the ELI5: {' '.join(found)}"
    if (grade := textstat.flesch_kincaid_grade(text)) > 5:
        yield f"the ELI5 reads at grade {grade:.1f}, takes 5 at most"
    if not section.cells:
        yield "the ELI5 has nothing to look at or to play with"


def plain_notation(chapter: Chapter) -> Iterator[str]:
    for formula in formulas(chapter.prose):
        for pattern, name in NOT_IN_FORMULAS.items():
            if re.search(pattern, formula):
                yield f"{name} in: {formula.strip()[:60]}"


def no_machine(chapter: Chapter) -> Iterator[str]:
    yield from (f"path of a machine: {match[0]}" for match in MACHINE.finditer(chapter.text))
    if "pip install nmn" in chapter.text:
        yield "'pip install nmn' installs another project"
