"""What all widgets share, without a browser: their state, their static form, their linker, their colours."""

import json
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from traitlets import TraitError

from nmn.figures import style
from nmn.widgets.kit import link
from nmn.widgets.landscape import Landscape
from nmn.widgets.territories import Territories
from tests.widgets.examples import KINDS, LIBRARY, example
from tests.widgets.node import Reader, node


def test_the_browser_has_the_colours_of_the_figures():
    palette, shades = node(
        "landscape", "(n) => n ? Array.from({length: n}, (_, k) => viridis(k / (n - 1))) : PALETTE", [0, 101]
    )
    (both,) = node(
        "landscape", "(n) => Array.from({length: n}, (_, k) => diverging((2 * k) / (n - 1) - 1))", [101]
    )
    assert palette == list(style.PALETTE)
    for shown, name in ((shades, style.SEQUENTIAL), (both, style.DIVERGING)):
        true = 255 * mpl.colormaps[name](np.linspace(0, 1, 101))[:, :3]
        assert np.max(np.abs(np.array(shown) - true)) < 3


def test_a_frontend_cannot_set_what_python_would_refuse():
    widget = Landscape()
    widget.set_state({"w": [-1.0, 2.0]})
    assert widget.w == [-1.0, 2.0]
    with pytest.raises(TraitError):
        widget.set_state({"w": [99, 0]})


def test_tuples_arrays_and_whole_numbers_are_places():
    for value in ((1, -2), np.array([1.0, -2.0]), [1, -2]):
        assert Landscape(w=value).w == [1.0, -2.0]
    assert Territories(points=np.eye(2)).points == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("name", KINDS)
def test_the_static_form_carries_the_state_and_a_picture_in_words(name):
    made, widget = LIBRARY[name], example(name, hint='Try "this" & <that>')
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    (_, place), (tag, image), *_ = Reader(data["text/html"]).tags
    assert place["data-nmn-widget"] == name
    assert json.loads(place["data-nmn-props"]) == widget.state()
    assert set(widget.state()) == {k for k in made.class_trait_names(sync=True) if k in vars(made)} | {"hint"}
    assert tag == "img" and len(image["alt"]) > 60 and int(image["width"]) > 300
    assert image["src"].startswith("data:image/webp;base64,")
    assert "://" not in data["text/html"] and len(data["text/html"]) < 30_000
    # Nothing that differs from run to run may reach a page.
    assert data["text/html"] == example(name, hint='Try "this" & <that>').static_html()
    assert re.fullmatch(rf"{made.__name__}\(.*\)", data["text/plain"]) and len(data["text/plain"]) < 120


def test_every_module_has_a_class_and_stands_alone():
    folders = {path.parent.name for path in link.KIT.parent.glob("*/__init__.py")}
    assert folders - {"kit"} == set(link.names())
    for name in link.names():
        module = link.esm(name)
        assert not re.search(r"^import\b", module, re.MULTILINE)
        assert module.count("export default { render }") == 1
    # And carries only what it needs.
    assert "function tone(" in link.esm("ringsignal") and "function tone(" not in link.esm("landscape")
    with pytest.raises(ValueError, match="got 'kit'"):
        link.esm("kit")


@pytest.mark.parametrize("name", LIBRARY)
def test_every_widget_has_its_tests(name):
    here = Path(__file__).parents[1]
    for folder in ("widgets", "site/widgets"):
        assert (here / folder / f"test_{name}.py").is_file()


def test_a_part_of_the_kit_stands_after_what_it_needs(tmp_path, monkeypatch):
    for part, source in {"a": "b", "b": "c", "c": ""}.items():
        lines = f'import {{ {source} }} from "./{source}.js";\n' if source else ""
        (tmp_path / f"{part}.js").write_text(lines, "utf8")
    monkeypatch.setattr(link, "KIT", tmp_path)
    assert link.needed('import { a } from "../kit/a.js";\n') == ("c", "b", "a")
    (tmp_path / "c.js").write_text('import { a } from "./a.js";\n', "utf8")
    with pytest.raises(ValueError, match=r"a\.js must not import itself"):
        link.needed('import { a } from "../kit/a.js";\n')


def test_the_bundle_calls_nobody_and_holds_each_file_once():
    bundle = link.bundle()
    for banned in ("http", "eval(", "import(", "new Function", "fetch("):
        assert banned not in bundle
    for name in link.names():
        assert bundle.count(f'nmnWidgets.register("{name}"') == 1
    assert bundle.count("function onTheme(") == 1
    assert not re.search(r"^\s*(import|export)\b", bundle, re.MULTILINE)
    assert "url(" not in link.stylesheet() and "@import" not in link.stylesheet()


def test_a_module_becomes_a_function_that_gives_its_exports():
    named = (
        'import { c, d } from "./kit.js";\nexport const a = 1;\nexport async function b() {}\nconst e = 2;\n'
    )
    assert link.as_function(named) == (
        "(() => {\nconst { c, d } = shared.kit;\nconst a = 1;\nasync function b() {}\nconst e = 2;\n"
        "return { a, b };\n})"
    )
    # Who has a default export gives that alone, and who has none nothing.
    assert link.as_function("export const a = 1;\nexport default { a };\n") == (
        "(() => {\nconst a = 1;\nreturn { a };\n})"
    )
    assert link.as_function("const a = 1;\n") == "(() => {\nconst a = 1;\n})"


def test_the_linker_refuses_what_it_cannot_join():
    for odd in ("export { a };\n", 'import * as kit from "./kit.js";\n', "export class A {}\n"):
        with pytest.raises(ValueError, match="got"):
            link.as_function(odd)
