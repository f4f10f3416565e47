"""Changes that change nothing, judged by a person: they do not count. The reasons stand in judged.yml."""

from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("judged.yml")


def judged(text: str | None = None) -> Mapping[str, str]:
    """The reason by the key of the change (its file, and its line before and after).

    ValueError: an entry without a reason, or one that stands twice.
    """
    found: dict[str, str] = {}
    for row in yaml.safe_load(FILE.read_text("utf8") if text is None else text) or []:
        key = f"{row['file']} | {row['before']} | {row['after']}"
        if key in found or not row.get("why"):
            raise ValueError(f"an entry needs a reason and stands once; got {key}")
        found[key] = row["why"]
    return found
