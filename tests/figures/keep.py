"""Write the descriptions of all pictures: python -m tests.figures.keep

What changed in a picture is then read in the diff of its file in `kept/`.
"""

from pathlib import Path
from typing import Any

import yaml

from tests.figures.describe import describe
from tests.figures.near import Near
from tests.figures.pictures import PICTURES, by_file

KEPT, WIDTH = Path(__file__).with_name("kept"), 110


def path(file: str) -> Path:
    """Where the pictures of a module are kept, by the dotted rest of its name."""
    return KEPT.joinpath(*file.split(".")).with_suffix(".yml")


class _Writer(yaml.SafeDumper):
    """What fits in a line stands in a line, and so do numbers."""

    def represent_sequence(self, *given: Any) -> yaml.Node:
        node = super().represent_sequence(*given)
        node.flow_style = _width(node) <= WIDTH or all(
            isinstance(held, yaml.ScalarNode) for held in node.value
        )
        return node

    def represent_mapping(self, *given: Any) -> yaml.Node:
        node = super().represent_mapping(*given)
        node.flow_style = _width(node) <= WIDTH
        return node


_Writer.add_representer(Near, lambda writer, near: writer.represent_float(near.rounded()))


def _width(node: yaml.Node | tuple[yaml.Node, ...]) -> int:
    held = node if isinstance(node, tuple) else node.value
    return 2 + (len(held) if isinstance(held, str) else sum(map(_width, held)))


def text(told: Any) -> str:
    """As it stands in a file."""
    return yaml.dump(told, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH)


def main() -> None:
    for file, names in by_file().items():
        path(file).parent.mkdir(parents=True, exist_ok=True)
        path(file).write_text(text({name: describe(PICTURES[name]()) for name in names}), "utf8")


if __name__ == "__main__":
    main()
