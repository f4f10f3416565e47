"""Sentences with a number that looks measured and that no assert of their section names.

    python -m tests.book.numbers_of_a_page [PAGE ...]

A list to be read by a person, and no gate: a number may be proved, quoted, or held by an assert in other
words. What stands inside statements and proofs is not measured, and left out.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

# Run as a module, the tests' folder is not among the places to import from.
sys.path.insert(0, str(Path(__file__).parent))

from chapter import Chapter, Section, chapters, read, spoken

ROOT = Path(__file__).resolve().parents[2]
WORDS = "two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|a hundred|a thousand"
MEASURED = re.compile(
    rf"\d+\.\d+|\d+(?:\.\d+)? ?%|(?:\b\d+|\b(?:{WORDS})) times\b|\babout (?:\d+|{WORDS}|half|a \w+th)\b"
    r"|\b(?:half|a third|a quarter|a fifth|a tenth|a hundredth) (?:of|as)\b",
    re.IGNORECASE,
)
_STATEMENTS = re.compile(r"^(:{3,})\{(?:prf:\w+|dropdown|exercise)\}.*?^\1$", re.MULTILINE | re.DOTALL)
_FORMULAS = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`", re.DOTALL)


def sentences(section: Section) -> Iterator[str]:
    """What a section says outside statements and formulas, captions included, sentence by sentence."""
    figures = (cell.metadata.get("mystnb", {}).get("figure", {}) for cell in section.cells)
    captions = [figure["caption"] for figure in figures if "caption" in figure]
    plain = _FORMULAS.sub("…", _STATEMENTS.sub("", section.prose))
    for text in [*spoken(plain).split("\n\n"), *captions]:
        yield from re.split(r"(?<=[.!?])\s+(?=[A-Z*ⵟ…])", " ".join(text.split()))


def loose(chapter: Chapter) -> Iterator[tuple[str, str, str]]:
    """(section, number, sentence) wherever no assert of the section names the number."""
    for section in chapter.sections:
        lines = [line for cell in section.cells for line in cell.lines if "assert" in line]
        held = set(re.findall(r"\d+(?:\.\d+)?", " ".join(lines)))
        for sentence in sentences(section):
            for number in MEASURED.findall(sentence):
                digits = re.findall(r"\d+(?:\.\d+)?", number)
                if not digits or not set(digits) <= held:
                    yield section.title, number, sentence


def main(pages: list[Path]) -> None:
    """The list, page by page."""
    for page in pages or chapters(ROOT, yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))):
        found = list(loose(read(page.read_text("utf8"))))
        print(f"\n{page.name}: {len(found)}")
        for section, number, sentence in found:
            print(f"  [{number}] {section}: {sentence}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
