"""The two languages that are changed: their parsers, and which kinds of node stand for what."""

from dataclasses import dataclass
from pathlib import PurePosixPath

import tree_sitter_javascript
import tree_sitter_python
from tree_sitter import Language, Parser


@dataclass(frozen=True)
class Grammar:
    """Names of tree-sitter's nodes, and the words that the changes need."""

    language: Language
    # Nothing inside these is changed: types, messages, what is imported.
    skipped: frozenset[str]
    strings: frozenset[str]
    numbers: frozenset[str]
    operations: frozenset[str]
    negations: frozenset[str]
    arguments: str
    calls: frozenset[str]
    # A condition of these kinds has an operator of its own to change.
    decided: frozenset[str]
    opposite: str
    nothing: str

    def parser(self) -> Parser:
        """A parser of the language."""
        return Parser(self.language)


PYTHON = Grammar(
    language=Language(tree_sitter_python.language()),
    skipped=frozenset(
        {
            "type",
            "import_statement",
            "import_from_statement",
            "future_import_statement",
            "format_specifier",
            "comment",
        }
    ),
    strings=frozenset({"string", "concatenated_string"}),
    numbers=frozenset({"integer", "float"}),
    operations=frozenset(
        {"binary_operator", "boolean_operator", "comparison_operator", "augmented_assignment"}
    ),
    negations=frozenset({"not_operator", "unary_operator"}),
    arguments="argument_list",
    calls=frozenset({"call"}),
    decided=frozenset({"comparison_operator", "boolean_operator", "not_operator"}),
    opposite="not ({})",
    nothing="pass",
)

JAVASCRIPT = Grammar(
    language=Language(tree_sitter_javascript.language()),
    skipped=frozenset({"import_statement", "comment", "regex"}),
    strings=frozenset({"string", "template_string"}),
    numbers=frozenset({"number"}),
    operations=frozenset({"binary_expression", "augmented_assignment_expression", "update_expression"}),
    negations=frozenset({"unary_expression"}),
    arguments="arguments",
    calls=frozenset({"call_expression", "new_expression"}),
    decided=frozenset({"binary_expression", "unary_expression"}),
    opposite="!({})",
    nothing=";",
)

BY_SUFFIX = {".py": PYTHON, ".js": JAVASCRIPT}


def grammar_of(file: str) -> Grammar:
    """The language of a file, by the end of its name."""
    return BY_SUFFIX[PurePosixPath(file).suffix]
