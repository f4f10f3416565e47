"""The claims ledger in the book: the whole of it on one page, its own rows in each chapter.

Directives: `claims-ledger` shows every claim, with a filter; `claims` the rows named in its
argument, or with `:chapter:` the rows that the page settles; `claims-count` how many claims
have which verdict.
"""

import hashlib
from pathlib import Path
from typing import Any, ClassVar, cast

import claim_evidence
import claim_rows
import ledger_table
from claim_rows import Claim
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)


class LedgerDirective(SphinxDirective):
    """What the directives share: the rows, and MyST inside them."""

    def claims(self) -> list[Claim]:
        """The rows of `book/claims/`; the page is read again when they change."""
        book = Path(self.env.srcdir, "book")
        files = claim_rows.files(book)
        for path in files:
            self.env.note_dependency(str(path))
        self.env.metadata[self.env.docname]["ledger"] = [path.name for path in files]
        try:
            return claim_rows.load(book)
        except ValueError as error:
            raise self.error(str(error)) from error

    def parse(self, text: str) -> list[nodes.Node]:
        """The nodes of a piece of MyST, so that mathematics in a row is mathematics on the page."""
        parent = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), "book/claims"), self.content_offset, parent)
        return parent.children

    def table(self, caption: str, claims: list[Claim], *, anchors: bool) -> nodes.Node:
        """A table of claims; where it holds the anchors, other pages link to its rows."""
        name = self._here if anchors else self._there
        rows = [ledger_table.row(claim, self.parse, name, anchor=anchors) for claim in claims]
        return ledger_table.table(caption, rows)

    def _here(self, name: str) -> nodes.Node:
        target = f"claim-{name}"
        _standard(self.env).anonlabels[target] = (self.env.docname, target)
        return nodes.reference("", "", nodes.literal("", name), internal=True, refid=target)

    def _there(self, name: str) -> nodes.Node:
        return _reference("std:ref", f"claim-{name}", nodes.literal("", name))


class Ledger(LedgerDirective):
    """Every claim of the sources, on one page."""

    def run(self) -> list[nodes.Node]:
        claims = self.claims()
        table = self.table("Every claim of the five sources", claims, anchors=True)
        count = ledger_table.count_list(claims)
        return [ledger_table.element("div", count, ledger_table.filter_form(), table, class_="ledger")]


class Claims(LedgerDirective):
    """Some claims: those named, or those that this page settles."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"chapter": directives.flag}

    def run(self) -> list[nodes.Node]:
        claims = self.claims()
        names = " ".join(self.arguments).split()
        if "chapter" in self.options or names == [":chapter:"]:
            here = claim_evidence.labels(Path(self.env.doc2path(self.env.docname)).read_text("utf-8"))
            chosen = [claim for claim in claims if claim.label in here]
        else:
            chosen = [claim for claim in claims if claim.id in names]
            if unknown := sorted(set(names) - {claim.id for claim in claims}):
                raise self.error(f"claims: no row {', '.join(unknown)} in book/claims")
        if not chosen:
            logger.warning("claims: no row of the ledger is settled here", location=self.get_location())
            return []
        table = self.table("Claims of the sources settled on this page", chosen, anchors=False)
        return [ledger_table.element("div", table, class_="ledger")]


class ClaimsCount(LedgerDirective):
    """The number of claims of each verdict."""

    def run(self) -> list[nodes.Node]:
        return [ledger_table.element("div", ledger_table.count_list(self.claims()), class_="ledger")]


def _standard(env: BuildEnvironment) -> StandardDomain:
    return cast(StandardDomain, env.get_domain("std"))


def _reference(kind: str, target: str, shown: nodes.Node) -> addnodes.pending_xref:
    domain, role = kind.split(":")
    return addnodes.pending_xref(
        "", shown, refdomain=domain, reftype=role, reftarget=target, refexplicit=True
    )


class SupportLinks(SphinxPostTransform):
    """Turn the label of each settled claim into a link that shows the name of its place."""

    default_priority = 8  # before the references are resolved

    def run(self, **_: Any) -> None:
        for node in list(self.document.findall(ledger_table.support)):
            node.replace_self(self._link(node["label"]))

    def _link(self, label: str) -> list[nodes.Node]:
        proofs, std = getattr(self.env, "proof_list", {}), _standard(self.env)
        here, shown = self.env.docname, nodes.literal("", label)
        if label in proofs:  # shown as "Theorem 1"
            return [_reference("prf:ref", label, shown), *self._chapter(proofs[label]["docname"])]
        if label in cast(MathDomain, self.env.get_domain("math")).equations:
            return [_reference("math:eq", label, shown)]
        home, _, title = std.labels.get(label, (here, "", ""))
        if not title:
            home, title = std.anonlabels.get(label, (here,))[0], "the text"
        return [_reference("std:ref", label, nodes.inline("", title)), *self._chapter(home)]

    def _chapter(self, home: str) -> list[nodes.Node]:
        if home == self.env.docname:
            return []
        return [nodes.Text(f" in “{self.env.titles[home].astext()}”")]


def _names(env: BuildEnvironment) -> str:
    """All that the link to a label may show: names, numbers and titles, in every chapter."""
    std, math = _standard(env), cast(MathDomain, env.get_domain("math"))
    proofs = {label: proof["docname"] for label, proof in getattr(env, "proof_list", {}).items()}
    titles = {page: title.astext() for page, title in env.titles.items()}
    numbers = env.toc_secnumbers, env.toc_fignumbers, math.equations
    shown = (sorted(found.items()) for found in (std.labels, std.anonlabels, proofs, titles, *numbers))
    return hashlib.sha256(repr([*shown]).encode()).hexdigest()


def _with_ledger(_: Sphinx, env: BuildEnvironment) -> list[str]:
    # Names and numbers may have changed in any chapter that was read: then every table is written again.
    known, env.ledger_names = getattr(env, "ledger_names", ""), _names(env)  # type: ignore[attr-defined]
    if known == env.ledger_names:  # type: ignore[attr-defined]
        return []
    return [page for page, metadata in env.metadata.items() if "ledger" in metadata]


def _assets(app: Sphinx, page: str, _template: str, _context: dict[str, Any], doctree: Any) -> None:
    if doctree is None or not any(doctree.findall(ledger_table.tag)):
        return
    app.add_css_file("ledger.css")
    if any(node["name"] == "form" for node in doctree.findall(ledger_table.tag)):
        app.add_js_file("ledger.js", loading_method="defer")


def _with_other_files(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages that saw fewer files of rows than there are now: these are nobody's dependencies yet."""
    files = [path.name for path in claim_rows.files(Path(env.srcdir, "book"))]
    return [page for page, known in env.metadata.items() if known.get("ledger", files) != files]


def setup(app: Sphinx) -> dict[str, Any]:
    ledger_table.register(app)
    app.add_directive("claims-ledger", Ledger)
    app.add_directive("claims", Claims)
    app.add_directive("claims-count", ClaimsCount)
    app.add_post_transform(SupportLinks)
    app.connect("env-get-outdated", _with_other_files)
    # Sphinx's own listeners are before it: every name and number is known.
    app.connect("env-get-updated", _with_ledger)
    app.connect("html-page-context", _assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
