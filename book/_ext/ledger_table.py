"""The claims as a table: plain HTML elements that a screen reader, a phone and a filter can use."""

from collections.abc import Callable, Sequence

from claim_rows import SEEDS, VERDICTS, Claim, counts
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

Parse = Callable[[str], list[nodes.Node]]
Name = Callable[[str], nodes.Node]


class tag(nodes.General, nodes.TextElement):  # noqa: N801 - docutils names its nodes in lower case
    """One HTML element: `name` and `attributes` are written as they stand."""


class support(nodes.General, nodes.Element):  # noqa: N801
    """Placeholder for the link from a claim to the `label` that settles it."""


def element(name: str, /, *children: nodes.Node | str, **attributes: str) -> tag:
    """An HTML element; an attribute is named in Python's way (`class_`, `data_seed`)."""
    written = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    node = tag(name=name, attributes=written, ids=[written.pop("id")] if "id" in written else [])
    node += [nodes.Text(child) if isinstance(child, str) else child for child in children]
    return node


def badge(verdict: str) -> tag:
    """A verdict in words, with a sign beside it that is silent in a screen reader."""
    sign = element("span", VERDICTS[verdict], aria_hidden="true", class_="verdict-sign")
    return element("span", sign, " ", verdict, class_=f"verdict verdict-{verdict}")


def count_list(claims: Sequence[Claim]) -> tag:
    """The number of claims of each verdict."""
    items = [element("li", badge(name), f" {count}") for name, count in counts(claims).items()]
    items.append(element("li", f"{len(claims)} claims in all"))
    return element("ul", *items, class_="ledger-counts")


def _options(every: str, names: dict[str, str]) -> list[tag]:
    options = [element("option", text, value=value) for value, text in names.items()]
    return [element("option", every, value=""), *options]


def filter_form() -> tag:
    """Three labelled controls; hidden until the script that answers to them is there."""
    seeds = _options("every source", {seed: f"{seed}: {title}" for seed, title in SEEDS.items()})
    verdicts = _options("every verdict", {verdict: verdict for verdict in VERDICTS})
    return element(
        "form",
        element("label", "Source ", element("select", *seeds, name="seed")),
        element("label", "Verdict ", element("select", *verdicts, name="verdict")),
        element("label", "Text ", element("input", name="text", type="search", autocomplete="off")),
        element("output", role="status"),
        class_="ledger-filter",
        role="search",
        aria_label="Filter the claims",
        hidden="hidden",
    )


def _where(claim: Claim) -> str:
    places: dict[str, list[str]] = {}
    for seed, where in claim.sources:
        places.setdefault(where, []).append(seed)
    return "; ".join(f"source {' and '.join(seeds)}, {where}" for where, seeds in places.items())


def _claim_cell(claim: Claim, parse: Parse, name: Name) -> tag:
    parts: list[nodes.Node] = [element("div", *parse(claim.claim), class_="ledger-claim")]
    if claim.statement:
        title = "Found" if claim.verdict == "measured" else "What holds"
        heading = element("strong", f"{title}:", class_="ledger-lead")
        parts.append(element("div", heading, *parse(claim.statement), class_="ledger-statement"))
    parts.append(element("div", name(claim.id), f" · {_where(claim)}", class_="ledger-source"))
    if claim.repeats:
        links = [part for other in claim.repeats for part in (", ", name(other))]
        parts.append(element("div", "Stands and falls with ", *links[1:], class_="ledger-source"))
    return element("td", *parts, role="cell")


def _support_cell(claim: Claim) -> tag:
    if not claim.label:
        return element("td", "not settled yet", role="cell", class_="ledger-support")
    lines = element("div", support(label=claim.label)), element("div", element("code", claim.test))
    return element("td", *lines, role="cell", class_="ledger-support")


def row(claim: Claim, parse: Parse, name: Name, *, anchor: bool) -> tag:
    """One claim: what is claimed and what holds, the verdict, and what supports it; `name` links to a row."""
    attributes = {"id": f"claim-{claim.id}"} if anchor else {}
    return element(
        "tr",
        _claim_cell(claim, parse, name),
        element("td", badge(claim.verdict), role="cell"),
        _support_cell(claim),
        role="row",
        data_seeds=" ".join(seed for seed, _ in claim.sources),
        data_verdict=claim.verdict,
        **attributes,
    )


def table(caption: str, rows: Sequence[tag]) -> tag:
    """The table around the rows. Roles are spelled out: a phone shows it as cards, and keeps them."""
    names = ("Claim", "Verdict", "Support")
    heads = [element("th", name, scope="col", role="columnheader") for name in names]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        class_="ledger-table",
        role="table",
    )


def _visit(translator: HTML5Translator, node: nodes.Element) -> None:
    opened = translator.starttag(node, node["name"], "", **node["attributes"])
    translator.body.append(opened)


def _depart(translator: HTML5Translator, node: nodes.Element) -> None:
    if node["name"] != "input":
        translator.body.append(f"</{node['name']}>")


def register(app: Sphinx) -> None:
    """Tell Sphinx how the elements are written. The book is published as HTML only."""
    app.add_node(tag, html=(_visit, _depart))
