"""The small changes of meaning that one node of a syntax tree allows.

Each operator gives pieces: from which byte to which, and what stands there instead. Not among them: text,
names of keys, types, removed decorators, and what only breaks (`@`; a string in the place of a list).
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from tree_sitter import Node

from tests.teeth.grammar import Grammar

Piece = tuple[int, int, str]
Operator = Callable[[Node, Grammar], Iterator[Piece]]

OTHER_SIGN = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
    "==": ("!=",), "!=": ("==",), "===": ("!==",), "!==": ("===",),
    "is": ("is not",), "is not": ("is",), "in": ("not in",), "not in": ("in",),
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "**": ("*",), "//": ("/",), "%": ("*",),
    "+=": ("-=",), "-=": ("+=",), "*=": ("/=",), "/=": ("*=",), "**=": ("*=",),
    "++": ("--",), "--": ("++",), "&": ("|",), "|": ("&",), "<<": (">>",), ">>": ("<<",), "^": ("&",),
    "and": ("or",), "or": ("and",), "&&": ("||",), "||": ("&&",), "??": ("&&",),
}  # fmt: skip
OTHER_NAME = dict(
    pair
    for one, other in (
        ("min", "max"), ("minimum", "maximum"), ("argmin", "argmax"), ("nanargmin", "nanargmax"),
        ("floor", "ceil"), ("any", "all"), ("some", "every"), ("amin", "amax"),
    )
    for pair in ((one, other), (other, one))
)  # fmt: skip
# Their arguments may change places.
SYMMETRIC = {"min", "max", "minimum", "maximum", "hypot", "add", "multiply", "logical_and", "logical_or"}
VALUES = {"True": "False", "False": "True", "true": "false", "false": "true"}


def text(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode()


def signs(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """Another operator of arithmetic, comparison or logic."""
    if node.type not in grammar.operations:
        return
    for sign in node.children:
        joins = sign.type in {"+", "+="} and _is_text(node, grammar)
        if not sign.is_named and not joins:
            yield from ((sign.start_byte, sign.end_byte, new) for new in OTHER_SIGN.get(sign.type, ()))


def _is_text(node: Node, grammar: Grammar) -> bool:
    return node.type in grammar.strings or (
        node.type in grammar.operations and any(_is_text(child, grammar) for child in node.children)
    )


def numbers(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """A whole number one up, one down or doubled; another number doubled or halved."""
    if node.type not in grammar.numbers or text(node)[-1] in "jn":
        return
    word = text(node)
    if word.lower().startswith("0x") or word.isdigit():
        value = int(word, 0)
        news = {str(value + 1), str(value - 1), str(2 * value)} - {str(value)}
    else:
        news = {repr(2 * float(word)), repr(float(word) / 2)} if float(word) else {"1.0"}
    yield from ((node.start_byte, node.end_byte, new) for new in sorted(news))


def values(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """The other truth value, and min for max."""
    if text(node) in VALUES and node.child_count == 0:
        yield node.start_byte, node.end_byte, VALUES[text(node)]
    if node.type in grammar.calls and (name := called(node)) and text(name) in OTHER_NAME:
        yield name.start_byte, name.end_byte, OTHER_NAME[text(name)]


def called(node: Node) -> Node | None:
    """The last name of what a call calls."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    for field in ("attribute", "property"):
        if function and (last := function.child_by_field_name(field)):
            return last
    return function


def negations(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """A dropped `not` or minus, and a condition turned into its opposite."""
    argument = node.child_by_field_name("argument")
    if node.type in grammar.negations and argument and node.children[0].type in {"not", "!", "-"}:
        yield node.start_byte, node.end_byte, text(argument)
    condition = node.child_by_field_name("condition")
    if node.type == "conditional_expression":
        condition = node.named_children[1]
    if node.type == "if_clause":
        condition = node.named_children[0]
    if condition and condition.type == "parenthesized_expression":
        condition = condition.named_children[0]
    if condition and condition.is_named and condition.type not in grammar.decided:
        yield condition.start_byte, condition.end_byte, grammar.opposite.format(text(condition))


def arguments(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """Two arguments in each other's place; a named one left out."""
    parent = node.parent
    if node.type == grammar.arguments and parent and parent.type in grammar.calls:
        name = called(parent)
        if not (name and text(name) in SYMMETRIC):
            yield from _swaps([c for c in node.named_children if c.type not in _NAMED | {"comment"}])
        yield from _drops([c for c in node.named_children if c.type == "keyword_argument"])
    if node.type == "object" and parent and parent.type == "arguments":
        yield from _drops([c for c in node.named_children if c.type in {"pair", "method_definition"}])


_NAMED = {"keyword_argument", "list_splat", "dictionary_splat", "spread_element"}


def returned(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """Two results in each other's place."""
    if node.type == "return_statement" and node.named_child_count:
        result = node.named_children[0]
        if result.type in {"expression_list", "tuple", "array"}:
            yield from _swaps(result.named_children)


def _swaps(nodes: list[Node]) -> Iterator[Piece]:
    for one, other in pairwise(nodes):
        source = one.parent and one.parent.text
        if source and one.parent and one.text != other.text and _sort(one) == _sort(other):
            start = one.parent.start_byte
            between = source[one.end_byte - start : other.start_byte - start].decode()
            yield one.start_byte, other.end_byte, text(other) + between + text(one)


def _sort(node: Node) -> str:
    """Text, a table, a list or a function, where that can be seen: one in another's place only breaks."""
    sorts = ("string", "object", "dictionary", "array", "list", "function", "lambda", "regex")
    return next((sort for sort in sorts if sort in node.type), "")


def _drops(nodes: list[Node]) -> Iterator[Piece]:
    for node in nodes:
        # Which is what zip does anyway; it is written for those who read.
        if text(node) == "strict=False":
            continue
        before, after = node.prev_sibling, node.next_sibling
        if after and after.type == ",":
            yield node.start_byte, after.end_byte, ""
        elif before and before.type == ",":
            yield before.start_byte, node.end_byte, ""
        else:
            yield node.start_byte, node.end_byte, ""


def ends(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """A slice that begins or ends one later or earlier; numbers in it are changed as numbers."""
    limits: list[Node] = []
    if node.type == "slice":
        limits = node.named_children
    elif node.type == grammar.arguments and node.parent and (name := called(node.parent)):
        limits = node.named_children if text(name) == "slice" else []
    for limit in limits:
        if limit.type not in grammar.numbers | grammar.negations:
            yield limit.start_byte, limit.end_byte, f"({text(limit)}) - 1"
            yield limit.start_byte, limit.end_byte, f"({text(limit)}) + 1"


_EFFECTS = {"call", "call_expression", "augmented_assignment", "augmented_assignment_expression", "await",
            "await_expression", "yield", "update_expression"}  # fmt: skip
_PLACES = {"attribute", "subscript", "member_expression", "subscript_expression"}
_JUMPS = {"raise_statement", "throw_statement", "break_statement", "continue_statement"}


def removals(node: Node, grammar: Grammar) -> Iterator[Piece]:
    """A statement with an effect that is gone; of the returns, those that a condition guards."""
    gone = node.type in _JUMPS or (node.type == "return_statement" and _is_guarded(node))
    if node.type == "expression_statement":
        (does, *_) = node.named_children
        left = does.child_by_field_name("left")
        gone = does.type in _EFFECTS or bool("assignment" in does.type and left and left.type in _PLACES)
    if gone:
        yield node.start_byte, node.end_byte, grammar.nothing


def _is_guarded(node: Node) -> bool:
    above = node.parent
    if above and above.type in {"block", "statement_block"}:
        above = above.parent
    return bool(above and above.type == "if_statement")


OPERATORS: dict[str, Operator] = {
    "sign": signs,
    "number": numbers,
    "value": values,
    "negation": negations,
    "argument": arguments,
    "result": returned,
    "slice": ends,
    "removal": removals,
}
