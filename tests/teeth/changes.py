"""All small changes of meaning of one source file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tree_sitter import Node

from tests.teeth.grammar import Grammar, grammar_of
from tests.teeth.look import is_look
from tests.teeth.operators import OPERATORS, Piece

_MESSAGES = {"raise_statement", "throw_statement"}


@dataclass(frozen=True)
class Change:
    """Bytes `start` to `end` of a file become `new`; `before` and `after` are the lines it is on."""

    file: str
    line: int
    start: int
    end: int
    new: str
    kind: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """What names the change as long as its line reads as it does."""
        return f"{self.file} | {self.before} | {self.after}"

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"{self.file}:{self.line}"

    def apply(self, source: bytes) -> bytes:
        """The changed file."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def as_dict(self) -> dict[str, Any]:
        """For a line of JSON."""
        return asdict(self)


def changes(file: str, source: bytes) -> list[Change]:
    """Every change, in the order of the file."""
    grammar = grammar_of(file)
    found = {
        (piece, kind): _change(file, source, piece, kind)
        for node in _nodes(grammar.parser().parse(source).root_node, grammar, file)
        for kind, operator in OPERATORS.items()
        for piece in operator(node, grammar)
        if not _is_look(node, piece, file)
    }
    return list(found.values())


def parses(change: Change, source: bytes) -> bool:
    """Whether the changed file is still a program."""
    changed = change.apply(source)
    return not grammar_of(change.file).parser().parse(changed).root_node.has_error


def _nodes(node: Node, grammar: Grammar, file: str) -> Iterator[Node]:
    if node.type in grammar.skipped or is_look(node, file):
        return
    yield node
    # A message is not changed; that there is one is.
    if node.type not in _MESSAGES:
        for child in node.children:
            yield from _nodes(child, grammar, file)


def _is_look(node: Node, piece: Piece, file: str) -> bool:
    """Whether the piece leaves out, or is, nothing but the look of a picture."""
    start, end, _ = piece
    return any(start <= c.start_byte and c.end_byte <= end and is_look(c, file) for c in node.named_children)


def _change(file: str, source: bytes, piece: Piece, kind: str) -> Change:
    start, end, new = piece
    first = source.rfind(b"\n", 0, start) + 1
    last = source.find(b"\n", end)
    tail = source[end : len(source) if last < 0 else last]
    head = source[first:start]
    before, after = (
        " ".join((head + middle + tail).decode().split()) for middle in (source[start:end], new.encode())
    )
    return Change(file, source.count(b"\n", 0, start) + 1, start, end, new, kind, before, after)
