"""What a run found, in words: a row for each change, and the share that was noticed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tests.teeth.changes import Change
from tests.teeth.tree import area
from tests.teeth.trial import NOTICED, Outcome

Result = tuple[Change, Outcome]


def counted(results: Iterable[Result], judged: Mapping[str, str]) -> list[Result]:
    """The results that count: not those of changes that change nothing."""
    return [result for result in results if result[0].key not in judged]


def share(results: Sequence[Result]) -> float:
    """The part that was noticed, in percent."""
    return 100 * sum(outcome.found in NOTICED for _, outcome in results) / max(len(results), 1)


def row(change: Change, outcome: Outcome) -> str:
    """One change: where, what, and who noticed it."""
    found = f"{outcome.found}: {outcome.by}" if outcome.found in NOTICED else outcome.found.upper()
    return f"{change.place}  [{change.kind}]\n  - {change.before}\n  + {change.after}\n  {found}"


def summary(results: Sequence[Result], judged: Mapping[str, str]) -> str:
    """The counts, overall and by area."""
    count = counted(results, judged)
    found = Counter(outcome.found for _, outcome in count)
    areas: dict[str, list[Result]] = defaultdict(list)
    for result in count:
        areas[area(result[0].file)].append(result)
    noticed = sum(found[name] for name in NOTICED)
    lines = [
        f"{noticed} of {len(count)} noticed, {share(count):.0f} % "
        f"({len(results) - len(count)} more changed nothing)",
        f"by a wrong result {found['wrong']}, by a crash {found['crash']}, by a hang {found['hang']}; "
        f"survived {found['survived']}, run by no test {found['never run']}",
    ]
    for name, some in sorted(areas.items()):
        lines.append(f"  {name:12} {share(some):3.0f} % of {len(some)}")
    return "\n".join(lines)


def table(results: Sequence[Result], judged: Mapping[str, str]) -> str:
    """Every change, those that nobody noticed last, then the counts."""
    last = sorted(counted(results, judged), key=lambda one: (one[1].found not in NOTICED, one[0].place))
    return "\n".join([*(row(*one) for one in last), "", summary(results, judged)])
