"""The random draw: each line that can be changed is as likely as any other, then each of its changes."""

import random
from collections import defaultdict
from collections.abc import Callable, Container, Iterable

from tests.teeth.changes import Change, changes, parses


def draw(
    files: Iterable[str], read: Callable[[str], bytes], *, seed: int, count: int, judged: Container[str] = ()
) -> list[Change]:
    """`count` changes on as many lines, none of them `judged`; fewer where there are no more lines."""
    lines: dict[tuple[str, int], list[Change]] = defaultdict(list)
    for file in files:
        for change in changes(file, read(file)):
            lines[file, change.line].append(change)
    chance = random.Random(seed)
    drawn: list[Change] = []
    for place in chance.sample(sorted(lines), len(lines)):
        if len(drawn) == count:
            break
        found = chance.sample(lines[place], len(lines[place]))
        good = (c for c in found if c.key not in judged and parses(c, read(c.file)))
        drawn += [change for change in [next(good, None)] if change]
    return drawn
